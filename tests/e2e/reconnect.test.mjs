// The end of a server and its return.
import assert from 'node:assert/strict';

import { once, subscribed, suite } from './lib/suite.mjs';

const patience = 60_000; // pusher-js tries again after 1 s, and if nobody listens then, 15 s later

suite('a server that goes away', {}, (test) => {
  for (const [title, end] of [
    ['is restarted', 'stop'],
    ['crashes and comes back', 'kill'],
  ]) {
    test(`and ${title} has its pusher-js clients again, with all their channels`, async (scene) => {
      const client = scene.pusher({ user: { user_id: '11', user_info: { name: 'Ann' } } });
      const names = [scene.name(), scene.name('private-'), scene.name('presence-')];
      const channels = names.map((name) => client.subscribe(name));
      await Promise.all(channels.map(subscribed));
      const socketId = client.connection.socket_id;

      const again = Promise.all(channels.map((channel) => once(channel, 'pusher:subscription_succeeded', patience)));
      await scene.restart(end);
      const [, , [members]] = await again;
      assert.notEqual(client.connection.socket_id, socketId);
      assert.equal(members.count, 1);
      assert.deepEqual(members.me, { id: '11', info: { name: 'Ann' } });

      const heard = channels.map((channel) => once(channel, 'after'));
      await scene.sdk.trigger(names, 'after', { n: 1 });
      const data = (await Promise.all(heard)).map(([first]) => first);
      assert.deepEqual(data, [{ n: 1 }, { n: 1 }, { n: 1 }]);
    });
  }

  test('in order closes its connections with 4100, and clients come back', async (scene) => {
    const sockets = await scene.connectAll(20);
    await scene.restart('stop');
    for (const socket of sockets) assert.equal((await socket.end).code, 4100);
    await scene.connect();
  });

  test('in order may be told so as soon as it listens', async (scene) => {
    for (let round = 0; round < 10; round += 1) await scene.restart('stop');
  });

  test('in order ends with status 0 while requests are kept alive and a client does not close', async (scene) => {
    const socket = await scene.connect();
    await scene.publish(scene.name(), 'e', 'd');
    socket.transport._socket.pause();
    await scene.restart('stop');
  });
});
