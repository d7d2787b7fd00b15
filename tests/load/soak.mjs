// Whether memory stays flat while connections come and go: connect, subscribe, publish, client event, leave, again and
// again, many at a time. `node tests/load/soak.mjs --cycles 200000` for long; needs `npm ci` in tests/e2e.
import assert from 'node:assert/strict';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { Socket } from '../e2e/lib/socket.mjs';
import { eventually, within } from '../lib/deadline.mjs';
import { openDescriptors, residentBytes } from '../lib/process.mjs';
import { app, Server } from '../lib/server.mjs';
import { signedTarget } from '../lib/signing.mjs';

const mib = 1024 * 1024;
const rounds = 20;

/** The first message for which `fits`; others, of channels that many share, are passed over. */
async function awaited(socket, fits) {
  for (;;) {
    const message = await socket.next();
    if (fits(message)) return message;
  }
}

/** Subscribes where others come and go meanwhile. */
function subscribe(socket, channel, options) {
  socket.askFor(channel, options);
  return awaited(socket, (message) => {
    assert.notEqual(message.event, 'pusher:error', JSON.stringify(message));
    return message.event === 'pusher_internal:subscription_succeeded' && message.channel === channel;
  });
}

/** One of those who come and go side by side. */
class Regular {
  static async start(server, index) {
    const regular = new Regular(server, index);
    regular.#friend = await regular.#arrive();
    await subscribe(regular.#friend, regular.#privateChannel);
    return regular;
  }

  #server;
  #index;
  #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  #friend;
  #cycles = 0;

  constructor(server, index) {
    this.#server = server;
    this.#index = index;
  }

  get #privateChannel() {
    return `private-soak-${this.#index}`;
  }

  /** A greeted connection; from an address of its own, since each has only so many ports. */
  async #arrive() {
    const url = `ws://${this.#server.origin}/app/${app.key}?protocol=7`;
    const socket = await Socket.open(url, { localAddress: `127.0.1.${this.#index + 1}` });
    await socket.greeting();
    return socket;
  }

  /** Publishes, and resolves when that is answered. */
  async #publish(channel) {
    const path = `/apps/${app.id}/events`;
    const body = JSON.stringify({ name: 'published', channel, data: 'x'.repeat(200) });
    const answered = new Promise((answer, failed) => {
      const request = http.request(`http://${this.#server.origin}${signedTarget({ method: 'POST', path, body })}`, {
        agent: this.#agent,
        method: 'POST',
        headers: { 'Content-Length': body.length },
      });
      request.on('response', (response) => response.resume().on('end', () => answer(response.statusCode)));
      request.on('error', failed).end(body);
    });
    assert.equal(await within(answered, 'answer to a publish'), 200);
  }

  /** Comes, does what clients do, and leaves in one of three ways. */
  async cycle() {
    this.#cycles += 1;
    const socket = await this.#arrive();
    const publicChannel = `soak-${this.#index}-${this.#cycles}`;
    await subscribe(socket, publicChannel);
    await subscribe(socket, this.#privateChannel);
    await subscribe(socket, 'presence-soak', { user: { user_id: `user-${this.#index}` } });

    await this.#publish(publicChannel);
    await awaited(socket, ({ event, channel }) => event === 'published' && channel === publicChannel);
    socket.send({ event: 'client-told', channel: this.#privateChannel, data: { cycle: this.#cycles } });
    await awaited(this.#friend, ({ event }) => event === 'client-told');

    const ways = [
      () => socket.close(),
      () => socket.destroy(),
      () => {
        for (const channel of [publicChannel, this.#privateChannel, 'presence-soak']) socket.unsubscribe(channel);
        return socket.close();
      },
    ];
    await ways[this.#cycles % ways.length]();
  }

  async end() {
    this.#agent.destroy();
    await this.#friend.close();
  }
}

/** What the server's process has when nobody but the regulars' friends is there. */
async function sample(server, cycles, started) {
  const [resident, descriptors] = [await residentBytes(server.pid), await openDescriptors(server.pid)];
  return { cycles, seconds: (Date.now() - started) / 1000, resident, descriptors };
}

const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/**
 * Runs `cycles` cycles, `parallel` at a time, against a server of its own, with the chat or without. Resolves with the
 * samples taken between rounds, and by how many bytes the last quarter of them is above the first, the first tenth of the
 * cycles left out.
 */
export async function soak({ cycles, parallel = 50, chat = false, report = () => {} }) {
  assert.ok(parallel >= 1 && parallel <= 90, 'from 1 to 90 at a time: a presence channel has 100 members');
  const server = await Server.start({ settings: { 'chat.enabled': chat } });
  const samples = [];
  try {
    const regulars = await Promise.all(Array.from({ length: parallel }, (_, index) => Regular.start(server, index)));
    const started = Date.now();
    for (let round = 1, done = 0; round <= rounds; round += 1) {
      const target = Math.round((cycles * round) / rounds);
      await Promise.all(
        regulars.map(async (regular) => {
          while (done < target) {
            done += 1;
            await regular.cycle();
          }
        }),
      );
      samples.push(await sample(server, done, started));
      report(samples.at(-1));
    }
    const early = samples[0].descriptors;
    const closed = (count) => count <= early + parallel / 10;
    await eventually(() => openDescriptors(server.pid), closed, `descriptors as few as in the beginning, ${early}`);
    await Promise.all(regulars.map((regular) => regular.end()));
  } finally {
    await server.stop();
  }
  const warm = samples.slice(rounds / 10).map(({ resident }) => resident);
  const quarter = Math.floor(warm.length / 4);
  return { samples, growth: mean(warm.slice(-quarter)) - mean(warm.slice(0, quarter)) };
}

async function main() {
  const { values } = parseArgs({
    options: {
      cycles: { type: 'string', default: '5000' },
      parallel: { type: 'string', default: '50' },
      chat: { type: 'boolean', default: false },
      // The chat remembers the last 65,536 sockets that have closed.
      'growth-max-mb': { type: 'string' },
    },
  });
  const growthMax = Number(values['growth-max-mb'] ?? (values.chat ? 5 : 1)) * mib;
  console.log('    cycles   seconds  cycles/s  resident MB  descriptors');
  const report = ({ cycles, seconds, resident, descriptors }) => {
    const cells = [cycles, seconds.toFixed(1), (cycles / seconds).toFixed(0), (resident / mib).toFixed(2), descriptors];
    console.log(cells.map((cell, index) => String(cell).padStart([10, 10, 10, 13, 13][index])).join(''));
  };
  const [count, parallel] = [values.cycles, values.parallel].map(Number);
  const { growth } = await soak({ cycles: count, parallel, chat: values.chat, report });
  const flat = growth <= growthMax;
  console.log(`Last quarter above the first: ${(growth / mib).toFixed(2)} MB: ${flat ? 'flat' : 'GROWS'}`);
  process.exitCode = flat ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
