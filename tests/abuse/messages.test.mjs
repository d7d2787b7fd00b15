// Well-formed frames and requests whose content is hostile: too deep, too long, too many.
import assert from 'node:assert/strict';

import { frame, opcode } from '../conformance/lib/frames.mjs';
import { app } from '../lib/server.mjs';
import { channelAuth } from '../lib/signing.mjs';
import { attacks, many } from './lib/attack.mjs';

const text = (message) => frame(opcode.text, typeof message === 'string' ? message : JSON.stringify(message));
const subscribe = (data) => text({ event: 'pusher:subscribe', data });

/** Everything sent before was handled; returns how many messages were sent meanwhile. */
async function settled(peer) {
  await peer.send(frame(opcode.ping, 'settled'));
  for (let answers = 0; ; answers += 1) {
    const { opcode: code, payload } = await peer.receive();
    if (code === opcode.pong) return answers;
    assert.equal(code, opcode.text, payload.toString());
  }
}

const nested = (levels, open = '[', close = ']') => `${open.repeat(levels)}1${close.repeat(levels)}`;
const digits = (count) => '9'.repeat(count);
const repeated = (count, member) => Array(count).fill(member).join(',');

/** JSON that is hard on those who read it, each within one message. */
const hostile = {
  'arrays nested 100,000 deep': nested(100_000),
  'arrays that are not closed': '['.repeat(200_000),
  'objects nested 30,000 deep': nested(30_000, '{"a":', '}'),
  'a number of 200,000 digits': digits(200_000),
  'a number with an endless exponent': `1e${digits(100_000)}`,
  'the smallest of numbers': `-0.${'0'.repeat(100_000)}1`,
  'a string of 200,000 bytes': `"${'x'.repeat(200_000)}"`,
  'a string of escapes': `"${'\\u0000'.repeat(30_000)}"`,
  'half a surrogate pair': '"\\ud800"',
  'a key 10,000 times': `{${repeated(10_000, '"channel":"a"')}}`,
  '20,000 keys': `{${Array.from({ length: 20_000 }, (_, index) => `"k${index}":0`).join(',')}}`,
  '100,000 elements': `[${repeated(100_000, '0')}]`,
};

// Nobody is silent here, but a busy machine may make it look so.
const settings = { 'limits.activity_timeout': 60 };

attacks('hostile JSON', settings, (attack) => {
  for (const [name, json] of Object.entries(hostile)) {
    attack(`in every place of a message: ${name}`, async (scene) => {
      for (const message of [
        json,
        `{"event":${json}}`,
        `{"event":"pusher:ping","data":${json}}`,
        `{"event":"pusher:subscribe","data":${json}}`,
        `{"event":"pusher:subscribe","data":{"channel":${json}}}`,
        `{"event":"pusher:subscribe","data":{"channel":"private-x","auth":${json}}}`,
        `{"event":"pusher:subscribe","data":{"channel":"presence-x","auth":"a:b","channel_data":${json}}}`,
        `{"event":"pusher:unsubscribe","data":{"channel":${json}}}`,
        `{"event":"pusher:signin","data":{"auth":"a:b","user_data":${json}}}`,
        `{"event":"client-x","channel":${json},"data":${json.length < 50_000 ? json : 1}}`,
      ]) {
        const peer = await scene.upgrade();
        await peer.send(text(message));
        await settled(peer);
        await peer.close();
      }
    });

    attack(`in a member's data that is rightly signed: ${name}`, async (scene) => {
      const peer = await scene.upgrade();
      const channelData = `{"user_id":"x","user_info":${json}}`;
      const auth = channelAuth(peer.socketId, 'presence-hostile', channelData);
      await peer.send(subscribe({ channel: 'presence-hostile', auth, channel_data: channelData }));
      await settled(peer);
      await peer.close();
    });

    attack(`in requests: ${name}`, async (scene) => {
      for (const body of [
        json,
        `{"name":"n","channel":"c","data":${json}}`,
        `{"batch":${json}}`,
        `{"channels":${json}}`,
      ]) {
        for (const path of [`/apps/${app.id}/events`, `/apps/${app.id}/batch_events`]) {
          const { status } = await scene.postEvent(body, path);
          assert.ok(status < 500, `status ${status}`);
        }
      }
      for (const target of ['/api/auth/login', '/api/auth/register', '/broadcasting/auth']) {
        const headers = { 'Content-Type': 'application/json' };
        const { status } = await scene.request({ method: 'POST', target, headers, body: `{"email":${json}}` });
        assert.ok(status >= 400 && status < 500, `${target}: status ${status}`);
      }
    });
  }
});

attacks('long names', settings, (attack) => {
  attack('a channel of a megabyte, over the connection and by HTTP', async (scene) => {
    const name = 'x'.repeat(1024 * 1024);
    const peer = await scene.upgrade();
    await peer.send(subscribe({ channel: name }));
    await peer.expectClose(1009);
    assert.equal((await scene.postEvent({ name: 'n', channel: name, data: 'x' })).status, 400);
    const { status } = await scene.api({ path: `/apps/${app.id}/channels/${name.slice(0, 8_000)}` });
    assert.ok([400, 414].includes(status), `status ${status}`);
  });

  attack('as long as a message may be, of every kind', async (scene) => {
    const name = 'x'.repeat(200_000);
    const peer = await scene.upgrade();
    for (const prefix of ['', 'private-', 'presence-', 'private-encrypted-', 'cache-', '#', '#server-to-user-']) {
      const channel = prefix + name;
      await peer.send(subscribe({ channel, auth: channelAuth(peer.socketId, channel) }));
      assert.ok((await settled(peer)) > 0, 'it is refused');
      await peer.send(text({ event: 'client-x', channel, data: {} }), text({ event: `client-${name}`, channel: 'c' }));
      await settled(peer);
    }
    await peer.close();
  });
});

attacks('floods of messages', settings, (attack) => {
  attack('5,000 subscriptions on each of 10 connections', async (scene) => {
    const peers = await many(10, () => scene.upgrade());
    const flood = Array.from({ length: 5_000 }, (_, index) => subscribe({ channel: `flood-${index}` }));
    for (const peer of peers) peer.send(Buffer.concat(flood)).catch(() => {});
    await scene.servesGuests();
    for (const peer of peers) assert.equal(await settled(peer), 5_000);
  });

  attack('10,000 times to and fro on each of 10 connections', async (scene) => {
    const peers = await many(10, () => scene.upgrade());
    const once = Buffer.concat([
      subscribe({ channel: 'flapping' }),
      text({ event: 'pusher:unsubscribe', data: { channel: 'flapping' } }),
    ]);
    for (const peer of peers) peer.send(Buffer.concat(Array(10_000).fill(once))).catch(() => {});
    await scene.servesGuests();
    for (const peer of peers) assert.equal(await settled(peer), 10_000);
  });

  attack('members who come and go faster than allowed, on 10 connections', async (scene) => {
    const channel = scene.name('presence-');
    await many(10, async (index) => {
      const peer = await scene.upgrade();
      const channelData = JSON.stringify({ user_id: `user-${index}` });
      const auth = channelAuth(peer.socketId, channel, channelData);
      const leave = text({ event: 'pusher:unsubscribe', data: { channel } });
      const once = Buffer.concat([subscribe({ channel, auth, channel_data: channelData }), leave]);
      await peer.send(Buffer.concat(Array(1_000).fill(once)));
      await settled(peer);
    });
  });

  attack('20,000 bad messages on each of 20 connections', async (scene) => {
    const peers = await many(20, () => scene.upgrade());
    const bad = Buffer.concat(Array(20_000).fill(text('bad')));
    for (const peer of peers) peer.send(bad).catch(() => {});
    await scene.servesGuests();
    for (const peer of peers) {
      assert.ok((await settled(peer)) < 1_000, 'the number of answers is limited');
    }
  });

  attack('5,000 refused subscriptions on each of 10 connections', async (scene) => {
    const peers = await many(10, () => scene.upgrade());
    const refused = Buffer.concat(Array(5_000).fill(subscribe({ channel: 'private-x', auth: 'app-key:00' })));
    for (const peer of peers) peer.send(refused).catch(() => {});
    await scene.servesGuests();
    for (const peer of peers) await settled(peer);
  });

  attack('20,000 client events on each of 10 members', async (scene) => {
    const channel = scene.name('private-');
    const peers = await many(10, () => scene.upgrade());
    for (const peer of peers) {
      await peer.send(subscribe({ channel, auth: channelAuth(peer.socketId, channel) }));
      await settled(peer);
    }
    const flood = Buffer.concat(Array(20_000).fill(text({ event: 'client-x', channel, data: {} })));
    for (const peer of peers) peer.send(flood).catch(() => {});
    await scene.servesGuests();
    for (const peer of peers) await settled(peer);
  });
});
