// A whole exchange over a presence channel, byte for byte; only socket ids and signatures differ.
import assert from 'node:assert/strict';

import { app } from '../lib/server.mjs';
import { channelAuth } from '../lib/signing.mjs';
import { suite } from './lib/suite.mjs';

const channel = 'presence-room';

suite('two tabs of one user and another user', {}, (test) => {
  test('see exactly the documented messages', async (scene) => {
    const say = (socket, text) => socket.send(text);
    const hear = async (text, ...sockets) => {
      for (const socket of sockets) assert.equal(await socket.nextText(), text);
    };
    const subscribe = (socket, channelData) =>
      say(
        socket,
        JSON.stringify({
          event: 'pusher:subscribe',
          data: { auth: channelAuth(socket.socketId, channel, channelData), channel_data: channelData, channel },
        }),
      );
    const ann = '{"user_id":11,"user_info":{"name":"Ann"}}';
    const [a, b, a2] = await scene.connectAll(3);

    subscribe(a, ann);
    await hear(
      '{"event":"pusher_internal:subscription_succeeded","data":"{\\"presence\\":{\\"ids\\":[\\"11\\"],' +
        '\\"hash\\":{\\"11\\":{\\"name\\":\\"Ann\\"}},\\"count\\":1}}","channel":"presence-room"}',
      a,
    );

    const both =
      '{"event":"pusher_internal:subscription_succeeded","data":"{\\"presence\\":{\\"ids\\":[\\"11\\",\\"7\\"],' +
      '\\"hash\\":{\\"11\\":{\\"name\\":\\"Ann\\"},\\"7\\":{}},\\"count\\":2}}","channel":"presence-room"}';
    subscribe(b, '{"user_id":"7"}');
    await hear(both, b);
    await hear(
      '{"event":"pusher_internal:member_added","data":"{\\"user_id\\":\\"7\\",\\"user_info\\":{}}",' +
        '"channel":"presence-room"}',
      a,
    );

    subscribe(a2, ann);
    await hear(both, a2);

    say(a, '{"event":"client-typing","data":{"on":true},"channel":"presence-room"}');
    await hear('{"event":"client-typing","data":"{\\"on\\":true}","channel":"presence-room","user_id":"11"}', a2, b);

    const answer = await scene.postEvent(
      `{"name":"m","channel":"presence-room","data":"hi","socket_id":"${a.socketId}"}`,
      `/apps/${app.id}/events`,
    );
    assert.deepEqual([answer.status, answer.text], [200, '{}']);
    await hear('{"event":"m","data":"hi","channel":"presence-room"}', a2, b);
    await scene.nothingElse(channel, a, a2, b);

    await a.close();
    await scene.nothingElse(channel, a2, b);
    await a2.close();
    await hear(
      '{"event":"pusher_internal:member_removed","data":"{\\"user_id\\":\\"11\\"}","channel":"presence-room"}',
      b,
    );
    await scene.nothingElse(channel, b);
  });
});
