import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import { ask } from './http.mjs';
import { Socket } from './socket.mjs';

const retryPause = 5;

/** A client that hears `channels` as user `token`, and connects again as soon as it can whenever it is cut off. */
export class Listener {
  #site;
  #record;
  #socket;
  #ending = false;
  #waiting = [];
  #agent = new http.Agent({ keepAlive: true });

  constructor(site, record, { name, token, channels }) {
    this.#site = site;
    this.#record = record;
    this.name = name;
    this.token = token;
    this.channels = channels;
    this.done = this.#run();
  }

  /** The life in which it is subscribed to everything; undefined while it is not. */
  hearingIn;

  /** Resolves when it is subscribed to everything. */
  async whenHearing() {
    while (this.hearingIn === undefined) await new Promise((wake) => this.#waiting.push(wake));
  }

  /** Ends it. */
  async end() {
    this.#ending = true;
    this.#socket?.drop();
    await this.done;
    this.#agent.destroy();
  }

  async #run() {
    while (!this.#ending) {
      await Promise.race([this.#site.whenUp(), pause(100)]);
      if (!this.#site.isUp) continue;
      try {
        await this.#hear();
      } catch {
        if (this.#ending) return;
        await pause(retryPause);
      }
    }
  }

  async #hear() {
    const { life, port } = this.#site;
    const socket = await Socket.open(port, this.#record.connection(this.name, this.#site));
    this.#socket = socket;
    try {
      await Promise.all(this.channels.map((channel) => this.#subscribe(socket, port, channel)));
      this.hearingIn = life.number;
      for (const wake of this.#waiting.splice(0)) wake();
      this.#site.emit('hearing', this);
      const reason = await socket.ended;
      if (!this.#ending) this.#record.counts.breaks += 1;
      if (!this.#ending && this.#site.isUp && this.#site.life === life)
        this.#record.fault(`the connection of ${this.name} ended: ${reason}`);
    } finally {
      this.hearingIn = undefined;
      socket.drop();
    }
  }

  async #subscribe(socket, port, channel) {
    if (!channel.startsWith('private-')) return socket.subscribe(channel, {});
    const body = { socket_id: socket.id, channel_name: channel };
    const answer = await ask({
      port,
      agent: this.#agent,
      method: 'POST',
      path: '/broadcasting/auth',
      token: this.token,
      body,
    });
    if (answer.status === 200) return socket.subscribe(channel, answer.body);
    const sentence = `${channel} was not allowed to ${this.name}: ${answer.status} ${answer.body.message}`;
    if (answer.status !== 503) this.#record.fault(sentence);
    throw new Error(sentence);
  }
}
