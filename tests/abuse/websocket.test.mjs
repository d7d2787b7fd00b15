// WebSocket connections that break the rules, say nothing, say too much or never read.
import assert from 'node:assert/strict';

import { badClosePayloads, brokenFrames, illegalCloseCodes, refusedHandshakes } from '../conformance/lib/cases.mjs';
import { closePayload, frame, opcode } from '../conformance/lib/frames.mjs';
import { handshakeRequest } from '../conformance/lib/peer.mjs';
import { app } from '../lib/server.mjs';
import { attacks, many } from './lib/attack.mjs';

const path = `/app/${app.key}?protocol=7`;
const largest = 262_144;

attacks('handshakes', {}, (attack) => {
  attack('each kind that is refused, on 20 connections', async (scene) => {
    for (const { request, statuses } of Object.values(refusedHandshakes)) {
      for (const connection of await many(20, () => scene.dial())) {
        await connection.send(handshakeRequest({ path, ...request }));
        assert.ok(statuses.includes((await connection.head()).status));
        connection.drop();
      }
    }
  });

  attack('500 that stop in the middle', async (scene, before) => {
    const half = handshakeRequest({ path }).slice(0, 90);
    const connections = await many(500, () => scene.dial());
    await Promise.all(connections.map((connection) => connection.send(half)));
    await scene.servesGuests();
    await scene.endsByItself(before);
  });

  attack('500 after which nothing is said, not even a pong', async (scene, before) => {
    await many(500, () => scene.upgrade());
    await scene.servesGuests();
    await scene.endsByItself(before);
  });

  attack('200 with a message of which only the last byte is missing', async (scene, before) => {
    const unfinished = frame(opcode.text, 'x'.repeat(largest), { fin: false });
    const peers = await many(200, () => scene.upgrade());
    await Promise.all(peers.map((peer) => peer.send(unfinished)));
    await scene.servesGuests();
    await scene.endsByItself(before);
  });

  attack('200 whose client ends its output', async (scene, before) => {
    for (const peer of await many(200, () => scene.upgrade())) peer.endOutput();
    await scene.endsByItself(before);
  });

  attack('200 to apps that do not exist', async (scene) => {
    await many(200, async () => {
      const connection = await scene.dial();
      await connection.send(handshakeRequest({ path: `/app/${'x'.repeat(1_000)}?protocol=7` }));
      assert.equal((await connection.head()).status, 101);
      assert.match(await connection.rest(), /4001/);
    });
  });
});

attacks('broken frames', {}, (attack) => {
  const broken = {
    ...brokenFrames,
    'text that is no UTF-8': frame(opcode.text, Buffer.from('7b22ff', 'hex')),
    'a binary message': frame(opcode.binary, 'x'),
    'a frame of 2^63 - 1 bytes': frame(opcode.text, 'x', { announced: (1n << 63n) - 1n, lengthBytes: 8 }),
    'a frame of 2^64 - 1 bytes': frame(opcode.text, 'x', { announced: (1n << 64n) - 1n, lengthBytes: 8 }),
    'a frame one byte too large': frame(opcode.text, '', { announced: largest + 1, lengthBytes: 8 }),
    'a message one byte too large over fragments': Buffer.concat([
      frame(opcode.text, 'x'.repeat(largest), { fin: false }),
      frame(opcode.continuation, 'x'),
    ]),
  };
  for (const [name, { payload }] of Object.entries(badClosePayloads))
    broken[`a close with ${name}`] = frame(opcode.close, payload);
  for (const code of illegalCloseCodes) broken[`a close with ${code}`] = frame(opcode.close, closePayload(code));

  for (const [name, bytes] of Object.entries(broken)) {
    attack(`${name}, on 20 connections`, async (scene) => {
      for (const peer of await many(20, () => scene.upgrade())) {
        await peer.send(Buffer.concat([bytes, frame(opcode.text, 'never read')]));
        assert.equal((await peer.receive()).opcode, opcode.close);
        peer.drop();
      }
    });
  }
});

// Nobody is silent here, but a busy machine may make it look so.
attacks('floods of frames', { 'limits.activity_timeout': 60 }, (attack) => {
  attack('a message of endless empty fragments, on 20 connections', async (scene) => {
    const peers = await many(20, () => scene.upgrade());
    const empty = Buffer.concat(Array(20_000).fill(frame(opcode.continuation, '', { fin: false })));
    const sent = peers.map((peer) => peer.send(frame(opcode.text, '', { fin: false }), empty, empty));
    await scene.servesGuests();
    await Promise.all(sent);
    for (const peer of peers) {
      await peer.send(frame(opcode.ping, 'still there'));
      await peer.expect(opcode.pong, 'still there');
    }
  });

  attack('100,000 pings on each of 10 connections that read the pongs', async (scene) => {
    const pings = Buffer.concat(Array(10_000).fill(frame(opcode.ping, 'ping')));
    await many(10, async () => {
      const peer = await scene.upgrade();
      for (let round = 0; round < 10; round += 1) {
        await peer.send(pings);
        await peer.take(10_000 * 6);
      }
      await peer.close();
    });
  });

  attack('endless pings on 10 connections that read no pong', async (scene, before) => {
    const pings = Buffer.concat(Array(200_000).fill(frame(opcode.ping, 'x'.repeat(125))));
    const deaf = await many(10, () => scene.dialDeaf());
    for (const connection of deaf) {
      connection.send(handshakeRequest({ path }));
      connection.send(pings);
    }
    await scene.servesGuests();
    await scene.endsByItself(before);
  });

  attack('100,000 pongs and 1,000 closes that nobody asked for, on 10 connections', async (scene, before) => {
    const pongs = Buffer.concat(Array(100_000).fill(frame(opcode.pong, 'pong')));
    const closes = Buffer.concat(Array(1_000).fill(frame(opcode.close, closePayload(1000))));
    const peers = await many(10, () => scene.upgrade());
    for (const peer of peers) peer.send(pongs, closes).catch(() => {});
    for (const peer of peers) await peer.expectClose(1000);
    await scene.endsByItself(before);
  });
});

attacks('subscribers who never read', { 'limits.max_backpressure': 1_048_576 }, (attack) => {
  attack('20 of them, while 20 MB are published', async (scene, before) => {
    const channel = scene.name();
    const subscribe = frame(opcode.text, JSON.stringify({ event: 'pusher:subscribe', data: { channel } }));
    for (const connection of await many(20, () => scene.dialDeaf())) {
      connection.send(handshakeRequest({ path }));
      connection.send(subscribe);
    }
    for (let published = 0; published < 200; published += 1) {
      await scene.publish(channel, 'large', 'x'.repeat(100_000));
      if (published % 50 === 0) await scene.servesGuests();
    }
    await scene.endsByItself(before);
  });
});
