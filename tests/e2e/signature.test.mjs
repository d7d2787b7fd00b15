// Who may use the HTTP API (channels HTTP API, "Authentication").
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';

import { within } from '../lib/deadline.mjs';
import { app } from '../lib/server.mjs';
import { signedTarget } from '../lib/signing.mjs';
import { suite } from './lib/suite.mjs';
import { frame } from './lib/socket.mjs';

const channels = `/apps/${app.id}/channels`;
const events = `/apps/${app.id}/events`;
const now = () => Math.floor(Date.now() / 1000);

function refusal(answer, status) {
  assert.equal(answer.status, status, answer.text);
  assert.deepEqual(Object.keys(answer.body), ['error', 'code', 'reason']);
  assert.equal(answer.body.code, status);
  assert.ok(!answer.text.includes(app.secret), answer.text);
  return answer.body.error;
}

suite('a signature', {}, (test) => {
  for (const [title, parameters, sentence] of [
    ['no auth_key', { auth_key: undefined }, /auth_key/],
    ['no auth_timestamp', { auth_timestamp: undefined }, /auth_timestamp/],
    ['no auth_version', { auth_version: undefined }, /auth_version/],
    ['no auth_signature', { auth_signature: undefined }, /auth_signature/],
    ['an auth_version of 2.0', { auth_version: '2.0' }, /auth_version/],
    ['an auth_timestamp that is no number', { auth_timestamp: 'today' }, /auth_timestamp/],
    ['an auth_timestamp with a fraction', { auth_timestamp: `${now()}.5` }, /auth_timestamp/],
    ['an unknown key', { auth_key: 'other' }, /auth_key|key/],
    ['a wrong signature', { auth_signature: '0'.repeat(64) }, /signature/],
    ['a short signature', { auth_signature: '00' }, /signature/],
    ['an empty signature', { auth_signature: '' }, /signature/],
    ['a body_md5 of another body', { body_md5: 'd41d8cd98f00b204e9800998ecf8427f' }, /body_md5/],
  ]) {
    test(`is refused with 401 and a reason: ${title}`, async (scene) => {
      assert.match(refusal(await scene.api({ path: channels, parameters }), 401), sentence);
    });
  }

  test('made with another secret is refused, without the text that was compared', async (scene) => {
    const error = refusal(await scene.api({ path: channels, secret: 'other' }), 401);
    assert.ok(!error.includes(channels), error);
  });

  test('needs body_md5 where there is a body', async (scene) => {
    const body = '{"name":"e","channel":"c","data":"d"}';
    const answer = await scene.api({ method: 'POST', path: events, body, parameters: { body_md5: undefined } });
    assert.match(refusal(answer, 401), /body_md5/);
  });

  test('covers the body', async (scene) => {
    const body = '{"name":"e","channel":"c","data":"d"}';
    const target = signedTarget({ method: 'POST', path: events, body });
    const answer = await scene.request({ method: 'POST', target, body: body.replace('"d"', '"x"') });
    assert.match(refusal(answer, 401), /body_md5/);
  });

  test('covers the method and the path', async (scene) => {
    for (const [method, signed, path] of [
      ['GET', channels, `${channels}/x`],
      ['GET', `${channels}/x`, channels],
    ]) {
      assert.equal((await scene.api({ method, path, signedPath: signed })).status, 401);
    }
    const target = signedTarget({ method: 'POST', path: channels });
    assert.equal((await scene.request({ method: 'GET', target })).status, 401);
  });

  test('may be 600 seconds old or early, not more; the answer has both times', async (scene) => {
    for (const age of [590, -590]) {
      assert.equal((await scene.api({ path: channels, parameters: { auth_timestamp: now() - age } })).status, 200);
    }
    for (const age of [610, -610]) {
      const timestamp = now() - age;
      const error = refusal(await scene.api({ path: channels, parameters: { auth_timestamp: timestamp } }), 401);
      assert.ok(error.includes(String(timestamp)) && error.match(/\d{10}/g).length >= 2, error);
    }
  });

  test('may contain the MD5 of the empty body of a GET', async (scene) => {
    const parameters = { body_md5: 'd41d8cd98f00b204e9800998ecf8427e' };
    assert.equal((await scene.api({ path: channels, parameters })).status, 200);
  });

  for (const query of [
    'filter_by_prefix=presence-&info=user_count',
    'info=user_count%2Csubscription_count&filter_by_prefix=presence-',
    'info=user_count,subscription_count&filter_by_prefix=presence-',
    'Filter_By_Prefix=presence-',
    'filter%5Fby%5Fprefix=presence-',
    'filter_by_prefix=a+b',
    'filter_by_prefix=a%20b&&',
    'filter_by_prefix=%C3%A9',
    'zebra=&empty',
    'filter_by_prefix=a=b',
  ]) {
    test(`is over the decoded query: ${query}`, async (scene) => {
      assert.equal((await scene.api({ path: channels, query })).status, 200);
    });
  }

  for (const query of ['info=user_count&info=user_count', 'a=1&A=2', 'auth_version=1.0']) {
    test(`over a parameter given twice is refused with 400: ${query}`, async (scene) => {
      refusal(await scene.api({ path: channels, query }), 400);
    });
  }

  test('is over the path as it was sent, or decoded', async (scene) => {
    const plain = `${channels}/presence-a=b@c,d;e.f`;
    const escaped = `${channels}/presence-a%3Db%40c%2Cd%3Be.f`;
    for (const [path, signedPath] of [
      [plain, plain],
      [escaped, escaped],
      [escaped, plain],
    ]) {
      assert.equal((await scene.api({ path, signedPath })).status, 200, `${path} signed as ${signedPath}`);
    }
  });

  test('by the SDK fits every character of a channel name', async (scene) => {
    const channel = scene.name('presence-A_z=@,.;');
    const socket = await scene.connect();
    await socket.subscribe(channel, { user: { user_id: '1' } });
    await scene.sdk.trigger(channel, 'e', 'd');
    await socket.expect(frame('e', 'd', channel));
    const response = await scene.sdk.get({ path: `/channels/${channel}/users` });
    assert.deepEqual(await response.json(), { users: [{ id: '1' }] });
  });
});

suite('the HTTP API', {}, (test) => {
  test('does not know other apps, signed or not', async (scene) => {
    assert.match(refusal(await scene.api({ path: '/apps/other/channels' }), 404), /other/);
    refusal(await scene.request({ target: '/apps/other/channels' }), 404);
  });

  for (const [method, path, allowed] of [
    ['GET', events, /POST/],
    ['DELETE', events, /POST/],
    ['GET', `/apps/${app.id}/batch_events`, /POST/],
    ['POST', channels, /GET/],
    ['PUT', `${channels}/x/users`, /GET/],
  ]) {
    test(`answers ${method} ${path} with 405 and Allow`, async (scene) => {
      const answer = await scene.api({ method, path });
      refusal(answer, 405);
      assert.match(answer.headers.allow, allowed);
    });
  }

  for (const path of ['/nothing', `/apps/${app.id}`, `/apps/${app.id}/nothing`, `${channels}/x/nothing`, '/apps']) {
    test(`answers ${path} with 404`, async (scene) => {
      refusal(await scene.api({ path }), 404);
    });
  }

  test('takes a publish in the query of an empty POST', async (scene) => {
    const channel = scene.name();
    const socket = await scene.connect();
    await socket.subscribe(channel);
    for (const data of ['hello%20world', 'hello+world']) {
      const answer = await scene.api({
        method: 'POST',
        path: events,
        query: `name=foo&channel=${channel}&data=${data}`,
      });
      assert.deepEqual([answer.status, answer.text], [200, '{}']);
      await socket.expect(frame('foo', 'hello world', channel));
    }
  });

  test('takes JSON whatever Content-Type says', async (scene) => {
    const body = `{"name":"e","channel":"${scene.name()}","data":"d"}`;
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-8']) {
      const answer = await scene.api({ method: 'POST', path: events, body, headers: { 'Content-Type': type } });
      assert.equal(answer.status, 200);
    }
  });

  test('takes a body in chunks', async (scene) => {
    const body = `{"name":"e","channel":"${scene.name()}","data":"d"}`;
    const socket = net.connect(scene.server.port, '127.0.0.1');
    scene.atEnd(() => socket.destroy());
    socket.write(
      `POST ${signedTarget({ method: 'POST', path: events, body })} HTTP/1.1\r\nHost: x\r\n` +
        'Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    for (const half of [body.slice(0, 9), body.slice(9)]) socket.write(`${half.length.toString(16)}\r\n${half}\r\n`);
    socket.write('0\r\n\r\n');
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes;
    });
    await within(once(socket, 'end'), 'end of the answer');
    assert.match(text, /^HTTP\/1\.1 200 .*\r\n\r\n\{\}$/s);
  });

  test('lets a body wait for 100 Continue', async (scene) => {
    const body = `{"name":"e","channel":"${scene.name()}","data":"d"}`;
    const socket = net.connect(scene.server.port, '127.0.0.1');
    scene.atEnd(() => socket.destroy());
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes;
    });
    socket.write(
      `POST ${signedTarget({ method: 'POST', path: events, body })} HTTP/1.1\r\nHost: x\r\n` +
        `Connection: close\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    await within(once(socket, 'data'), '100 Continue');
    assert.match(text, /^HTTP\/1\.1 100 Continue\r\n\r\n/);
    socket.write(body);
    await within(once(socket, 'end'), 'end of the answer');
    assert.match(text, /HTTP\/1\.1 200 .*\r\n\r\n\{\}$/s);
  });

  test('says that the server lives and is ready', async (scene) => {
    for (const target of ['/live', '/ready']) {
      const answer = await scene.request({ target });
      assert.deepEqual([answer.status, answer.text], [200, 'OK']);
    }
  });
});

suite('a server that does not look at clocks', { settings: { 'limits.max_signature_age': 0 } }, (test) => {
  test('takes a signature of any time', async (scene) => {
    for (const timestamp of [1353088179, now() + 1_000_000]) {
      assert.equal((await scene.api({ path: channels, parameters: { auth_timestamp: timestamp } })).status, 200);
    }
  });
});
