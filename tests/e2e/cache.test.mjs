// Channels that remember their last event (channels protocol, "Cache channels").
import assert from 'node:assert/strict';

import { app } from '../lib/server.mjs';
import { once, suite } from './lib/suite.mjs';
import { frame } from './lib/socket.mjs';

const kinds = ['cache-', 'private-cache-', 'presence-cache-', 'private-encrypted-cache-'];
const ann = { user_id: '11', user_info: { name: 'Ann' } };
const miss = (channel) => frame('pusher:cache_miss', '{}', channel);

async function subscriber(scene, channel) {
  const socket = await scene.connect();
  await socket.subscribe(channel, channel.startsWith('presence-') ? { user: ann } : {});
  return socket;
}

async function remembered(scene, channel) {
  const { body } = await scene.api({ path: `/apps/${app.id}/channels/${channel}`, query: 'info=cache' });
  return body.cache;
}

suite('a cache channel', {}, (test) => {
  for (const prefix of kinds) {
    test(`tells newcomers its last event: ${prefix}`, async (scene) => {
      const channel = scene.name(prefix);
      const first = await subscriber(scene, channel);
      await first.expect(miss(channel));
      for (const data of ['1', '{"p":"é"}']) {
        await scene.postEvent({ name: 'price', channel, data });
        await first.expect(frame('price', data, channel));
      }
      const second = await subscriber(scene, channel);
      await second.expect(frame('price', '{"p":"é"}', channel));
      await scene.nothingElse(channel, first, second);
    });
  }

  test('remembers what was published to nobody', async (scene) => {
    const channel = scene.name('cache-');
    await scene.sdk.trigger(channel, 'price', { p: 1 });
    const socket = await subscriber(scene, channel);
    await socket.expect(frame('price', '{"p":1}', channel));
    await socket.close();
    await (await subscriber(scene, channel)).expect(frame('price', '{"p":1}', channel));
  });

  test('does not remember client events', async (scene) => {
    const channel = scene.name('private-cache-');
    const [sender, other] = [await subscriber(scene, channel), await subscriber(scene, channel)];
    for (const socket of [sender, other]) await socket.expect(miss(channel));
    sender.send({ event: 'client-x', data: {}, channel });
    await other.expect(frame('client-x', '{}', channel));
    await (await subscriber(scene, channel)).expect(miss(channel));
  });

  test('has its last event and the time that is left told over HTTP', async (scene) => {
    const channel = scene.name('cache-');
    assert.equal(await remembered(scene, channel), null);
    await scene.sdk.trigger(channel, 'price', { p: '☃' });
    const { data, ttl } = await remembered(scene, channel);
    assert.equal(data, '{"p":"☃"}');
    assert.ok(Number.isInteger(ttl) && ttl > 1700 && ttl <= 1800, String(ttl));
  });

  test('is understood by pusher-js', async (scene) => {
    const name = scene.name('cache-');
    const missed = scene.pusher().subscribe(name);
    await once(missed, 'pusher:cache_miss');
    await scene.sdk.trigger(name, 'price', { p: 2 });
    const cached = scene.pusher().subscribe(name);
    assert.deepEqual((await once(cached, 'price'))[0], { p: 2 });
  });
});

suite('a server with little room for cached events', { settings: { 'limits.max_cached_bytes': 4000 } }, (test) => {
  test('forgets the oldest', async (scene) => {
    const [old, young] = [scene.name('cache-'), scene.name('cache-')];
    for (const channel of [old, young]) {
      await scene.postEvent({ name: 'e', channel, data: 'x'.repeat(2000) });
      assert.equal((await remembered(scene, channel)).data.length, 2000);
    }
    assert.equal(await remembered(scene, old), null);
    await (await subscriber(scene, old)).expect(miss(old));
  });
});

suite('a server that caches for a second', { settings: { 'limits.cache_ttl': 1 } }, (test) => {
  test('forgets an event after that', async (scene) => {
    const channel = scene.name('cache-');
    await scene.postEvent({ name: 'e', channel, data: 'd' });
    assert.equal((await remembered(scene, channel)).ttl, 1);
    while ((await remembered(scene, channel)) !== null);
    await (await subscriber(scene, channel)).expect(miss(channel));
  });
});
