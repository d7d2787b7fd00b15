// What subscribers are told of their number (channels protocol, "Subscription count").
import assert from 'node:assert/strict';

import { once, suite } from './lib/suite.mjs';
import { frame } from './lib/socket.mjs';

const count = (number, channel) =>
  frame('pusher_internal:subscription_count', `{"subscription_count":${number}}`, channel);

suite('an app with subscription counts', { settings: { 'app.subscription_count': true } }, (test) => {
  test('tells all subscribers of each change', async (scene) => {
    const channel = scene.name();
    const [first, second] = await scene.connectAll(2);
    await first.subscribe(channel);
    await first.expect(count(1, channel));
    await second.subscribe(channel);
    await second.expect(count(2, channel));
    await first.expect(count(2, channel));
    await second.close();
    await first.expect(count(1, channel));
    await scene.nothingElse(channel, first);
  });

  test('is understood by pusher-js', async (scene) => {
    const name = scene.name();
    const channel = scene.pusher().subscribe(name);
    assert.deepEqual((await once(channel, 'pusher:subscription_count'))[0], { subscription_count: 1 });
    assert.equal(channel.subscriptionCount, 1);
  });

  for (const prefix of ['presence-', 'private-encrypted-']) {
    test(`tells nothing on ${prefix}`, async (scene) => {
      const channel = scene.name(prefix);
      const socket = await scene.connect();
      await socket.subscribe(channel, prefix === 'presence-' ? { user: { user_id: '1' } } : {});
      await scene.nothingElse(channel, socket);
    });
  }
});

suite('an app without subscription counts', {}, (test) => {
  test('tells nothing', async (scene) => {
    const channel = scene.name();
    const socket = await scene.connect();
    await socket.subscribe(channel);
    await scene.nothingElse(channel, socket);
  });
});
