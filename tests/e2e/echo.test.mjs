// Laravel Echo with a back end that signs and publishes as Laravel does.
import assert from 'node:assert/strict';

import Echo from 'laravel-echo';
import Pusher from 'pusher-js';

import { within } from '../lib/deadline.mjs';
import { app } from '../lib/server.mjs';
import { Backend } from './lib/backend.mjs';
import { once, subscribed, suite } from './lib/suite.mjs';

/** An Echo as an application has it, for the user of this number. */
async function startEcho(scene, user, options = {}) {
  const backend = await Backend.start(scene);
  const echo = new Echo({
    broadcaster: 'pusher',
    Pusher,
    key: app.key,
    cluster: '',
    wsHost: '127.0.0.1',
    wsPort: scene.server.port,
    forceTLS: false,
    enabledTransports: ['ws'],
    authEndpoint: backend.authEndpoint,
    auth: { headers: { 'X-User': String(user) } },
    ...options,
  });
  scene.atEnd(() => echo.disconnect());
  return echo;
}

/** Resolves with what Echo hands to the callback that `bind` installs. */
const called = (bind, what) =>
  within(
    new Promise((done) => {
      bind(done);
    }),
    what,
  );

const ready = (channel) => subscribed(channel.subscription);

suite('Laravel Echo', {}, (test) => {
  test('hears an event of the application by its short name', async (scene) => {
    const name = scene.name();
    const channel = (await startEcho(scene, 11)).private(name);
    await ready(channel);
    const heard = called((done) => channel.listen('OrderShipped', done), 'OrderShipped');
    await scene.sdk.trigger(`private-${name}`, 'App\\Events\\OrderShipped', { id: 7 });
    assert.deepEqual(await heard, { id: 7 });
  });

  test('hears an event with a name of its own, after a dot', async (scene) => {
    const name = scene.name();
    const channel = (await startEcho(scene, 11)).channel(name);
    await ready(channel);
    const heard = called((done) => channel.listen('.order.shipped', done), 'order.shipped');
    await scene.sdk.trigger(name, 'order.shipped', { id: 7 });
    assert.deepEqual(await heard, { id: 7 });
  });

  test('uses another namespace, and an absolute name', async (scene) => {
    const name = scene.name();
    const channel = (await startEcho(scene, 11, { namespace: 'Shop.Sales' })).channel(name);
    await ready(channel);
    const relative = called((done) => channel.listen('Sold', done), 'Shop\\Sales\\Sold');
    const absolute = called((done) => channel.listen('\\Other\\Sold', done), 'Other\\Sold');
    await scene.sdk.trigger(name, 'Shop\\Sales\\Sold', 1);
    await scene.sdk.trigger(name, 'Other\\Sold', 2);
    assert.deepEqual([await relative, await absolute], [1, 2]);
  });

  test('is told when it has subscribed', async (scene) => {
    const channel = (await startEcho(scene, 11)).private(scene.name());
    await called((done) => channel.subscribed(done), 'subscribed');
  });

  test('whispers to others and not to itself', async (scene) => {
    const name = scene.name();
    const [ann, bo] = [await startEcho(scene, 11), await startEcho(scene, 7)].map((echo) => echo.private(name));
    await Promise.all([ann, bo].map(ready));
    ann.listenForWhisper('typing', () => assert.fail('heard its own whisper'));
    const heard = called((done) => bo.listenForWhisper('typing', done), 'whisper');
    ann.whisper('typing', { name: 'Ann' });
    assert.deepEqual(await heard, { name: 'Ann' });
    const end = once(ann.subscription, 'end');
    await scene.sdk.trigger(`private-${name}`, 'end', '');
    await end;
  });

  test('shows who is here, who joins and who leaves', async (scene) => {
    const name = scene.name();
    const ann = (await startEcho(scene, 11)).join(name);
    assert.deepEqual(await called((done) => ann.here(done), 'here'), [{ name: 'User 11' }]);

    const joining = called((done) => ann.joining(done), 'joining');
    const leaving = called((done) => ann.leaving(done), 'leaving');
    const echo = await startEcho(scene, 7);
    const here = await called((done) => echo.join(name).here(done), 'here');
    assert.deepEqual(here.map((member) => member.name).sort(), ['User 11', 'User 7']);
    assert.deepEqual(await joining, { name: 'User 7' });

    echo.leave(name);
    assert.deepEqual(await leaving, { name: 'User 7' });
  });

  test('whispers and listens in a presence channel', async (scene) => {
    const name = scene.name();
    const [ann, bo] = [await startEcho(scene, 11), await startEcho(scene, 7)].map((echo) => echo.join(name));
    await Promise.all([ann, bo].map(ready));
    const heard = called((done) => bo.listenForWhisper('typing', done), 'whisper');
    ann.whisper('typing', {});
    assert.deepEqual(await heard, {});
    const event = called((done) => ann.listen('Sent', done), 'event');
    await scene.sdk.trigger(`presence-${name}`, 'App\\Events\\Sent', { body: 'hi' });
    assert.deepEqual(await event, { body: 'hi' });
  });

  test('has its errors told by the back end', async (scene) => {
    const channel = (await startEcho(scene, 11)).private('forbidden-room');
    const error = await called((done) => channel.error(done), 'error');
    assert.equal(error.status, 403);
  });

  test('has its errors told by the server', async (scene) => {
    const echo = await startEcho(scene, 11, {
      channelAuthorization: { customHandler: (request, answer) => answer(null, { auth: `${app.key}:00` }) },
    });
    const error = await called((done) => echo.private(scene.name()).error(done), 'error');
    assert.deepEqual({ type: error.type, status: error.status }, { type: 'AuthError', status: 401 });
  });

  test('has events sent to others only, by its socket id', async (scene) => {
    const name = scene.name();
    const [own, other] = [await startEcho(scene, 11), await startEcho(scene, 7)];
    const channels = [own, other].map((echo) => echo.channel(name));
    await Promise.all(channels.map(ready));
    const [first, second] = channels.map((channel) => called((done) => channel.listen('.e', done), 'event'));
    await scene.sdk.trigger(name, 'e', 'to others', { socket_id: own.socketId() });
    await scene.sdk.trigger(name, 'e', 'to all');
    assert.deepEqual([await first, await second], ['to all', 'to others']);
  });

  test('leaves a channel in all its forms', async (scene) => {
    const name = scene.name();
    const echo = await startEcho(scene, 11);
    await Promise.all([echo.channel(name), echo.private(name), echo.join(name)].map(ready));
    echo.leave(name);
    for (const full of [name, `private-${name}`, `presence-${name}`]) {
      for (let occupied = true; occupied; ) {
        ({
          body: { occupied },
        } = await scene.api({ path: `/apps/${app.id}/channels/${full}` }));
      }
    }
  });
});
