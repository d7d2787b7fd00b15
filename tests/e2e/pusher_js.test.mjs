// What an application sees through pusher-js.
import assert from 'node:assert/strict';

import Pusher from 'pusher-js';

import { app } from '../lib/server.mjs';
import { Backend } from './lib/backend.mjs';
import { once, subscribed, suite } from './lib/suite.mjs';

const ann = { user_id: '11', user_info: { name: 'Ann' } };
const bo = { user_id: '7', user_info: { name: 'Bo' } };

suite('pusher-js', {}, (test) => {
  test('connects', async (scene) => {
    const client = scene.pusher();
    assert.equal(client.connection.state, 'connecting');
    await once(client.connection, 'connected');
    assert.match(client.connection.socket_id, /^\d+\.\d+$/);
  });

  test('stops at an unknown key', async (scene) => {
    const client = new Pusher('nope', {
      cluster: '',
      wsHost: '127.0.0.1',
      wsPort: scene.server.port,
      forceTLS: false,
      enabledTransports: ['ws'],
    });
    scene.atEnd(() => client.disconnect());
    const ended = once(client.connection, 'disconnected');
    const [error] = await once(client.connection, 'error');
    assert.equal((error.data ?? error.error.data).code, 4001);
    await ended;
  });

  test('hands over parsed data, and text that is no JSON as it is', async (scene) => {
    const client = scene.pusher();
    const name = scene.name();
    const channel = client.subscribe(name);
    await subscribed(channel);
    for (const [data, seen] of [
      [
        { id: 7, list: ['é', '🦊'] },
        { id: 7, list: ['é', '🦊'] },
      ],
      ['plain', 'plain'],
      ['12', 12],
    ]) {
      const heard = once(channel, 'e');
      await scene.sdk.trigger(name, 'e', data);
      assert.deepEqual((await heard)[0], seen);
    }
  });

  test('binds to everything', async (scene) => {
    const client = scene.pusher();
    const name = scene.name();
    await subscribed(client.subscribe(name));
    const heard = new Promise((done) => client.bind_global((event, data) => done([event, data])));
    await scene.sdk.trigger(name, 'any', [1]);
    assert.deepEqual(await heard, ['any', [1]]);
  });

  test('unsubscribes', async (scene) => {
    const client = scene.pusher();
    const [name, other] = [scene.name(), scene.name()];
    const channel = client.subscribe(name);
    const stays = client.subscribe(other);
    await Promise.all([channel, stays].map(subscribed));
    channel.bind('e', () => assert.fail('heard after unsubscribing'));
    client.unsubscribe(name);
    for (let occupied = true; occupied; ) {
      ({
        body: { occupied },
      } = await scene.api({ path: `/apps/${app.id}/channels/${name}` }));
    }
    const heard = once(stays, 'e');
    await scene.sdk.trigger([name, other], 'e', 'd');
    await heard;
  });

  test('subscribes to 200 channels at once', async (scene) => {
    const client = scene.pusher({ user: ann });
    const names = Array.from({ length: 200 }, (_, n) => scene.name(['', 'private-', 'presence-'][n % 3]));
    await Promise.all(names.map((name) => subscribed(client.subscribe(name))));
  });

  test('learns that a private channel is refused, in both ways', async (scene) => {
    const client = scene.pusher({
      channelAuthorization: { customHandler: (request, answer) => answer(null, { auth: `${app.key}:00` }) },
    });
    const channel = client.subscribe(scene.name('private-'));
    const [[error], [general]] = await Promise.all([
      once(channel, 'pusher:subscription_error'),
      once(client.connection, 'error'),
    ]);
    assert.deepEqual({ type: error.type, status: error.status }, { type: 'AuthError', status: 401 });
    assert.equal((general.data ?? general.error.data).code, 4009);
    assert.equal(client.connection.state, 'connected');
  });

  test('asks an authorization endpoint with a form', async (scene) => {
    const backend = await Backend.start(scene);
    const client = scene.pusher({
      channelAuthorization: { transport: 'ajax', endpoint: backend.authEndpoint, headers: { 'X-User': '11' } },
    });
    const [secret, presence] = [scene.name('private-'), scene.name('presence-')];
    await subscribed(client.subscribe(secret));
    const members = await subscribed(client.subscribe(presence));
    assert.deepEqual(members.get('11'), { id: '11', info: { name: 'User 11' } });
    const socketId = client.connection.socket_id;
    assert.deepEqual(
      backend.forms,
      [secret, presence].map((name) => ({ socket_id: socketId, channel_name: name })),
    );
  });

  test('knows the members of a presence channel', async (scene) => {
    const name = scene.name('presence-');
    const first = scene.pusher({ user: ann }).subscribe(name);
    const alone = await subscribed(first);
    assert.equal(alone.count, 1);
    assert.deepEqual(alone.me, { id: '11', info: { name: 'Ann' } });

    const joined = once(first, 'pusher:member_added');
    const client = scene.pusher({ user: bo });
    const members = await subscribed(client.subscribe(name));
    assert.equal(members.count, 2);
    assert.deepEqual(members.members, { 11: { name: 'Ann' }, 7: { name: 'Bo' } });
    assert.deepEqual((await joined)[0], { id: '7', info: { name: 'Bo' } });
    assert.deepEqual(first.members.get('7'), { id: '7', info: { name: 'Bo' } });

    const left = once(first, 'pusher:member_removed');
    client.disconnect();
    assert.deepEqual((await left)[0], { id: '7', info: { name: 'Bo' } });
    assert.equal(first.members.count, 1);
  });

  test('sends client events and hears who sent them', async (scene) => {
    const name = scene.name('presence-');
    const sender = scene.pusher({ user: ann }).subscribe(name);
    const receiver = scene.pusher({ user: bo }).subscribe(name);
    await Promise.all([sender, receiver].map(subscribed));
    const heard = once(receiver, 'client-typing');
    assert.equal(sender.trigger('client-typing', { on: true }), true);
    assert.deepEqual(await heard, [{ on: true }, { user_id: '11' }]);
  });

  test('leaves out the connection that published', async (scene) => {
    const name = scene.name();
    const [one, two] = [scene.pusher(), scene.pusher()];
    const channels = [one, two].map((client) => client.subscribe(name));
    await Promise.all(channels.map(subscribed));
    const firstOfOne = once(channels[0], 'e');
    const firstOfTwo = once(channels[1], 'e');
    await scene.sdk.trigger(name, 'e', 'not for one', { socket_id: one.connection.socket_id });
    await scene.sdk.trigger(name, 'e', 'for all');
    assert.equal((await firstOfOne)[0], 'for all');
    assert.equal((await firstOfTwo)[0], 'not for one');
  });
});
