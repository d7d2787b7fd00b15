import assert from 'node:assert/strict';

import { within } from '../../../lib/deadline.mjs';

/** What one device hears on one channel, in the order of arrival, without the protocol's own events. */
export class Feed {
  #unread = [];
  #wakers = new Set();

  constructor(name) {
    this.name = name;
  }

  push(event, data) {
    if (event.startsWith('pusher:') || event.startsWith('pusher_internal:')) return;
    this.#unread.push([event, data]);
    for (const wake of this.#wakers) wake();
  }

  /** The data of the first event of this name that was not read yet, heard or to come. */
  async next(event, milliseconds) {
    for (;;) {
      const place = this.#unread.findIndex(([name]) => name === event);
      if (place >= 0) return this.#unread.splice(place, 1)[0][1];
      await this.#woken(`${event} on ${this.name}`, milliseconds);
    }
  }

  /** Reads one event of this name, which must carry exactly `data`. */
  async expect(event, data) {
    assert.deepEqual(await this.next(event), data, `${event} on ${this.name}`);
  }

  /** What was heard and not read: [[event, data]...]. */
  get unread() {
    return this.#unread;
  }

  /** Resolves when `fits` says so of all that was heard and not read. */
  async until(fits, what, milliseconds) {
    while (!fits(this.#unread)) await this.#woken(what, milliseconds);
  }

  async #woken(what, milliseconds) {
    let wake;
    const pushed = new Promise((done) => {
      wake = done;
      this.#wakers.add(done);
    });
    try {
      await within(pushed, what, milliseconds);
    } catch (error) {
      throw new Error(`${error.message}; unread: ${JSON.stringify(this.#unread)}`);
    } finally {
      this.#wakers.delete(wake);
    }
  }
}

/** Has all `feeds` read the same event, with exactly the same data. */
export async function expectAll(feeds, event, data) {
  for (const feed of feeds) await feed.expect(event, data);
}
