// Pings, pongs and silent connections (channels protocol, "Ping and Pong messages").
import assert from 'node:assert/strict';
import { once as emitted } from 'node:events';

import { within } from '../lib/deadline.mjs';
import { once, suite } from './lib/suite.mjs';
import { frame } from './lib/socket.mjs';

const impatient = { settings: { 'limits.activity_timeout': 1, 'limits.pong_timeout': 1 } };

suite('pings', {}, (test) => {
  for (const [title, text] of [
    ['an object', '{"event":"pusher:ping","data":{}}'],
    ['no data', '{"event": "pusher:ping"}'],
    ['null', '{"event":"pusher:ping","data":null}'],
    ['a string', '{"event":"pusher:ping","data":"hello"}'],
  ]) {
    test(`of the protocol with ${title} are answered`, async (scene) => {
      const socket = await scene.connect();
      socket.send(text);
      assert.equal(await socket.nextText(), '{"event":"pusher:pong","data":"{}"}');
    });
  }

  test('of the WebSocket are answered with the same payload', async (scene) => {
    const socket = await scene.connect();
    socket.transport.ping('are you there');
    const [payload] = await within(emitted(socket.transport, 'pong'), 'pong');
    assert.equal(payload.toString(), 'are you there');
  });

  test('are not asked of the client as messages: pusher:pong is accepted in silence', async (scene) => {
    const socket = await scene.connect();
    socket.send({ event: 'pusher:pong', data: {} });
    await socket.expectAlive();
  });
});

suite('a silent connection', impatient, (test) => {
  test('is told the timeout in the greeting', async (scene) => {
    const socket = await scene.open();
    assert.equal((await socket.greeting()).activity_timeout, 1);
  });

  test('stays open while its WebSocket answers pings', async (scene) => {
    const socket = await scene.connect();
    for (let ping = 0; ping < 3; ping += 1) await within(emitted(socket.transport, 'ping'), 'ping');
    await socket.expectAlive();
  });

  test('that does not answer is closed with 4201', async (scene) => {
    const socket = await scene.connect({ autoPong: false });
    await socket.expectError(4201);
    assert.equal((await socket.closed()).code, 4201);
    assert.equal(socket.pings, 1);
  });

  test('leaves the channels that it was in', async (scene) => {
    const channel = scene.name('presence-');
    const watcher = await scene.connect();
    await watcher.subscribe(channel, { user: { user_id: 'watcher' } });
    const silent = await scene.connect({ autoPong: false });
    await silent.subscribe(channel, { user: { user_id: 'silent' } });
    await watcher.expect(
      frame('pusher_internal:member_added', '{"user_id":"silent","user_info":{}}', channel),
      frame('pusher_internal:member_removed', '{"user_id":"silent"}', channel),
    );
  });

  test('is not silent when it sends messages without answering pings', async (scene) => {
    const socket = await scene.connect({ autoPong: false });
    for (let message = 0; message < 8; message += 1) {
      await new Promise((later) => setTimeout(later, 400)); // the activity itself: 3.2 s, past both timeouts
      await socket.expectAlive();
    }
  });

  test('of pusher-js is kept alive by its own pings', async (scene) => {
    const client = scene.pusher();
    await once(client.connection, 'connected');
    for (let pong = 0; pong < 2; pong += 1) {
      const [message] = await once(client.connection, 'message');
      assert.equal(message.event, 'pusher:pong');
    }
    assert.equal(client.connection.state, 'connected');
  });
});
