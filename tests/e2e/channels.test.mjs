// Channel names, kinds, subscriptions and their refusals (channels protocol, "Channel types",
// "Channel naming conventions", "Failed subscriptions" and "Authorization").
import assert from 'node:assert/strict';

import { app } from '../lib/server.mjs';
import { channelAuth } from '../lib/signing.mjs';
import { suite } from './lib/suite.mjs';
import { frame } from './lib/socket.mjs';

const unauthorized = { type: 'AuthError', status: 401, code: 4009 };
const unusableData = { type: 'AuthError', status: 401, code: null };

suite('a public channel', {}, (test) => {
  test('is subscribed with exactly this answer', async (scene) => {
    const socket = await scene.connect();
    const channel = scene.name();
    socket.send({ event: 'pusher:subscribe', data: { auth: '', channel } });
    assert.equal(
      await socket.nextText(),
      `{"event":"pusher_internal:subscription_succeeded","data":"{}","channel":"${channel}"}`,
    );
  });

  test('does not look at what stands in auth', async (scene) => {
    const socket = await scene.connect();
    await socket.subscribe(scene.name(), { auth: 'other-key:feed' });
  });

  for (const start of [
    'my-private-',
    'privatex-',
    'private',
    'presence',
    'Private-',
    'foo-cache-',
    'foo-presence-',
    '_-=@,.;',
  ]) {
    test(`is what a name beginning "${start}" means`, async (scene) => {
      const socket = await scene.connect();
      const channel = start.endsWith('-') || start.endsWith(';') ? scene.name(start) : start;
      await socket.subscribe(channel, { auth: '' });
      await scene.publish(channel, 'e', 'd');
      await socket.expect(frame('e', 'd', channel));
    });
  }

  test('may have a name of 200 characters', async (scene) => {
    const socket = await scene.connect();
    await socket.subscribe('n'.repeat(200));
  });

  test('may not have one of 201', async (scene) => {
    const socket = await scene.connect();
    const channel = 'n'.repeat(201);
    socket.askFor(channel);
    await socket.expectRefusal(channel, { type: 'LimitReached', status: 4009, code: null });
    await socket.expectAlive();
  });

  for (const name of [
    '',
    ' ',
    'with space',
    'slash/',
    'colon:x',
    'quote"',
    'grüße',
    'line\n',
    'a#b',
    '#private',
    'nul\u0000',
    '☃',
  ]) {
    test(`may not be called ${JSON.stringify(name)}`, async (scene) => {
      const socket = await scene.connect();
      socket.askFor(name);
      await socket.expectError(null);
      await socket.expectAlive();
    });
  }

  test('of a user is refused to who has not signed in', async (scene) => {
    const socket = await scene.connect();
    socket.askFor('#server-to-user-7');
    await socket.expectError(4009);
    await socket.expectAlive();
  });

  test('cannot be subscribed twice', async (scene) => {
    const socket = await scene.connect();
    const channel = scene.name();
    await socket.subscribe(channel);
    socket.askFor(channel);
    assert.match(await socket.expectError(null), new RegExp(`Existing subscription to channel ${channel}`));
    await scene.publish(channel, 'once', 'd');
    await socket.expect(frame('once', 'd', channel));
    await scene.nothingElse(channel, socket);
  });
});

suite('subscriptions', {}, (test) => {
  test('end with pusher:unsubscribe, which is not answered', async (scene) => {
    const channel = scene.name();
    const [stays, goes] = await scene.connectAll(2);
    await stays.subscribe(channel);
    await goes.subscribe(channel);
    goes.unsubscribe(channel);
    await goes.expectAlive();
    await scene.nothingElse(channel, stays);
    await goes.expectAlive();
  });

  test('that do not exist end in silence', async (scene) => {
    const socket = await scene.connect();
    socket.unsubscribe(scene.name());
    socket.unsubscribe('not a name');
    await socket.expectAlive();
  });

  test('take effect in the order of the requests', async (scene) => {
    const socket = await scene.connect();
    const channel = scene.name();
    socket.askFor(channel);
    socket.unsubscribe(channel);
    socket.askFor(channel);
    const success = frame('pusher_internal:subscription_succeeded', '{}', channel);
    await socket.expect(success, success);
    await scene.publish(channel, 'once', 'd');
    await socket.expect(frame('once', 'd', channel));
    await scene.nothingElse(channel, socket);
  });

  test('may come in a burst of 500 and are answered in order', async (scene) => {
    const socket = await scene.connect();
    const channels = Array.from({ length: 500 }, () => scene.name());
    for (const channel of channels) socket.askFor(channel);
    for (const channel of channels) await socket.expect(frame('pusher_internal:subscription_succeeded', '{}', channel));
  });

  test('end with the connection', async (scene) => {
    const channel = scene.name();
    const socket = await scene.connect();
    const watcher = await scene.connect();
    await socket.subscribe(channel);
    await watcher.subscribe(channel);
    await socket.destroy();
    await scene.publish(channel, 'e', 'd');
    await watcher.expect(frame('e', 'd', channel));
    await watcher.close();
  });
});

suite('a private channel', {}, (test) => {
  for (const prefix of ['private-', 'private-encrypted-', 'private-cache-', 'private-encrypted-cache-']) {
    test(`${prefix}… is subscribed with the right signature`, async (scene) => {
      const socket = await scene.connect();
      assert.deepEqual(await socket.subscribe(scene.name(prefix)), {});
    });
  }

  test('may be signed with channel_data or without it', async (scene) => {
    const socket = await scene.connect();
    const [first, second] = [scene.name('private-'), scene.name('private-')];
    await socket.subscribe(first, { channelData: '{"a":1}' });
    await socket.subscribe(second, { channelData: '{"a":1}', auth: channelAuth(socket.socketId, second) });
  });

  const wrong = {
    'no signature': () => null,
    'an empty signature': () => '',
    'another text': () => 'nonsense',
    'a signature without a key': (right) => right.split(':')[1],
    'the key of another app': (right) => `other:${right.split(':')[1]}`,
    'a wrong digit': (right) => right.slice(0, -1) + (right.endsWith('0') ? '1' : '0'),
    'a short signature': (right) => right.slice(0, -1),
    'a long signature': (right) => `${right}0`,
    'a signature with another secret': (right, id, channel) =>
      channelAuth(id, channel, undefined, { key: app.key, secret: 'x' }),
    'a signature for another socket': (right, id, channel) => channelAuth('1.1', channel),
    'a signature for another channel': (right, id) => channelAuth(id, 'private-other'),
    'a signature over data that is not sent': (right, id, channel) => channelAuth(id, channel, '{}'),
  };
  for (const [title, make] of Object.entries(wrong)) {
    test(`is refused with ${title}, by both messages`, async (scene) => {
      const socket = await scene.connect();
      const channel = scene.name('private-');
      socket.askFor(channel, { auth: make(channelAuth(socket.socketId, channel), socket.socketId, channel) });
      const [, sentence] = await socket.expectRefusal(channel, unauthorized);
      assert.ok(sentence.includes(channel), sentence);
      assert.ok(!sentence.includes(app.secret), sentence);
      await socket.expectAlive();
      assert.deepEqual(await socket.subscribe(channel), {}, 'a later subscription succeeds');
    });
  }

  test('that was refused delivers nothing', async (scene) => {
    const socket = await scene.connect();
    const channel = scene.name('private-');
    socket.askFor(channel, { auth: 'app-key:00' });
    await socket.expectRefusal(channel, unauthorized);
    await scene.publish(channel, 'secret', 'd');
    await socket.expectAlive();
  });

  for (const prefix of ['private-encrypted-', 'private-encrypted-cache-']) {
    test(`${prefix}… is refused by pusher:error alone`, async (scene) => {
      const socket = await scene.connect();
      socket.askFor(scene.name(prefix), { auth: 'app-key:00' });
      await socket.expectError(4009);
      await socket.expectAlive();
    });
  }
});

suite('a presence channel', {}, (test) => {
  for (const prefix of ['presence-', 'presence-cache-']) {
    test(`${prefix}… refuses a wrong signature`, async (scene) => {
      const socket = await scene.connect();
      const channel = scene.name(prefix);
      socket.askFor(channel, {
        user: { user_id: '1' },
        auth: channelAuth(socket.socketId, channel, '{"user_id":"2"}'),
      });
      await socket.expectRefusal(channel, unauthorized);
    });
  }

  for (const [title, channelData] of [
    ['no channel_data', undefined],
    ['empty channel_data', ''],
    ['channel_data that is not JSON', 'ann'],
    ['channel_data that is an array', '["1"]'],
    ['channel_data that is a string', '"1"'],
    ['no user_id', '{"user_info":{}}'],
    ['an empty user_id', '{"user_id":""}'],
    ['null as user_id', '{"user_id":null}'],
    ['a boolean as user_id', '{"user_id":true}'],
    ['a fraction as user_id', '{"user_id":1.5}'],
    ['an object as user_id', '{"user_id":{"id":1}}'],
    ['a user_id of 129 bytes', JSON.stringify({ user_id: 'é'.repeat(64) + 'e' })],
  ]) {
    test(`refuses ${title}`, async (scene) => {
      const socket = await scene.connect();
      const channel = scene.name('presence-');
      socket.askFor(channel, { channelData });
      await socket.expectRefusal(channel, unusableData);
      await socket.expectAlive();
    });
  }

  for (const [title, userId] of [
    ['128 bytes', 'é'.repeat(64)],
    ['one character', '0'],
    ['other scripts', 'é7 ☃ 🦊'],
    ['quotes', '"\\\u0000'],
  ]) {
    test(`takes a user_id of ${title}`, async (scene) => {
      const socket = await scene.connect();
      const { presence } = await socket.subscribe(scene.name('presence-'), { user: { user_id: userId } });
      assert.deepEqual(presence, { ids: [userId], hash: { [userId]: {} }, count: 1 });
    });
  }

  test('verifies the bytes of channel_data as they were sent', async (scene) => {
    const socket = await scene.connect();
    await socket.subscribe(scene.name('presence-'), {
      channelData: ' { "user_id" : 1 , "user_info" : {"name":"Łukasz ☃"} } ',
    });
  });
});

suite('channels of one connection', { settings: { 'limits.max_channels_per_connection': 2 } }, (test) => {
  test('may be limited', async (scene) => {
    const socket = await scene.connect();
    const [first, second, third] = [scene.name(), scene.name(), scene.name()];
    await socket.subscribe(first);
    await socket.subscribe(second);
    socket.askFor(third);
    const [error] = await socket.expectRefusal(third, { type: 'LimitReached', status: 4100, code: null });
    assert.match(error, /max_channels_per_connection/);
    socket.unsubscribe(first);
    await socket.subscribe(third);
  });
});
