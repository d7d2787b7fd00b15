// What clients send, well and badly (channels protocol, "Events").
import assert from 'node:assert/strict';

import { suite } from './lib/suite.mjs';
import { frame } from './lib/socket.mjs';

const nested = (levels) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;

suite('bad input', {}, (test) => {
  for (const [title, text] of [
    ['text that is not JSON', 'hello'],
    ['an empty message', ''],
    ['JSON that is cut off', '{"event":"pusher:ping"'],
    ['JSON with something behind it', '{"event":"pusher:ping"} {}'],
    ['an array', '[]'],
    ['a string', '"pusher:ping"'],
    ['a number', '42'],
    ['null', 'null'],
    ['an object without event', '{"data":{}}'],
    ['an event that is a number', '{"event":7,"data":{}}'],
    ['an event that is null', '{"event":null}'],
    ['an unknown event of the protocol', '{"event":"pusher:dance","data":{}}'],
    [
      'an event that only the server sends',
      '{"event":"pusher_internal:subscription_succeeded","data":"{}","channel":"x"}',
    ],
    ['an event that is neither reserved nor of clients', '{"event":"message","data":{},"channel":"x"}'],
    ['a subscription without data', '{"event":"pusher:subscribe"}'],
    ['a subscription with an array', '{"event":"pusher:subscribe","data":[]}'],
    ['a subscription without channel', '{"event":"pusher:subscribe","data":{}}'],
    ['a subscription to a number', '{"event":"pusher:subscribe","data":{"channel":7}}'],
    ['a subscription with data that is no JSON text', '{"event":"pusher:subscribe","data":"news"}'],
    ['an unsubscription from an object', '{"event":"pusher:unsubscribe","data":{"channel":{}}}'],
    ['a client event without channel', '{"event":"client-x","data":{}}'],
    ['a client event to a number', '{"event":"client-x","data":{},"channel":7}'],
    ['JSON nested too deep', `{"event":"pusher:ping","data":${nested(32)}}`],
  ]) {
    test(`is answered with an error, and the connection goes on: ${title}`, async (scene) => {
      const socket = await scene.connect();
      socket.send(text);
      await socket.expectError(null);
      await socket.expectAlive();
    });
  }

  test('is answered ten times a second at most', async (scene) => {
    const socket = await scene.connect();
    for (let bad = 0; bad < 200; bad += 1) socket.send('bad');
    socket.send({ event: 'pusher:ping' });
    let errors = 0;
    for (let message = await socket.next(); message.event !== 'pusher:pong'; message = await socket.next()) {
      assert.equal(message.event, 'pusher:error');
      errors += 1;
    }
    assert.ok(errors >= 10 && errors <= 20, `${errors} errors`); // 20: the burst lay over the end of a second
  });
});

suite('good input', {}, (test) => {
  for (const [title, text] of [
    ['members in another order', '{"data":{"channel":"CHANNEL"},"event":"pusher:subscribe"}'],
    ['white space', ' {\n\t"event" : "pusher:subscribe" ,\r\n "data" : { "channel" : "CHANNEL" } } '],
    ['data as a string of JSON', '{"event":"pusher:subscribe","data":"{\\"channel\\":\\"CHANNEL\\"}"}'],
    ['unknown members', '{"id":1,"event":"pusher:subscribe","data":{"channel":"CHANNEL","more":[{}]},"x":{"y":null}}'],
    ['escaped member names', '{"\\u0065vent":"pusher:subscribe","data":{"ch\\u0061nnel":"CHANNEL"}}'],
    ['escaped values', '{"event":"pusher\\u003asubscribe","data":{"channel":"CHANNEL"}}'],
    [
      'a member twice, of which the last counts',
      '{"event":"pusher:ping","event":"pusher:subscribe","data":{"channel":"CHANNEL"}}',
    ],
    [
      'null where data may be absent',
      '{"event":"pusher:subscribe","data":{"channel":"CHANNEL","auth":null,"channel_data":null}}',
    ],
    [
      'an authorization of any kind, which a public channel does not look at',
      '{"event":"pusher:subscribe","data":{"channel":"CHANNEL","auth":7,"channel_data":{}}}',
    ],
  ]) {
    test(`is understood with ${title}`, async (scene) => {
      const socket = await scene.connect();
      const channel = scene.name();
      socket.send(text.replace('CHANNEL', channel));
      await socket.expect(frame('pusher_internal:subscription_succeeded', '{}', channel));
    });
  }

  test('may be nested up to the limit', async (scene) => {
    const socket = await scene.connect();
    socket.send(`{"event":"pusher:ping","data":${nested(31)}}`);
    await socket.expect(frame('pusher:pong', '{}'));
  });
});
