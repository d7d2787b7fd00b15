// How much may wait for one subscriber: limits.max_backpressure.
import assert from 'node:assert/strict';

import { within } from '../lib/deadline.mjs';
import { app } from '../lib/server.mjs';
import { suite } from './lib/suite.mjs';

suite('a slow consumer', {}, (test) => {
  test('is closed with 4100, in the middle of nothing, while others go on', async (scene) => {
    const channel = scene.name('presence-');
    const [watcher, slow] = await scene.connectAll(2);
    await watcher.subscribe(channel, { user: { user_id: 'watcher' } });
    await slow.subscribe(channel, { user: { user_id: 'slow' } });
    assert.equal((await watcher.next()).event, 'pusher_internal:member_added');

    slow.transport._socket.pause();
    const number = (message) => Number(message.data.slice(0, message.data.indexOf(' ')));
    let published = 0;
    for (let left = false; !left; published += 1) {
      assert.ok(published < 1000, 'the slow consumer is still there after 100 MB');
      await scene.publish(channel, 'n', `${published} ${'x'.repeat(100_000)}`);
      let message = await watcher.next();
      if (message.event === 'pusher_internal:member_removed') {
        assert.equal(message.data, '{"user_id":"slow"}');
        left = true;
        message = await watcher.next();
      }
      assert.equal(number(message), published);
    }
    await scene.publish(channel, 'still here', '');
    for (let message = await watcher.next(); message.event !== 'still here'; message = await watcher.next()) {
      assert.equal(message.event, 'pusher_internal:member_removed');
    }

    // What the slow one finds when it reads at last: the first events without a gap, and the close.
    slow.transport._socket.resume();
    const { code } = await within(slow.end, 'end of the slow connection');
    assert.equal(code, 4100);
    let received = 0;
    for (; slow.unread > 0; received += 1) assert.equal(number(await slow.next()), received);
    assert.ok(received < published, 'it missed something');
  });

  test('is not who merely gets much at once', async (scene) => {
    const channel = scene.name();
    const socket = await scene.connect();
    await socket.subscribe(channel);
    const batch = Array.from({ length: 10 }, (_, index) => ({
      channel,
      name: 'n',
      data: `${index} ${'x'.repeat(90_000)}`,
    }));
    for (let round = 0; round < 10; round += 1) {
      await scene.sdk.triggerBatch(batch);
      for (const { data } of batch) assert.equal((await socket.next()).data, data);
    }
  });

  test('is nobody to whom the largest batch goes, all of it escaped', async (scene) => {
    const channel = scene.name();
    const sockets = await scene.connectAll(3);
    for (const socket of sockets) await socket.subscribe(channel);
    const batch = Array.from({ length: 10 }, (_, index) => ({
      channel,
      name: 'n',
      data: `${index} ${'"'.repeat(97_900)}`,
    }));
    const answer = await scene.postEvent({ batch }, `/apps/${app.id}/batch_events`);
    assert.equal(answer.status, 200, answer.text);
    for (const socket of sockets) {
      for (const { data } of batch) assert.equal((await socket.next()).data, data);
      await socket.expectAlive();
    }
  });

  test('is not who joins six full presence channels at once', async (scene) => {
    const channels = Array.from({ length: 6 }, () => scene.name('presence-'));
    const person = (index) => ({ user_id: `user-${index}`, user_info: { text: 'x'.repeat(1900) } });
    for (let index = 0; index < 100; index += 1) {
      const member = await scene.connect();
      for (const channel of channels) member.askFor(channel, { user: person(index) });
      member.send({ event: 'pusher:ping' });
      while (!(await member.nextText()).startsWith('{"event":"pusher:pong"'));
    }

    const socket = await scene.connect();
    socket.transport._socket.cork();
    for (const channel of channels) socket.askFor(channel, { user: person(0) });
    socket.transport._socket.uncork();
    for (const channel of channels) {
      const message = await socket.next();
      assert.equal(message.event, 'pusher_internal:subscription_succeeded');
      assert.equal(message.channel, channel);
      assert.equal(JSON.parse(message.data).presence.count, 100);
    }
    await socket.expectAlive();
  });
});
