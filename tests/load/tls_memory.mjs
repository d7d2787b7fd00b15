// What an idle connection costs in memory, plain and with TLS: opens many WebSocket connections with a subscription
// each to one of 100 channels, as `parley bench idle` does, and compares what the server occupies (Pss: its own pages and
// its share of the others) before and after.
//
// usage: node tests/load/tls_memory.mjs [CONNECTIONS]     PARLEY_BUILD_DIR names the folder of the program
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import tls from 'node:tls';

import { Authority } from '../lib/certificates.mjs';
import { pathOf } from '../lib/program.mjs';

const count = Number(process.argv[2] ?? 2_000);
const warmUp = 200; // connections that are opened before counting begins: what is made once is not counted
const channels = 100;
const atOnce = 50;
const allowed = 17 * 1_024; // bytes per idle connection with TLS

const upgrade = [
  'GET /app/app-key?protocol=7 HTTP/1.1',
  'Host: 127.0.0.1',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '\r\n',
].join('\r\n');

/** A masked text frame of at most 125 bytes; the mask is all zeros. */
function textFrame(text) {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

/** A connection that is subscribed to a channel, and idle from then on. */
async function open(port, number, authority) {
  const where = { host: '127.0.0.1', port };
  const socket = authority ? tls.connect({ ...where, ca: authority.certificate }) : net.connect(where);
  await once(socket, authority ? 'secureConnect' : 'connect');
  let text = '';
  const seen = (words) =>
    new Promise((resolve, reject) => {
      const look = (chunk) => {
        text += chunk.toString('latin1');
        if (!text.includes(words)) return;
        socket.off('data', look);
        resolve();
      };
      socket.on('data', look);
      socket.once('close', () => reject(new Error(`closed before ${words}`)));
    });
  const greeted = seen('connection_established');
  socket.write(upgrade);
  await greeted;
  const subscribed = seen('subscription_succeeded');
  socket.write(
    textFrame(JSON.stringify({ event: 'pusher:subscribe', data: { channel: `room-${number % channels}` } })),
  );
  await subscribed;
  socket.resume();
  return socket;
}

async function openMany(port, from, to, authority) {
  const sockets = [];
  for (let first = from; first < to; first += atOnce) {
    const numbers = Array.from({ length: Math.min(atOnce, to - first) }, (_, i) => first + i);
    sockets.push(...(await Promise.all(numbers.map((number) => open(port, number, authority)))));
  }
  return sockets;
}

async function occupied(pid) {
  const [, kilobytes] = /^Pss:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'));
  return Number(kilobytes) * 1_024;
}

/** Starts a server without the chat; resolves with its process and port. */
async function start(directory, settings) {
  const words = ['serve', '--host', '127.0.0.1', '--port', '0', '--log-format', 'json', '--workers', '2'];
  const env = { PATH: process.env.PATH, PARLEY_CHAT_ENABLED: 'false', PARLEY_METRICS_ENABLED: 'false', ...settings };
  const child = spawn(pathOf('parley'), words, { cwd: directory, env, stdio: ['ignore', 'ignore', 'pipe'] });
  process.once('exit', () => child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stderr })) {
    const port = /"event":"listening".*"port":(\d+)/.exec(line)?.[1];
    if (port) return { child, port: Number(port) };
  }
  throw new Error('the server did not start');
}

/** Bytes per idle connection. */
async function measure(authority, settings) {
  const directory = await mkdtemp(join(tmpdir(), 'parley-memory-'));
  const { child, port } = await start(directory, settings);
  child.stderr.resume();
  const sockets = await openMany(port, 0, warmUp, authority);
  const before = await occupied(child.pid);
  sockets.push(...(await openMany(port, warmUp, warmUp + count, authority)));
  const after = await occupied(child.pid);
  for (const socket of sockets) socket.destroy();
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  await rm(directory, { recursive: true, force: true });
  return Math.round((after - before) / count);
}

const authority = await Authority.make();
const files = await authority.certify('localhost');
const settings = { PARLEY_TLS_CERTIFICATE: files['tls.certificate'], PARLEY_TLS_KEY: files['tls.key'] };
const plain = await measure(undefined, {});
const secured = await measure(authority, settings);
await authority.remove();
console.log(`${count} idle connections, bytes of the server for each: plain ${plain}, TLS ${secured}`);
assert.ok(secured <= allowed, `TLS takes more than ${allowed} bytes per idle connection`);
