// Opening a connection, refusals and transport rules (channels protocol, "Opening a connection"
// and "Error Codes").
import assert from 'node:assert/strict';

import { app } from '../lib/server.mjs';
import { once, suite } from './lib/suite.mjs';
import { frame } from './lib/socket.mjs';

/** Reads a refusal: pusher:error, then a close with the same code and sentence. */
async function expectRefused(socket, code) {
  const sentence = await socket.expectError(code);
  const end = await socket.closed();
  assert.equal(end.code, code);
  assert.ok(sentence.startsWith(end.reason) && end.reason !== '', `${sentence} / ${end.reason}`);
  return sentence;
}

suite('a connection', {}, (test) => {
  test('is greeted first, with a socket id and the activity timeout', async (scene) => {
    const socket = await scene.open();
    const text = await socket.nextText();
    assert.match(
      text,
      /^\{"event":"pusher:connection_established","data":"\{\\"socket_id\\":\\"\d+\.\d+\\",\\"activity_timeout\\":30\}"\}$/,
    );
  });

  test('has a socket id of its own', async (scene) => {
    const sockets = await scene.connectAll(30);
    assert.equal(new Set(sockets.map((socket) => socket.socketId)).size, 30);
  });

  for (const query of [
    '',
    '?protocol=4',
    '?protocol=5&client=java-client&version=2.4.0',
    '?protocol=6',
    '?protocol=7',
    '?protocol=',
    '?client=js&version=8.6.0&flash=false',
    '?protocol=7&unknown=1&unknown=2&empty=',
  ]) {
    test(`is accepted with the query "${query}"`, async (scene) => {
      const socket = await scene.open(`/app/${app.key}${query}`);
      assert.equal((await socket.greeting()).activity_timeout, 30);
    });
  }

  for (const [protocol, code] of [
    ['0', 4007],
    ['3', 4007],
    ['8', 4007],
    ['-1', 4007],
    ['99999999999999999999', 4007],
    ['seven', 4006],
    ['7.5', 4006],
    ['7x', 4006],
  ]) {
    test(`with protocol ${protocol} is refused with ${code}`, async (scene) => {
      await expectRefused(await scene.open(`/app/${app.key}?protocol=${protocol}`), code);
    });
  }

  test('to an unknown key is refused with 4001 after the upgrade', async (scene) => {
    const sentence = await expectRefused(await scene.open('/app/nope?protocol=7'), 4001);
    assert.equal(sentence, "No app has the key 'nope'.");
  });

  test('finds its app by the exact case of the key', async (scene) => {
    await expectRefused(await scene.open(`/app/${app.key.toUpperCase()}`), 4001);
  });

  test('may escape the key in the path', async (scene) => {
    await (await scene.open(`/app/${app.key.replace('-', '%2D')}`)).greeting();
  });

  test('refused for a very long key gets a reason that fits a close frame', async (scene) => {
    const socket = await scene.open(`/app/${encodeURIComponent('ключ'.repeat(60))}`);
    await expectRefused(socket, 4001);
    assert.ok(Buffer.byteLength((await socket.end).reason) <= 123);
  });

  for (const path of ['/app/', `/app/${app.key}/more`]) {
    test(`to ${path} is refused with 4005`, async (scene) => {
      await expectRefused(await scene.open(path), 4005);
    });
  }

  test('with several faults is told the first in the order of checks', async (scene) => {
    await expectRefused(await scene.open('/app/nope?protocol=3'), 4007);
  });

  for (const path of ['/nothing', '/app', `/pusher/app/${app.key}/1/abc/xhr_streaming`]) {
    test(`to ${path} is answered 404`, async (scene) => {
      await assert.rejects(scene.open(path), /Unexpected server response: 404/);
    });
  }

  test('without an upgrade is answered 426', async (scene) => {
    const answer = await scene.request({ target: `/app/${app.key}?protocol=7` });
    assert.equal(answer.status, 426);
    assert.match(answer.headers.upgrade, /websocket/i);
  });

  test('gets the first of the subprotocols that it offers', async (scene) => {
    const socket = await scene.open(undefined, { protocols: ['pusher-channels-protocol-7', 'other'] });
    assert.equal(socket.transport.protocol, 'pusher-channels-protocol-7');
  });

  test('may speak before it has read the greeting', async (scene) => {
    const socket = await scene.open();
    socket.send({ event: 'pusher:ping' });
    await socket.greeting();
    await socket.expect(frame('pusher:pong', '{}'));
  });

  test('may send a message in fragments', async (scene) => {
    const socket = await scene.connect();
    socket.transport.send('{"event":"pusher', { fin: false });
    socket.transport.send(':ping","da', { fin: false });
    socket.transport.send('ta":{}}');
    await socket.expect(frame('pusher:pong', '{}'));
  });

  test('is closed with 1003 for a binary message', async (scene) => {
    const socket = await scene.connect();
    socket.transport.send(Buffer.from('{"event":"pusher:ping"}'), { binary: true });
    assert.equal((await socket.closed()).code, 1003);
  });

  test('is closed with 1007 for text that is not UTF-8', async (scene) => {
    const socket = await scene.connect();
    socket.transport.send(Buffer.from([0x22, 0xff, 0x22]), { binary: false });
    assert.equal((await socket.closed()).code, 1007);
  });

  test('may send a message of exactly max_message_size', async (scene) => {
    const socket = await scene.connect();
    const rest = '{"event":"pusher:ping","data":""}'.length;
    socket.send(`{"event":"pusher:ping","data":"${'x'.repeat(262_144 - rest)}"}`);
    await socket.expect(frame('pusher:pong', '{}'));
  });

  test('is closed with 1009 for a message one byte larger', async (scene) => {
    const socket = await scene.connect();
    const rest = '{"event":"pusher:ping","data":""}'.length;
    socket.send(`{"event":"pusher:ping","data":"${'x'.repeat(262_145 - rest)}"}`);
    assert.equal((await socket.closed()).code, 1009);
  });

  test('that closes gets its code back', async (scene) => {
    const socket = await scene.connect();
    socket.transport.close(3456, 'enough');
    assert.equal((await socket.closed()).code, 3456);
  });
});

/** A greeted connection to a server that may still be counting one that has just ended. */
async function connectWhenAdmitted(scene) {
  for (;;) {
    const socket = await scene.open();
    const message = await socket.next();
    if (message.event === 'pusher:connection_established') return socket;
    assert.equal(message.data.code, 4100);
  }
}

suite('a server that is full', { settings: { 'limits.max_connections': 2 } }, (test) => {
  test('refuses with 4100, on which clients come back, and admits again when there is room', async (scene) => {
    const first = await connectWhenAdmitted(scene);
    await connectWhenAdmitted(scene);
    const sentence = await expectRefused(await scene.open(), 4100);
    assert.match(sentence, /max_connections/);
    await first.close();
    await connectWhenAdmitted(scene);
  });

  test('still answers the HTTP API', async (scene) => {
    await connectWhenAdmitted(scene);
    await connectWhenAdmitted(scene);
    assert.equal((await scene.api({ path: `/apps/${app.id}/channels` })).status, 200);
  });
});

const otherApp = { settings: { 'app.id': '42', 'app.key': 'my-key', 'app.secret': 'my-secret' } };

suite('a server with other credentials', otherApp, (test) => {
  test('knows its own key only', async (scene) => {
    await (await scene.open('/app/my-key')).greeting();
    await expectRefused(await scene.open(`/app/${app.key}`), 4001);
  });

  test('verifies with its own secret', async (scene) => {
    const signed = { path: '/apps/42/channels', parameters: { auth_key: 'my-key' } };
    assert.equal((await scene.api({ ...signed, secret: 'my-secret' })).status, 200);
    assert.equal((await scene.api(signed)).status, 401);
  });
});

suite('a server below a path', { settings: { path_prefix: '/ws' } }, (test) => {
  test('takes connections there', async (scene) => {
    await (await scene.open(`/ws/app/${app.key}`)).greeting();
    await assert.rejects(scene.open(`/app/${app.key}`), /404/);
  });

  test('is reached by pusher-js with wsPath', async (scene) => {
    const client = scene.pusher({ wsPath: '/ws' });
    await once(client.connection, 'connected');
  });

  test('takes requests that were signed with the path and without it', async (scene) => {
    const path = `/ws/apps/${app.id}/channels`;
    assert.equal((await scene.api({ path })).status, 200);
    assert.equal((await scene.api({ path, signedPath: `/apps/${app.id}/channels` })).status, 200);
  });
});

suite('a server with compression', { settings: { deflate: true } }, (test) => {
  test('delivers the same event to who negotiated it and who did not', async (scene) => {
    const channel = scene.name();
    const plain = await scene.connect();
    const deflating = await scene.connect({ perMessageDeflate: true });
    assert.equal(plain.transport.extensions, '');
    assert.match(deflating.transport.extensions, /permessage-deflate/);
    for (const socket of [plain, deflating]) await socket.subscribe(channel);
    for (const data of ['short', 'long '.repeat(4000)]) {
      await scene.publish(channel, 'text', data);
      for (const socket of [plain, deflating]) await socket.expect(frame('text', data, channel));
    }
  });

  test('reads compressed messages', async (scene) => {
    const socket = await scene.connect({ perMessageDeflate: { threshold: 0 } });
    await socket.subscribe(scene.name());
    await socket.expectAlive();
  });
});
