// Connections that come and go in masses.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { frame, opcode } from '../conformance/lib/frames.mjs';
import { handshakeRequest } from '../conformance/lib/peer.mjs';
import { get } from '../conformance/lib/requests.mjs';
import { app } from '../lib/server.mjs';
import { attacks, many } from './lib/attack.mjs';

const upgrade = handshakeRequest({ path: `/app/${app.key}?protocol=7` });
const subscribe = frame(opcode.text, JSON.stringify({ event: 'pusher:subscribe', data: { channel: 'storm' } }));

const sayings = {
  'that say nothing': [],
  'in the middle of a request': ['GET /live HTTP/1.1\r\nHo'],
  'behind a request': [get('/live')],
  'in the middle of a handshake': [upgrade.slice(0, 60)],
  'behind a handshake': [upgrade],
  'in the middle of a frame': [upgrade, subscribe.subarray(0, 9)],
  'behind a subscription': [upgrade, subscribe],
};

attacks('storms of connections', {}, (attack) => {
  for (const [name, bytes] of Object.entries(sayings)) {
    attack(`2,000 resets ${name}`, async (scene) => {
      const storm = many(2_000, async () => {
        const connection = await scene.dial();
        await connection.send(...bytes);
        connection.vanish();
      });
      await scene.servesGuests();
      await storm;
    });
  }

  attack('2,000 that end at once', async (scene) => {
    const storm = many(2_000, async () => (await scene.dial()).drop());
    await scene.servesGuests();
    await storm;
  });

  attack('1,000 subscribers who vanish together', async (scene) => {
    const peers = await many(1_000, async () => {
      const peer = await scene.upgrade();
      await peer.send(subscribe);
      await peer.receive('answer');
      return peer;
    });
    await scene.servesGuests();
    for (const peer of peers) peer.vanish();
    await scene.publish('storm', 'n', 'x');
  });
});

attacks('scarce descriptors', {}, (attack) => {
  attack('three times as many connections as there are left', async (scene, before) => {
    const limit = before + 50;
    await promisify(execFile)('prlimit', ['--pid', String(scene.server.pid), `--nofile=${limit}:${limit}`]);
    const silent = await many(150, () => scene.dial());
    await scene.server.logged('accept_failed');
    await scene.servesGuests();
    for (const connection of silent) await connection.rest();
  });
});
