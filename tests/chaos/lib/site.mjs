import { once, EventEmitter } from 'node:events';

import { Server } from '../../lib/server.mjs';

/**
 * A server that is crashed and started again on the same port and database. A *life* is the time from one start to the
 * next: {number, spawnedAt, listeningAt, hearingAt, endedAt}, in milliseconds since 1970; `hearingAt` is when all
 * listeners are subscribed again.
 */
export class Site extends EventEmitter {
  static async start(settings) {
    const site = new Site(settings);
    await site.#begin(0);
    return site;
  }

  #settings;
  #server;

  /** The lives so far; the last one is going on if `isUp`. */
  lives = [];
  isUp = false;

  constructor(settings) {
    super();
    this.setMaxListeners(0);
    this.#settings = settings;
  }

  get life() {
    return this.lives.at(-1);
  }

  /** Resolves at once while the server runs, else when it listens again. */
  async whenUp() {
    if (!this.isUp) await once(this, 'up');
  }

  async crash() {
    this.isUp = false;
    this.life.endedAt = Date.now();
    await this.#server.kill();
  }

  async restart() {
    await this.#begin(this.port);
  }

  /** Ends the server as an operator does. */
  async stop() {
    this.isUp = false;
    await this.#server.stop();
  }

  async #begin(port) {
    const still = { listeningAt: Infinity, hearingAt: Infinity, endedAt: Infinity };
    const life = { number: this.lives.length, spawnedAt: Date.now(), ...still };
    this.#server = await Server.start({ settings: this.#settings, port });
    life.listeningAt = Date.now();
    this.port = this.#server.port;
    this.lives.push(life);
    this.isUp = true;
    this.emit('up');
  }
}
