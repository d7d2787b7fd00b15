// Publishing with the server SDK and by hand, and what is delivered (channels HTTP API, "POST event" and
// "POST batch events").
import assert from 'node:assert/strict';

import { app } from '../lib/server.mjs';
import { suite } from './lib/suite.mjs';
import { frame } from './lib/socket.mjs';

/** An error answer: {"error":…,"code":STATUS,"reason":CODE}. Returns the sentence. */
function refusal(answer, status) {
  assert.equal(answer.status, status, answer.text);
  assert.deepEqual(Object.keys(answer.body), ['error', 'code', 'reason']);
  assert.equal(answer.body.code, status);
  return answer.body.error;
}

async function subscribers(scene, count, channel) {
  const sockets = await scene.connectAll(count);
  for (const socket of sockets) await socket.subscribe(channel, { user: { user_id: '1' } });
  return sockets;
}

suite('the server SDK', {}, (test) => {
  test('triggers an event on one channel, for every subscriber', async (scene) => {
    const channel = scene.name();
    const sockets = await subscribers(scene, 4, channel);
    const response = await scene.sdk.trigger(channel, 'App\\Events\\OrderShipped', { id: 7 });
    assert.equal(response.status, 200);
    assert.equal(await response.text(), '{}');
    for (const socket of sockets) {
      assert.equal(
        await socket.nextText(),
        `{"event":"App\\\\Events\\\\OrderShipped","data":"{\\"id\\":7}","channel":"${channel}"}`,
      );
    }
  });

  test('triggers an event on many channels', async (scene) => {
    const channels = [scene.name(), scene.name('private-'), scene.name('presence-')];
    const socket = await scene.connect();
    for (const channel of channels) await socket.subscribe(channel, { user: { user_id: '1' } });
    await scene.sdk.trigger(channels, 'e', 'd');
    for (const channel of channels) await socket.expect(frame('e', 'd', channel));
  });

  test('triggers an event on one hundred channels', async (scene) => {
    const channels = Array.from({ length: 100 }, () => scene.name());
    const socket = await scene.connect();
    await socket.subscribe(channels[99]);
    await scene.sdk.trigger(channels, 'e', 'd');
    await socket.expect(frame('e', 'd', channels[99]));
  });

  test('leaves out the connection that it names', async (scene) => {
    const channel = scene.name();
    const [excluded, ...others] = await subscribers(scene, 3, channel);
    await scene.sdk.trigger(channel, 'e', 'd', { socket_id: excluded.socketId });
    for (const other of others) await other.expect(frame('e', 'd', channel));
    await scene.nothingElse(channel, excluded, ...others);
  });

  for (const socketId of ['1.1', '99999999999999999999.1', '0.0']) {
    test(`may name a connection that does not exist: ${socketId}`, async (scene) => {
      const channel = scene.name();
      const [socket] = await subscribers(scene, 1, channel);
      await scene.sdk.trigger(channel, 'e', 'd', { socket_id: socketId });
      await socket.expect(frame('e', 'd', channel));
    });
  }

  for (const [title, data] of [
    ['an empty string', ''],
    ['text that is no JSON', 'hello {"'],
    ['JSON text with white space', '{ "a" : 1.0 }\n'],
    ['scripts and symbols', 'grüße Ελληνικά ☃ עברית 日本語'],
    ['U+0000', 'a\u0000b'],
    ['U+2028, U+2029, U+007F', '\u2028\u2029\u007f'],
    ['control characters', '\b\f\n\r\t\u0001\u001f'],
    ['characters beyond the first plane', '🦊👩‍👩‍👧‍👦𝒳'],
    ['backslashes and quotes', '\\"\\\\/\\u0041'],
  ]) {
    test(`has text delivered unchanged: ${title}`, async (scene) => {
      const channel = scene.name();
      const [socket] = await subscribers(scene, 1, channel);
      await scene.sdk.trigger(channel, 'e', data);
      await socket.expect(frame('e', data, channel));
    });
  }

  test('triggers a batch, delivered in its order', async (scene) => {
    const [one, two] = [scene.name(), scene.name('private-')];
    const socket = await scene.connect();
    await socket.subscribe(one);
    await socket.subscribe(two);
    const response = await scene.sdk.triggerBatch([
      { channel: one, name: 'a', data: '1' },
      { channel: two, name: 'b', data: { n: 2 } },
      { channel: one, name: 'c', data: '3', socket_id: socket.socketId },
      { channel: one, name: 'd', data: '4' },
    ]);
    assert.equal(await response.text(), '{}');
    await socket.expect(frame('a', '1', one), frame('b', '{"n":2}', two), frame('d', '4', one));
  });

  test('triggers a batch of ten, and not of eleven', async (scene) => {
    const channel = scene.name();
    const [socket] = await subscribers(scene, 1, channel);
    const batch = (size) => Array.from({ length: size }, (_, index) => ({ channel, name: 'e', data: String(index) }));
    await scene.sdk.triggerBatch(batch(10));
    for (let index = 0; index < 10; index += 1) await socket.expect(frame('e', String(index), channel));
    await assert.rejects(scene.sdk.triggerBatch(batch(11)), (error) => {
      assert.equal(error.status, 400);
      assert.match(error.body, /max_event_batch_size/);
      return true;
    });
    await scene.nothingElse(channel, socket);
  });

  test('gets the counts that it asks for', async (scene) => {
    const [open, presence] = [scene.name(), scene.name('presence-')];
    await subscribers(scene, 2, open);
    await subscribers(scene, 3, presence);
    const response = await scene.sdk.trigger([open, presence, 'nobody'], 'e', 'd', {
      info: 'user_count,subscription_count',
    });
    assert.deepEqual(await response.json(), {
      channels: {
        [open]: { subscription_count: 2 },
        [presence]: { user_count: 1, subscription_count: 3 },
        nobody: { subscription_count: 0 },
      },
    });
  });

  test('gets the counts of a batch as an array', async (scene) => {
    const channel = scene.name('presence-');
    await subscribers(scene, 2, channel);
    const response = await scene.sdk.triggerBatch([
      { channel, name: 'e', data: 'd' },
      { channel, name: 'e', data: 'd', info: 'user_count' },
      { channel: 'nobody', name: 'e', data: 'd', info: 'subscription_count' },
    ]);
    assert.deepEqual(await response.json(), { batch: [{}, { user_count: 1 }, { subscription_count: 0 }] });
  });

  test('sends an event to a user who is not connected', async (scene) => {
    const response = await scene.sdk.sendToUser('somebody', 'e', 'd');
    assert.equal(response.status, 200);
  });
});

suite('a publish', {}, (test) => {
  test('is answered with exactly {}', async (scene) => {
    const answer = await scene.postEvent({ name: 'e', channel: scene.name(), data: '' });
    assert.deepEqual([answer.status, answer.text, answer.headers['content-type']], [200, '{}', 'application/json']);
  });

  test('delivers once to a channel that is named twice', async (scene) => {
    const channel = scene.name();
    const [socket] = await subscribers(scene, 1, channel);
    await scene.postEvent({ name: 'e', channels: [channel, channel], data: 'd' });
    await socket.expect(frame('e', 'd', channel));
    await scene.nothingElse(channel, socket);
  });

  test('is for "channels" where it has both', async (scene) => {
    const [one, other] = [scene.name(), scene.name()];
    const [socket] = await subscribers(scene, 1, one);
    await socket.subscribe(other);
    await scene.postEvent({ name: 'e', channels: [one], channel: other, data: 'd' });
    await socket.expect(frame('e', 'd', one));
    await scene.nothingElse(other, socket);
  });

  for (const [sent, received] of [
    ['{ "b" : [ 1 , 2.50 ] , "a" : "x y" }', '{"b":[1,2.50],"a":"x y"}'],
    ['[]', '[]'],
    ['12.0', '12.0'],
    ['100000000000000000000', '100000000000000000000'],
    ['false', 'false'],
    ['null', 'null'],
  ]) {
    test(`has data that is no string delivered as its compact text: ${sent}`, async (scene) => {
      const channel = scene.name();
      const [socket] = await subscribers(scene, 1, channel);
      const answer = await scene.postEvent(`{"name":"e","channel":"${channel}","data":${sent}}`);
      assert.equal(answer.status, 200, answer.text);
      await socket.expect(frame('e', received, channel));
    });
  }

  for (const socketId of ['null', '""']) {
    test(`treats a socket_id of ${socketId} as absent`, async (scene) => {
      const channel = scene.name();
      const [socket] = await subscribers(scene, 1, channel);
      const answer = await scene.postEvent(`{"name":"e","channel":"${channel}","data":"d","socket_id":${socketId}}`);
      assert.equal(answer.status, 200);
      await socket.expect(frame('e', 'd', channel));
    });
  }

  test('ignores members that it does not know', async (scene) => {
    assert.equal((await scene.postEvent({ name: 'e', channel: 'c', data: 'd', more: { x: [] } })).status, 200);
  });

  test('may have a name of 200 characters', async (scene) => {
    const channel = scene.name();
    const [socket] = await subscribers(scene, 1, channel);
    await scene.publish(channel, 'é'.repeat(200), 'd');
    await socket.expect(frame('é'.repeat(200), 'd', channel));
  });

  for (const name of ['client-x', 'pusher', 'pusher_internal', 'pusherx:', 'Pusher:x', 'a:b', ' ']) {
    test(`may be called "${name}"`, async (scene) => {
      const channel = scene.name();
      const [socket] = await subscribers(scene, 1, channel);
      await scene.publish(channel, name, 'd');
      await socket.expect(frame(name, 'd', channel));
    });
  }

  const good = { name: 'e', channel: 'refused', data: 'd' };
  for (const [title, body, sentence] of [
    ['without a body', '', undefined],
    ['that is not JSON', 'name=e', undefined],
    ['that is cut off', '{"name":"e"', undefined],
    ['that is an array', '[]', undefined],
    ['that is a string', '"e"', undefined],
    ['without a name', { ...good, name: undefined }, /name/],
    ['with an empty name', { ...good, name: '' }, /name/],
    ['with a number as name', { ...good, name: 7 }, /name/],
    ['with a name of 201 characters', { ...good, name: 'n'.repeat(201) }, /max_event_name_length/],
    ['with a name of the protocol', { ...good, name: 'pusher:x' }, /pusher:/],
    ['with an internal name', { ...good, name: 'pusher_internal:member_added' }, /pusher_internal:/],
    ['without a channel', { name: 'e', data: 'd' }, /channel/],
    ['with no channels', { name: 'e', data: 'd', channels: [] }, /channel/],
    ['with channels that are no array', { name: 'e', data: 'd', channels: 'x' }, /channels/],
    ['with a number as channel', { name: 'e', data: 'd', channels: ['refused', 7] }, /channel/],
    ['with a channel name that is not allowed', { name: 'e', data: 'd', channels: ['refused', 'a b'] }, /a b/],
    ['with a channel name that is empty', { name: 'e', data: 'd', channels: ['refused', ''] }, /channel/],
    ['with a channel name of 201 characters', { ...good, channel: 'c'.repeat(201) }, /max_channel_name_length/],
    ['with a reserved channel name', { ...good, channel: '#everybody' }, /#everybody/],
    [
      'with 101 channels',
      { name: 'e', data: 'd', channels: Array.from({ length: 101 }, (_, n) => `refused-${n}`) },
      /max_event_channels_at_once/,
    ],
    ['without data', { name: 'e', channel: 'refused' }, /data/],
    ['with a malformed socket_id', { ...good, socket_id: '12' }, /socket_id/],
    ['with a number as socket_id', { ...good, socket_id: 12.5 }, /socket_id/],
    ['with unknown info', { ...good, info: 'user_count,colour' }, /colour/],
    ['with info that is no string', { ...good, info: 7 }, /info/],
  ]) {
    test(`is refused with 400 and a reason ${title}`, async (scene) => {
      const [socket] = await subscribers(scene, 1, 'refused');
      const error = refusal(await scene.postEvent(body), 400);
      if (sentence) assert.match(error, sentence);
      await scene.nothingElse('refused', socket);
    });
  }

  const batchPath = `/apps/${app.id}/batch_events`;
  for (const [title, body, sentence] of [
    ['that is empty', { batch: [] }, /batch/],
    ['that is no array', { batch: good }, /batch/],
    ['that is missing', {}, /batch/],
    ['with an event that is no object', { batch: [good, 'e'] }, /1/],
    ['with an invalid event', { batch: [good, good, { ...good, name: 'pusher:x' }] }, /2/],
  ]) {
    test(`refuses a batch ${title}, as a whole`, async (scene) => {
      const [socket] = await subscribers(scene, 1, 'refused');
      assert.match(refusal(await scene.postEvent(body, batchPath), 400), sentence);
      await scene.nothingElse('refused', socket);
    });
  }

  test('in a batch may have several channels', async (scene) => {
    const channels = [scene.name(), scene.name()];
    const socket = await scene.connect();
    for (const channel of channels) await socket.subscribe(channel);
    assert.equal((await scene.postEvent({ batch: [{ name: 'e', channels, data: 'd' }] }, batchPath)).status, 200);
    for (const channel of channels) await socket.expect(frame('e', 'd', channel));
  });
});

suite(
  'a publish with much data',
  { settings: { 'limits.max_event_payload': 1000, 'limits.max_request_size': 20000 } },
  (test) => {
    test('may have max_event_payload bytes, counted after decoding', async (scene) => {
      const channel = scene.name();
      const [socket] = await subscribers(scene, 1, channel);
      const data = '"'.repeat(400) + 'é'.repeat(300);
      await scene.publish(channel, 'e', data);
      await socket.expect(frame('e', data, channel));
    });

    for (const [title, data] of [
      ['text', `${'é'.repeat(500)}x`],
      ['an object', { x: 'x'.repeat(993) }],
    ]) {
      test(`is refused with 413 one byte past it: ${title}`, async (scene) => {
        const channel = scene.name();
        const [socket] = await subscribers(scene, 1, channel);
        assert.match(refusal(await scene.postEvent({ name: 'e', channel, data }), 413), /max_event_payload/);
        await scene.nothingElse(channel, socket);
      });
    }

    test('is refused with 413 for one event of a batch', async (scene) => {
      const channel = scene.name();
      const [socket] = await subscribers(scene, 1, channel);
      const batch = [
        { name: 'e', channel, data: 'd' },
        { name: 'e', channel, data: 'x'.repeat(1001) },
      ];
      assert.match(refusal(await scene.postEvent({ batch }, `/apps/${app.id}/batch_events`), 413), /1/);
      await scene.nothingElse(channel, socket);
    });

    test('is refused with 413 past max_request_size, and the connection ends', async (scene) => {
      const answer = await scene.postEvent({ name: 'e', channel: 'c', data: 'x'.repeat(20_000) });
      assert.match(refusal(answer, 413), /max_request_size/);
      assert.equal(answer.headers.connection, 'close');
    });
  },
);

suite(
  'a limited publisher',
  {
    settings: { 'limits.max_backend_events_per_second': 5, 'limits.max_read_requests_per_second': 2 },
  },
  (test) => {
    test('is told with 429 when to come back, each channel counting', async (scene) => {
      const channels = ['a', 'b', 'c', 'd'];
      const answers = [];
      for (let n = 0; n < 3; n += 1) answers.push(await scene.postEvent({ name: 'e', channels, data: 'd' }));
      const refused = answers.find((answer) => answer.status === 429);
      assert.match(refusal(refused, 429), /max_backend_events_per_second/);
      assert.ok(Number(refused.headers['retry-after']) >= 1);
      assert.equal(refused.headers['x-ratelimit-limit'], '5');
      assert.match(refused.headers['x-ratelimit-remaining'], /^[0-4]$/);
    });

    test('is told with 429 that it reads too often', async (scene) => {
      const answers = [];
      for (let n = 0; n < 6; n += 1) answers.push(await scene.api({ path: `/apps/${app.id}/channels` }));
      assert.match(
        refusal(
          answers.find((answer) => answer.status === 429),
          429,
        ),
        /max_read_requests_per_second/,
      );
    });
  },
);
