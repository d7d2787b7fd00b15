// Users who sign in (channels protocol, "User authentication"), and what the application can do to them.
import assert from 'node:assert/strict';

import { within } from '../lib/deadline.mjs';
import { app } from '../lib/server.mjs';
import { userAuth } from '../lib/signing.mjs';
import { once, subscribed, suite } from './lib/suite.mjs';
import { frame } from './lib/socket.mjs';

let users = 0;

/** The id of a user whom no other test has. */
function newId() {
  users += 1;
  return `user-${users}`;
}

const channelOf = (id) => `#server-to-user-${id}`;

/** A pusher-js client that signs in as `user`, authenticated by the server SDK. */
function signingIn(scene, user) {
  const client = scene.pusher({
    userAuthentication: {
      customHandler: ({ socketId }, answer) => answer(null, scene.sdk.authenticateUser(socketId, user)),
    },
    channelAuthorization: {
      customHandler: ({ socketId, channelName }, answer) =>
        answer(null, scene.sdk.authorizeChannel(socketId, channelName)),
    },
  });
  client.signin();
  return client;
}

/** Resolves when pusher-js has signed in. */
const signedIn = (client) => within(client.user.signinDonePromise, 'sign-in');

async function terminate(scene, path) {
  const answer = await scene.api({ method: 'POST', path, body: '{}' });
  assert.deepEqual([answer.status, answer.text], [200, '{}']);
}

suite('sign-in', {}, (test) => {
  for (const [title, userData] of [
    ['an id alone', '{"id":"12345"}'],
    ['white space and escapes', '{ "id": "a\\u00e9\\"b", "user_info": {"name":"\\/"} }'],
    ['128 characters', JSON.stringify({ id: 'é'.repeat(128) })],
  ]) {
    test(`is answered with the data as it was, with ${title}`, async (scene) => {
      const socket = await scene.connect();
      await socket.signIn(userData);
      await socket.signIn(userData);
      await socket.expectAlive();
    });
  }

  for (const [title, userData] of [
    ['a number as id', '{"id":5}'],
    ['an empty id', '{"id":""}'],
    ['129 characters', JSON.stringify({ id: 'é'.repeat(129) })],
    ['no JSON', 'ann'],
    ['65537 bytes', `{"id":"1"}${' '.repeat(65_527)}`],
  ]) {
    test(`is refused with ${title}`, async (scene) => {
      const socket = await scene.connect();
      socket.askToSignIn(userData);
      assert.match(await socket.expectError(4009), /^Sign-in refused: /);
      await socket.expectAlive();
    });
  }

  test('needs the signature of this connection and this data', async (scene) => {
    const [socket, other] = await scene.connectAll(2);
    const userData = JSON.stringify({ id: newId() });
    for (const auth of [
      '',
      userAuth(other.socketId, userData),
      userAuth(socket.socketId, '{"id":"other"}'),
      userAuth(socket.socketId, userData, { key: 'other', secret: app.secret }),
      userAuth(socket.socketId, userData, { key: app.key, secret: 'other' }),
    ]) {
      socket.askToSignIn(userData, auth);
      await socket.expectError(4009);
    }
    await socket.signIn(userData);
  });

  test('as somebody else is refused and changes nothing', async (scene) => {
    const socket = await scene.connect();
    const [id, otherId] = [newId(), newId()];
    await socket.signIn({ id });
    socket.askToSignIn({ id: otherId });
    await socket.expectError(4009);
    await scene.publish(channelOf(otherId), 'not-mine', '1');
    await scene.nothingElse(channelOf(id), socket);
  });
});

suite('events to users', {}, (test) => {
  test('reach every connection of the user once, subscribed or not', async (scene) => {
    const id = newId();
    const [phone, tablet, stranger] = await scene.connectAll(3);
    await phone.signIn({ id });
    await tablet.signIn({ id });
    await stranger.signIn({ id: newId() });
    await tablet.subscribe(channelOf(id));
    const name = scene.name();
    await phone.subscribe(name);
    await scene.publish(channelOf(id), 'hello', 'to you');
    const batch = ['a', 'b'].map((name) => ({ channel: channelOf(id), name, data: 'x' }));
    assert.equal((await scene.postEvent({ batch }, `/apps/${app.id}/batch_events`)).text, '{}');
    await scene.postEvent({ name: 'many', channels: [name, channelOf(id)], data: 'd', socket_id: tablet.socketId });
    for (const socket of [phone, tablet]) {
      await socket.expect(frame('hello', 'to you', channelOf(id)));
      await socket.expect(frame('a', 'x', channelOf(id)), frame('b', 'x', channelOf(id)));
    }
    await phone.expect(frame('many', 'd', name), frame('many', 'd', channelOf(id)));
    await scene.nothingElse(channelOf(id), phone, tablet);
    await stranger.expectAlive();
  });

  test('to nobody succeed', async (scene) => {
    await scene.publish(channelOf(newId()), 'hello', '');
  });

  test('have a channel that is neither listed nor counted', async (scene) => {
    const id = newId();
    const socket = await scene.connect();
    await socket.signIn({ id });
    await socket.subscribe(channelOf(id));
    const { body } = await scene.api({ path: `/apps/${app.id}/channels` });
    assert.deepEqual(
      Object.keys(body.channels).filter((name) => name.startsWith('#')),
      [],
    );
    const answer = await scene.postEvent({
      name: 'e',
      channel: channelOf(id),
      data: '',
      info: 'subscription_count,user_count',
    });
    assert.deepEqual(answer.body, { channels: { [channelOf(id)]: {} } });
    await socket.expect(frame('e', '', channelOf(id)));
    socket.send({ event: 'client-x', data: {}, channel: channelOf(id) });
    await socket.expectError(null);
  });

  test('sent by the server SDK arrive at pusher-js', async (scene) => {
    const id = newId();
    const client = signingIn(scene, { id, user_info: { name: 'Ann' } });
    await signedIn(client);
    assert.equal(client.user.user_data.id, id);
    const heard = once(client.user, 'greeting');
    // pusher-js hands over events once its subscription was answered.
    await subscribed(client.user.serverToUserChannel);
    await scene.sdk.sendToUser(id, 'greeting', { text: 'Hello' });
    assert.deepEqual((await heard)[0], { text: 'Hello' });
  });

  test('come after a reconnection as before', async (scene) => {
    const id = newId();
    const client = signingIn(scene, { id });
    await signedIn(client);
    const again = once(client.connection, 'connected');
    client.disconnect();
    client.connect();
    await again;
    await signedIn(client);
    const heard = once(client.user, 'greeting');
    await subscribed(client.user.serverToUserChannel);
    await scene.sdk.sendToUser(id, 'greeting', 1);
    await heard;
  });
});

suite('users on presence channels', {}, (test) => {
  test('are known by their sign-in', async (scene) => {
    const channel = scene.name('presence-');
    const watcher = await scene.connect();
    await watcher.subscribe(channel, { user: { user_id: 'watcher' } });
    const id = newId();
    const client = signingIn(scene, { id, user_info: { name: 'Ann' } });
    const room = client.subscribe(channel);
    const members = await subscribed(room);
    assert.deepEqual(members.me, { id, info: { name: 'Ann' } });
    assert.equal(members.count, 2);
    await watcher.expect(
      frame('pusher_internal:member_added', `{"user_id":"${id}","user_info":{"name":"Ann"}}`, channel),
    );
  });

  test('need channel_data before', async (scene) => {
    const channel = scene.name('presence-');
    const socket = await scene.connect();
    socket.askFor(channel);
    await socket.expectRefusal(channel, { type: 'AuthError', status: 401, code: null });
    await socket.signIn({ id: newId() });
    await socket.subscribe(channel);
  });
});

suite('the end of a user’s connections', {}, (test) => {
  for (const [title, pathOf] of [
    ['with the app in the path', (id) => `/apps/${app.id}/users/${id}/terminate_connections`],
    ['as the Python library asks for it', (id) => `/users/${id}/terminate_connections`],
  ]) {
    test(`comes to all of them, ${title}`, async (scene) => {
      const id = newId();
      const [phone, member, stranger] = await scene.connectAll(3);
      await phone.signIn({ id });
      await member.subscribe(scene.name('presence-'), { user: { user_id: id } });
      await stranger.signIn({ id: newId() });
      await terminate(scene, pathOf(id));
      for (const socket of [phone, member]) {
        await socket.expectError(4009);
        assert.equal((await socket.closed()).code, 4009);
      }
      await stranger.expectAlive();
      await terminate(scene, pathOf(id));
    });
  }

  test('keeps pusher-js away', async (scene) => {
    const id = newId();
    const client = signingIn(scene, { id });
    await signedIn(client);
    const ended = once(client.connection, 'disconnected');
    await scene.sdk.terminateUserConnections(id);
    await ended;
  });
});

suite('watchlists', { settings: { 'app.watchlist_events': true } }, (test) => {
  test('tell pusher-js who is online, and who comes and goes', async (scene) => {
    const [id, present, absent] = [newId(), newId(), newId()];
    const other = await scene.connect();
    await other.signIn({ id: present });
    const client = signingIn(scene, { id, watchlist: [present, absent] });
    const online = once(client.user.watchlist, 'online');
    const offline = once(client.user.watchlist, 'offline');
    assert.deepEqual((await online)[0], { name: 'online', user_ids: [present] });
    assert.deepEqual((await offline)[0], { name: 'offline', user_ids: [absent] });

    const came = once(client.user.watchlist, 'online');
    const newcomer = await scene.connect();
    await newcomer.signIn({ id: absent });
    assert.deepEqual((await came)[0].user_ids, [absent]);

    const gone = once(client.user.watchlist, 'offline');
    await newcomer.close();
    assert.deepEqual((await gone)[0].user_ids, [absent]);
  });

  test('are cut off at 100 users', async (scene) => {
    const socket = await scene.connect();
    const watchlist = Array.from({ length: 101 }, () => newId());
    await socket.signIn({ id: newId(), watchlist });
    const events = [{ name: 'offline', user_ids: watchlist.slice(0, 100) }];
    await socket.expect(frame('pusher_internal:watchlist_events', JSON.stringify({ events })));
    await socket.expectError(4302);
    await socket.expectAlive();
  });
});

const strict = { 'app.require_authorized_connections': true, 'limits.user_authentication_timeout': 1 };

suite('an app that demands authorised connections', { settings: strict }, (test) => {
  test('closes those that prove nothing', async (scene) => {
    const [silent, signed, subscriber] = await scene.connectAll(3);
    await silent.subscribe(scene.name());
    await signed.signIn({ id: newId() });
    await subscriber.subscribe(scene.name('private-'));
    assert.match(await silent.expectError(4009), /limits\.user_authentication_timeout/);
    assert.equal((await silent.closed()).code, 4009);
    await signed.expectAlive();
    await subscriber.expectAlive();
  });
});
