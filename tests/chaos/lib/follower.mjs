import { setTimeout as pause } from 'node:timers/promises';

import { Fault } from './client.mjs';

const pauseTime = 40;

/** A device of `person` that never listens and catches up by `GET /api/chat/sync` alone. */
export class Follower {
  #client;
  #record;
  #cursor = '';
  #stopping = false;
  #doing = Promise.resolve();

  constructor(person) {
    this.person = person;
    ({ client: this.#client, record: this.#record } = person.device());
  }

  /** What it has by now, the latest of each: messages and conversations by id. */
  messages = new Map();
  conversations = new Map();

  begin() {
    this.#doing = this.#follow();
  }

  /** Resolves when it has caught up with everything. */
  async finish() {
    this.#stopping = true;
    await this.#doing;
    this.#client.end();
  }

  async #follow() {
    try {
      for (;;) {
        const isLast = this.#stopping;
        while (await this.#page());
        if (isLast) return;
        await pause(pauseTime);
      }
    } catch (error) {
      if (!(error instanceof Fault)) this.#record.fault(`${this.person.name} catching up: ${error.stack}`);
    }
  }

  /** Whether there is more. */
  async #page() {
    const path = `/api/chat/sync?limit=100&cursor=${encodeURIComponent(this.#cursor)}`;
    const { body } = await this.#client.ask('GET', path);
    if (body.reset && this.#cursor !== '') this.#record.fault(`${this.person.name} was told to begin again`);
    for (const { type, data } of body.data) {
      if (type === 'message') this.messages.set(data.id, data);
      if (type === 'conversation') this.conversations.set(data.id, data);
    }
    this.#cursor = body.next_cursor;
    return body.has_more;
  }
}
