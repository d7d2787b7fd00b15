// Events from client to client (channels protocol, "Client events").
import assert from 'node:assert/strict';

import { suite } from './lib/suite.mjs';
import { frame } from './lib/socket.mjs';

async function joinAll(scene, channel, ...ids) {
  const sockets = await scene.connectAll(ids.length);
  for (const [index, id] of ids.entries()) {
    await sockets[index].subscribe(channel, channel.startsWith('presence-') ? { user: { user_id: id } } : {});
    if (!channel.startsWith('presence-') || ids.indexOf(id) !== index) continue;
    for (const earlier of sockets.slice(0, index)) {
      await earlier.expect(frame('pusher_internal:member_added', `{"user_id":"${id}","user_info":{}}`, channel));
    }
  }
  return sockets;
}

suite('a client event', { settings: { 'limits.max_event_payload': 1000 } }, (test) => {
  test('on private-… goes to all others, without user_id', async (scene) => {
    const channel = scene.name('private-');
    const [sender, ...others] = await joinAll(scene, channel, 'a', 'b', 'c', 'd');
    sender.send({ event: 'client-x', data: { n: 1 }, channel });
    for (const other of others) await other.expect(frame('client-x', '{"n":1}', channel));
    await scene.nothingElse(channel, sender, ...others);
  });

  test('on presence-… carries the sender, and reaches another tab of his', async (scene) => {
    const channel = scene.name('presence-');
    const [sender, tab, other] = await joinAll(scene, channel, 'ann', 'ann', 'bo');
    sender.send({ event: 'client-x', data: {}, channel });
    for (const socket of [tab, other]) await socket.expect(frame('client-x', '{}', channel, 'ann'));
    await scene.nothingElse(channel, sender, tab, other);
  });

  test('cannot choose its user_id', async (scene) => {
    const [presence, secret] = [scene.name('presence-'), scene.name('private-')];
    const [ann, bo] = await joinAll(scene, presence, 'ann', 'bo');
    ann.send({ event: 'client-x', data: {}, channel: presence, user_id: 'bo' });
    await bo.expect(frame('client-x', '{}', presence, 'ann'));
    const [sender, other] = await joinAll(scene, secret, '', '');
    sender.send({ event: 'client-x', data: {}, channel: secret, user_id: 'bo' });
    await other.expect(frame('client-x', '{}', secret));
  });

  for (const [title, sent, received] of [
    ['an object', '{"on":true,"list":[1,2]}', '{"on":true,"list":[1,2]}'],
    ['a string, which stays as it is', '"{\\"on\\": true}"', '{"on": true}'],
    ['a string that is no JSON', '"hello"', 'hello'],
    ['an empty string', '""', ''],
    ['a string with U+0000, U+2028, an astral character', '"\\u0000\u2028\\ud83e\\udd8a☃"', '\u0000\u2028🦊☃'],
    ['a number, as it was written', '1.50', '1.50'],
    ['1e20 as JavaScript writes it', '100000000000000000000', '100000000000000000000'],
    ['a number beyond a double', '{"x":1e400}', '{"x":1e400}'],
    ['half of an emoji in an object, as it was written', '{"x":"\\ud83e"}', '{"x":"\\ud83e"}'],
    ['half of an emoji in a text, which UTF-8 cannot hold', '"cut \\ud83e"', 'cut \ufffd'],
    ['true', 'true', 'true'],
    ['an array', '[]', '[]'],
    ['null', 'null', '{}'],
  ]) {
    test(`may carry ${title}`, async (scene) => {
      const channel = scene.name('private-');
      const [sender, other] = await joinAll(scene, channel, '', '');
      sender.send(`{"event":"client-x","data":${sent},"channel":"${channel}"}`);
      await other.expect(frame('client-x', received, channel));
    });
  }

  test('may carry nothing', async (scene) => {
    const channel = scene.name('private-');
    const [sender, other] = await joinAll(scene, channel, '', '');
    sender.send({ event: 'client-x', channel });
    await other.expect(frame('client-x', '{}', channel));
  });

  test('may have a name of 200 characters and data of max_event_payload bytes', async (scene) => {
    const channel = scene.name('private-');
    const [sender, other] = await joinAll(scene, channel, '', '');
    const event = `client-${'n'.repeat(193)}`;
    sender.send({ event, data: 'é'.repeat(500), channel });
    await other.expect(frame(event, 'é'.repeat(500), channel));
  });

  for (const [title, prefix, change, sentence] of [
    ['on a public channel', '', {}, /ROOM/],
    ['on an encrypted channel', 'private-encrypted-', {}, /ROOM/],
    ['with a name of 201 characters', 'private-', { event: `client-${'n'.repeat(194)}` }, /max_event_name_length/],
    ['with data of one byte too many', 'private-', { data: 'é'.repeat(500) + 'x' }, /max_event_payload/],
    ['with an object whose text is too long', 'private-', { data: { x: 'x'.repeat(993) } }, /max_event_payload/],
  ]) {
    test(`is refused ${title}`, async (scene) => {
      const channel = scene.name(prefix);
      const [sender, other] = await scene.connectAll(2);
      for (const socket of [sender, other]) await socket.subscribe(channel);
      sender.send({ event: 'client-x', data: {}, channel, ...change });
      const message = await sender.expectError(null);
      assert.match(message, new RegExp(sentence.source.replace('ROOM', channel)));
      await sender.expectAlive();
      await scene.nothingElse(channel, sender, other);
    });
  }

  test('is refused to who is not subscribed, with rule and channel', async (scene) => {
    const channel = scene.name('private-');
    const [member] = await joinAll(scene, channel, '');
    const stranger = await scene.connect();
    stranger.send({ event: 'client-x', data: {}, channel });
    const message = await stranger.expectError(null);
    assert.ok(message.includes(channel) && /subscri/i.test(message), message);
    await scene.nothingElse(channel, member);
  });

  test('is refused after unsubscribing', async (scene) => {
    const channel = scene.name('private-');
    const [sender, other] = await joinAll(scene, channel, '', '');
    sender.unsubscribe(channel);
    sender.send({ event: 'client-x', data: {}, channel });
    await sender.expectError(null);
    await scene.nothingElse(channel, other);
  });
});

suite('client events in a hurry', { settings: { 'limits.max_client_events_per_second': 5 } }, (test) => {
  test('are refused with 4301 past the rate, and only for who hurries', async (scene) => {
    const channel = scene.name('private-');
    const [hasty, calm] = await joinAll(scene, channel, '', '');
    for (let n = 0; n < 30; n += 1) hasty.send({ event: 'client-x', data: String(n), channel });
    hasty.send({ event: 'pusher:ping' });
    let refused = 0;
    for (let message = await hasty.next(); message.event !== 'pusher:pong'; message = await hasty.next()) {
      assert.equal(message.data.code, 4301, JSON.stringify(message));
      refused += 1;
    }
    calm.send({ event: 'client-y', data: '', channel });
    await hasty.expect(frame('client-y', '', channel));
    await scene.publish(channel, 'marker', '');
    const delivered = [];
    for (let message = await calm.next(); message.event !== 'marker'; message = await calm.next())
      delivered.push(message);
    assert.ok(delivered.length >= 5 && delivered.length <= 10, `${delivered.length} of 30 delivered`);
    assert.ok(refused > 0 && refused <= 30 - delivered.length, `${refused} of 30 refused`);
    assert.deepEqual(
      delivered.slice(0, 5),
      ['0', '1', '2', '3', '4'].map((n) => frame('client-x', n, channel)),
    );
  });
});

suite('an app without client events', { settings: { 'app.enable_client_messages': false } }, (test) => {
  test('refuses them with a sentence and goes on', async (scene) => {
    const channel = scene.name('private-');
    const [sender, other] = await joinAll(scene, channel, '', '');
    sender.send({ event: 'client-x', data: {}, channel });
    assert.match(await sender.expectError(null), /client/);
    await scene.nothingElse(channel, sender, other);
  });
});

suite('an app that takes client events from all', { settings: { 'app.accept_client_events_from': 'all' } }, (test) => {
  for (const prefix of ['', 'private-']) {
    test(`passes on those of a connection that is not subscribed: ${prefix || 'public'}`, async (scene) => {
      const channel = scene.name(prefix);
      const [sender, other] = await scene.connectAll(2);
      await other.subscribe(channel);
      sender.send({ event: 'client-x', data: { n: 1 }, channel });
      await other.expect(frame('client-x', '{"n":1}', channel));
      await sender.expectAlive();
    });
  }

  test('refuses those to names that are no channels', async (scene) => {
    const sender = await scene.connect();
    for (const channel of ['#server-to-user-1', 'a b', 'private-encrypted-x']) {
      sender.send({ event: 'client-x', data: {}, channel });
      await sender.expectError(null);
    }
  });
});

suite(
  'an app that takes client events from nobody',
  { settings: { 'app.accept_client_events_from': 'none' } },
  (test) => {
    test('refuses them', async (scene) => {
      const channel = scene.name('private-');
      const [sender, other] = await joinAll(scene, channel, '', '');
      sender.send({ event: 'client-x', data: {}, channel });
      assert.match(await sender.expectError(null), /app\.accept_client_events_from/);
      await scene.nothingElse(channel, sender, other);
    });
  },
);
