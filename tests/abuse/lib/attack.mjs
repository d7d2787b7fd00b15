import assert from 'node:assert/strict';
import { connect } from 'node:net';

import { RawConnection } from '../../conformance/lib/raw_connection.mjs';
import { Peer } from '../../conformance/lib/peer.mjs';
import { once, Scene, subscribed, suite } from '../../e2e/lib/suite.mjs';
import { eventually, within } from '../../lib/deadline.mjs';
import { openDescriptors, residentBytes } from '../../lib/process.mjs';
import { app } from '../../lib/server.mjs';

const path = `/app/${app.key}?protocol=7`;
const mib = 1024 * 1024;

// The server SDK's own connections and those of pusher-js come and go with the tests.
const descriptorSlack = 3;

// What an allocator keeps for the next storm. Far less than any attack of which nothing were freed.
const keptBytesMax = 48 * mib;

/** The least times that settings allow, so that what is left to hang is soon over. */
export const impatient = {
  'limits.request_timeout': 2,
  'limits.keep_alive_timeout': 2,
  'limits.close_timeout': 1,
  'limits.activity_timeout': 2,
  'limits.pong_timeout': 1,
};

/** `count` results of `make(index)`, at most `atOnce` under way at a time. */
export async function many(count, make, atOnce = 100) {
  const results = [];
  for (let begin = 0; begin < count; begin += atOnce) {
    const size = Math.min(atOnce, count - begin);
    results.push(...(await Promise.all(Array.from({ length: size }, (_, index) => make(begin + index)))));
  }
  return results;
}

/** A connection that never reads what it is sent. */
class DeafConnection {
  static async open(port) {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.on('error', () => {});
    socket.pause();
    await within(new Promise((done) => socket.once('connect', done).once('close', done)), 'connection');
    return new DeafConnection(socket);
  }

  #socket;

  constructor(socket) {
    this.#socket = socket;
  }

  /** Hands `bytes` over for sending; the kernel takes them as far as the server reads. */
  send(bytes) {
    this.#socket.write(bytes, 'latin1');
  }

  drop() {
    this.#socket.destroy();
  }
}

/** One attack: its connections, and the guests who must not notice it. */
class Attack extends Scene {
  #connections = [];
  #guest;
  #rounds = 0;

  #keep(connection) {
    this.#connections.push(connection);
    return connection;
  }

  /** A TCP connection to the server. */
  async dial() {
    return this.#keep(await RawConnection.connect(this.server.port));
  }

  /** One whose client reads nothing. */
  async dialDeaf() {
    return this.#keep(await DeafConnection.open(this.server.port));
  }

  /** A WebSocket that has been greeted. */
  async upgrade() {
    const peer = this.#keep(await Peer.open(this.server.port, { path }));
    const greeting = JSON.parse((await peer.receive('greeting')).payload);
    peer.socketId = JSON.parse(greeting.data).socket_id;
    return peer;
  }

  /** Somebody comes before the attack, and stays. */
  async begin() {
    this.channel = this.name('private-guests-');
    this.#guest = this.pusher();
    await subscribed(this.#guest.subscribe(this.channel));
    await this.servesGuests();
  }

  /** Whether a newcomer, and the one who was there before, get what is published and what they tell each other. */
  async servesGuests() {
    this.#rounds += 1;
    const newcomer = this.pusher();
    const [here, there] = [this.#guest.channel(this.channel), newcomer.subscribe(this.channel)];
    await subscribed(there);
    const published = [here, there].map((channel) => once(channel, 'published'));
    await this.sdk.trigger(this.channel, 'published', { round: this.#rounds });
    for (const one of published) assert.deepEqual((await one)[0], { round: this.#rounds });
    const told = once(here, 'client-told');
    there.trigger('client-told', { round: this.#rounds });
    assert.deepEqual((await told)[0], { round: this.#rounds });
    newcomer.disconnect();
  }

  /** Whether the server has ended what it should by itself, while we still hold our side of it. */
  async endsByItself(before) {
    const enough = (count) => count <= before + descriptorSlack;
    await eventually(() => openDescriptors(this.server.pid), enough, `more than ${before} descriptors at most`, 30_000);
  }

  /** Ends what the attack has left open. */
  dropAll() {
    for (const connection of this.#connections.splice(0)) connection.drop();
  }
}

/** Attacks on one server. `define` gets a function that adds one. */
export function attacks(title, settings, define) {
  let idleBytes;
  const add = (test) => (name, body) =>
    test(name, async (attack) => {
      await attack.begin();
      const { pid } = attack.server;
      idleBytes ??= await residentBytes(pid);
      const descriptors = await openDescriptors(pid);
      try {
        await body(attack, descriptors);
        await attack.servesGuests();
      } finally {
        attack.dropAll();
      }
      await attack.servesGuests();
      await attack.endsByItself(descriptors);
      const isSmall = (bytes) => bytes <= idleBytes + keptBytesMax;
      await eventually(() => residentBytes(pid), isSmall, `less than ${keptBytesMax / mib} MB more in memory`, 30_000);
    });
  suite(title, { settings: { ...impatient, ...settings } }, (test) => define(add(test)), Attack);
}
