// Settings that are read again at a SIGHUP.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFile, rm } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import tls from 'node:tls';

import ServerSdk from 'pusher';

import { Authority } from '../lib/certificates.mjs';
import { eventually, within } from '../lib/deadline.mjs';
import { ask as askMetrics } from './lib/metrics.mjs';
import { Receiver } from './lib/receiver.mjs';
import { Reloadable } from './lib/reloadable.mjs';

const first = { id: '1', key: 'first-key', secret: 'first-secret' };
const second = { id: '2', key: 'second-key', secret: 'second-secret' };

const table = ({ id, key, secret }, further = '') =>
  `[[apps]]\nid = "${id}"\nkey = "${key}"\nsecret = "${secret}"\n${further}\n`;

describe('SIGHUP', () => {
  let reloadable;
  let server;

  before(async () => {
    reloadable = await Reloadable.start(table(first), { 'chat.enabled': false });
    ({ server } = reloadable);
  });
  after(() => reloadable?.stop());

  const configure = (settings, apps) => reloadable.configure(`${settings}\n${apps}`);
  const reload = () => reloadable.reload();
  const connect = ({ key }) => reloadable.connect({ key });

  const sdk = ({ id, key, secret }) =>
    new ServerSdk({ appId: id, key, secret, host: '127.0.0.1', port: server.port, useTLS: false });

  /** The status of a publish of `bytes` bytes. */
  const publish = (app, bytes) =>
    sdk(app)
      .trigger('news', 'e', 'x'.repeat(bytes))
      .then(
        ({ status }) => status,
        ({ status }) => status,
      );

  it('brings new apps and limits into force, and leaves connections alone', async () => {
    const socket = await connect(first);
    assert.equal(await publish(first, 100), 200);
    assert.equal(await publish(second, 100), 404);
    await configure('[limits]\nmax_channel_name_length = 50', table(first, 'max_event_payload = 10') + table(second));
    const logged = await reload();
    assert.deepEqual(
      logged.filter(({ event }) => event === 'setting_changed').map(({ setting, from, to }) => [setting, from, to]),
      [['limits.max_channel_name_length', '200', '50']],
    );
    await eventually(
      () => publish(second, 100),
      (status) => status === 200,
      'the second app',
    );
    assert.equal(await publish(first, 10), 200);
    assert.equal(await publish(first, 11), 413);
    socket.send({ event: 'pusher:subscribe', data: { channel: 'x'.repeat(51) } });
    for (const event of ['pusher:subscription_error', 'pusher:error']) {
      const refused = await socket.next();
      assert.equal(refused.event, event);
      assert.match(JSON.stringify(refused.data), /max_channel_name_length/);
    }
    socket.send({ event: 'pusher:ping', data: {} });
    assert.equal((await socket.next()).event, 'pusher:pong');
    socket.transport.terminate();
  });

  it('changes nothing when something is wrong, and says what', async () => {
    await configure('[limits]\nmax_event_paylod = 5', table(first));
    const logged = await reload();
    assert.match(
      logged.find(({ event }) => event === 'reload_refused').reason,
      /parley\.toml:\d+.*max_event_paylod.*max_event_payload/,
    );
    assert.equal(await publish(second, 100), 200);
  });

  it('changes nothing when the file that it began with is gone', async () => {
    await rm(reloadable.file);
    const logged = await reload();
    assert.match(logged.find(({ event }) => event === 'reload_refused').reason, /parley\.toml/);
    assert.equal(await publish(second, 100), 200);
  });

  it('tells which settings need a restart', async () => {
    await configure('workers = 7\n[log]\nlevel = "debug"', table(first) + table(second));
    const logged = await reload();
    const changes = logged.filter(({ event }) => event.startsWith('setting_') && event !== 'setting');
    assert.deepEqual(
      changes.map(({ event, setting, to }) => [event, setting, to]).sort(),
      [
        ['setting_changed', 'limits.max_channel_name_length', '200'],
        ['setting_changed', 'log.level', 'debug'],
      ].sort(),
      'workers stand on the command line, which wins',
    );
    await configure('apps_database = "others.db"\n[log]\nlevel = "info"', table(first) + table(second));
    for (const time of ['at once', 'and with each further reload']) {
      const { setting, from, to } = (await reload()).find(({ event }) => event === 'setting_needs_restart');
      assert.deepEqual([setting, from, to], ['apps_database', 'parley-apps.db', 'others.db'], time);
    }
  });

  it('closes the connections of an app that is gone, and has it back', async () => {
    const socket = await connect(second);
    await configure('', table(first));
    await reload();
    assert.equal((await socket.end).code, 4001);
    await eventually(
      () => publish(second, 1),
      (status) => status === 404,
      'end of the second app',
    );
    await configure('', table(first) + table(second));
    await reload();
    await eventually(
      () => publish(second, 1),
      (status) => status === 200,
      'return of the second app',
    );
    (await connect(second)).transport.terminate();
  });
});

describe('SIGHUP brings into force, for what is open as for what comes,', () => {
  let reloadable;
  let receiver;
  let hooks;
  let witness; // a connection that stays open over all reloads

  before(async () => {
    receiver = await Receiver.start();
    hooks = `[[app.webhooks]]\nurl = "http://127.0.0.1:${receiver.port}/hooks"\n`;
    const patient = '[limits]\nwebhook_batching_duration = 60000\n';
    reloadable = await Reloadable.start(patient + hooks, { 'limits.max_registrations_per_minute': -1 });
    witness = await reloadable.connect();
  });
  after(async () => {
    witness?.transport.terminate();
    await reloadable?.stop();
    receiver?.close();
  });

  /** Has the server take over the top level `settings` and `tables`; the witness keeps working. */
  async function take(settings, tables = '') {
    await reloadable.takeOver(`${settings}\n${tables}\n${hooks}`);
    await witness.expectAlive();
  }

  let people = 0;
  const register = () => {
    people += 1;
    const account = { name: `Person ${people}`, email: `p${people}@example.com`, password: 'correct horse' };
    return reloadable.ask('/api/auth/register', { method: 'POST', body: account });
  };

  it('limits of requests', async () => {
    const long = { 'X-Long': 'x'.repeat(1_000) };
    assert.equal((await reloadable.ask('/up', { headers: long })).status, 200);
    await take('', '[limits]\nmax_header_size = 500');
    assert.equal((await reloadable.ask('/up')).status, 200);
    assert.equal((await reloadable.ask('/up', { headers: long })).status, 431);
    await take('');
    assert.equal((await reloadable.ask('/up', { headers: long })).status, 200);
  });

  it('limits of messages', async () => {
    const ping = { event: 'pusher:ping', data: { a: { b: { c: 1 } } } };
    await take('', '[limits]\nmax_json_depth = 4');
    witness.send(ping);
    assert.equal((await witness.next()).event, 'pusher:pong');
    ping.data.a.b.c = { d: 1 };
    witness.send(ping);
    assert.match(await witness.expectError(null), /max_json_depth/);
    await take('');
    witness.send(ping);
    assert.equal((await witness.next()).event, 'pusher:pong');
  });

  it('proxies', async () => {
    const headers = { 'X-Forwarded-For': '203.0.113.1' };
    const peerOf = async (name) => {
      await reloadable.ask(`/apps/${name}/channels`, { headers });
      return (await reloadable.server.logged('refused', ({ request }) => request.includes(name))).peer;
    };
    assert.equal(await peerOf('nobody-1'), '127.0.0.1');
    await take('', '[proxy]\ntrusted = ["127.0.0.1"]');
    assert.equal(await peerOf('nobody-2'), '203.0.113.1');
    await take('');
    assert.equal(await peerOf('nobody-3'), '127.0.0.1');
  });

  it('what clients are told', async () => {
    const told = async () => {
      const socket = await reloadable.open({ key: 'nobody' });
      return socket.expectError(4001);
    };
    assert.doesNotMatch(await told(), /unknown_key/);
    await take('development = true');
    assert.match(await told(), /unknown_key/);
    await take('');
    assert.doesNotMatch(await told(), /unknown_key/);
  });

  it('the path', async () => {
    await take('path_prefix = "/behind"');
    (await reloadable.connect({ prefix: '/behind' })).transport.terminate();
    await assert.rejects(reloadable.open(), /404/);
    await take('');
    (await reloadable.connect()).transport.terminate();
  });

  it('compression', async () => {
    const extensionsOf = async () => {
      const socket = await reloadable.connect({ perMessageDeflate: true });
      await socket.expectAlive();
      socket.transport.terminate();
      return socket.transport.extensions;
    };
    assert.equal(await extensionsOf(), '');
    await take('deflate = true', '[limits]\ndeflate_threshold = 1');
    assert.match(await extensionsOf(), /permessage-deflate/);
    await take('');
    assert.equal(await extensionsOf(), '');
  });

  it('the code for whom there is no room', async () => {
    const toldInTheEnd = (code) =>
      eventually(
        async () => {
          const socket = await reloadable.open();
          const { event, data } = await socket.next();
          socket.transport.terminate();
          return event === 'pusher:error' ? data.code : undefined;
        },
        (told) => told === code,
        `code ${code}`,
      );
    for (const code of [4004, 4100]) {
      await take(`connection_limit_code = ${code}`, '[limits]\nmax_connections = 1');
      await toldInTheEnd(code);
    }
    await take('');
    await toldInTheEnd(undefined);
  });

  it('the web app and what it is told', async () => {
    assert.match((await reloadable.ask('/')).text, /<html/);
    await take('demo = true', '[money]\ncurrency = "EUR"');
    const { body } = await reloadable.ask('/web/config.json');
    assert.deepEqual([body.money.currency, body.demo === null], ['EUR', false]);
    await take('', '[web]\nenabled = false');
    assert.equal((await reloadable.ask('/')).text, 'OK');
    await take('');
    assert.match((await reloadable.ask('/')).text, /<html/);
  });

  it('who may register, and how often', async () => {
    assert.equal((await register()).status, 201);
    await take('', '[chat]\nregistration = "off"');
    assert.equal((await register()).status, 403);
    await take('');
    const { status, body } = await register();
    assert.equal(status, 201);
    const { token } = body;
    await take('', '[limits]\nmax_chat_requests_per_second = 1');
    await eventually(
      () => reloadable.ask('/api/user', { token }),
      (answer) => answer.status === 429,
      'limit of requests',
    );
    await take('');
    assert.equal((await reloadable.ask('/api/user', { token })).status, 200);
  });

  it('whose pages may use the API', async () => {
    const headers = { Origin: 'https://chat.example' };
    const allowed = async (method) => {
      const answer = await reloadable.ask('/api/user', { method, headers });
      return answer.headers.get('access-control-allow-origin');
    };
    assert.equal(await allowed('GET'), null);
    await take('', '[chat]\nallowed_origins = ["https://chat.example"]');
    assert.deepEqual([await allowed('GET'), await allowed('OPTIONS')], [headers.Origin, headers.Origin]);
    await take('');
    assert.deepEqual([await allowed('GET'), await allowed('OPTIONS')], [null, null]);
  });

  it('contracts and sockets of users', async () => {
    const [ann, bo] = [(await register()).body, (await register()).body];
    const post = (path, body) => reloadable.ask(path, { method: 'POST', token: ann.token, body });
    const { body: conversation } = await post('/api/chat/conversations', { type: 'direct', user_id: bo.user.id });
    const channel = `private-chat.${conversation.company_id}.conversation.${conversation.id}`;
    const authorise = ({ socketId }, name) => post('/broadcasting/auth', { socket_id: socketId, channel_name: name });
    const say = (text) => post(`/api/chat/conversations/${conversation.id}/messages`, { body: text });
    const listen = async (name) => {
      const socket = await reloadable.connect();
      await socket.subscribe(name, (await authorise(socket, name)).body);
      return socket;
    };
    const hears = async (socket, text) => {
      for (;;) {
        const { event, data } = await socket.next();
        if (data.includes(text)) return event;
      }
    };
    const ofConversation = await listen(channel);
    const ofUser = await listen(`private-user.${ann.user.id}`);

    await say('first');
    assert.equal(await hears(ofConversation, 'first'), 'message.sent');
    await take('', '[chat]\ncontracts = ["user", "platform"]');
    await say('second');
    await hears(ofUser, 'second');
    await take('');
    await say('third');
    assert.match((await ofConversation.next()).data, /third/, 'it never heard of the second');

    const further = await reloadable.connect();
    await take('', '[limits]\nmax_sockets_per_user = 1');
    assert.equal((await authorise(further, channel)).body.code, 'too_many_sockets');
    await take('');
    assert.equal((await authorise(further, channel)).status, 200);
    for (const socket of [ofConversation, ofUser, further]) socket.transport.terminate();
  });

  it('nothing for a request that has begun: it is answered', async () => {
    const { token } = (await register()).body;
    const headers = {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'multipart/form-data; boundary=edge',
      'Transfer-Encoding': 'chunked',
    };
    const { port } = reloadable.server;
    const request = http.request({ host: '127.0.0.1', port, method: 'POST', path: '/api/chat/attachments', headers });
    const answered = once(request, 'response');
    const send = (text) => new Promise((done) => request.write(text, done));
    await send('--edge\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n');
    await take('demo = true');
    await send('content');
    await take('', '[web]\nenabled = false');
    request.end('\r\n--edge--\r\n');
    const [response] = await within(answered, 'answer to the upload');
    response.resume();
    assert.equal(response.statusCode, 201);
    await take('');
  });

  it('how webhooks are sent', async () => {
    await take('', '[limits]\nwebhook_batching_duration = 60000\nmax_webhook_batch = 1');
    await witness.subscribe('private-hook');
    await eventually(
      () => receiver.told('/hooks', 'private-hook'),
      (told) => told.length > 0,
      'webhook',
    );
  });

  it('the names of metrics', async () => {
    const { port } = await reloadable.server.logged('metrics_listening');
    await take('', '[metrics]\nprefix = "mine_"');
    const page = await askMetrics(port, '/metrics');
    assert.match(page.text, /^mine_connected/m);
    assert.doesNotMatch(page.text, /^soketi_/m);
  });

  it('nothing when a file that it names cannot be used', async () => {
    await take('');
    await reloadable.configure(`path_prefix = "/lost"\n[webhooks]\nca_file = "missing.pem"\n${hooks}`);
    const logged = await reloadable.reload();
    assert.match(logged.find(({ event }) => event === 'reload_refused').reason, /webhooks\.ca_file: 'missing\.pem'/);
    assert.ok(!logged.some(({ event }) => event === 'setting_changed'));
    (await reloadable.connect()).transport.terminate();
  });
});

describe('SIGHUP with TLS', () => {
  it('takes other files, if they can be used', async (context) => {
    const authority = await Authority.make();
    context.after(() => authority.remove());
    const document = (name) => {
      const place = join(authority.directory, name);
      return `[tls]\ncertificate = "${place}.pem"\nkey = "${place}.key"\n`;
    };
    await certifyAs(authority, 'before');
    const reloadable = await Reloadable.start(document('before'), { 'chat.enabled': false });
    context.after(() => reloadable.stop());
    const subject = async () => {
      const socket = tls.connect({ host: '127.0.0.1', port: reloadable.server.port, ca: authority.certificate });
      await within(new Promise((done) => socket.once('secureConnect', done)), 'TLS handshake');
      const { CN } = socket.getPeerCertificate().subject;
      socket.destroy();
      return CN;
    };
    assert.equal(await subject(), 'before');
    await reloadable.configure(document('missing'));
    const logged = await reloadable.reload();
    assert.match(logged.find(({ event }) => event === 'reload_refused').reason, /missing\.pem/);
    assert.equal(await subject(), 'before');
    await certifyAs(authority, 'after');
    await reloadable.takeOver(document('after'));
    assert.equal(await subject(), 'after');
    await reloadable.configure('');
    const changes = (await reloadable.reload()).filter(({ event }) => event === 'setting_needs_restart');
    assert.deepEqual(changes.map(({ setting }) => setting).sort(), ['tls.certificate', 'tls.key']);
    assert.equal(await subject(), 'after');
  });
});

/** Makes a certificate for `name` in files of that name beside the authority's. */
async function certifyAs(authority, name) {
  const made = await authority.certify(name);
  const place = (ending) => join(authority.directory, `${name}.${ending}`);
  await copyFile(made['tls.certificate'], place('pem'));
  await copyFile(made['tls.key'], place('key'));
}
