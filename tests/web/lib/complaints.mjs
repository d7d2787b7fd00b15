import assert from 'node:assert/strict';

const harmless = [
  // Playwright says so where a context has no service workers.
  /Service Worker registration blocked by Playwright/,
  // The page itself has ended it: its answer is no longer wanted, or it is left.
  /requestfailed .*: net::ERR_ABORTED/,
  // Likewise: an attempt to go live took long, on a busy machine, and the page has begun another one in its place.
  /WebSocket connection to '[^']*' failed: WebSocket is closed before the connection is established/,
];

/** What the browser itself logs when there is no connection, and no page can keep it from logging. */
export const noConnection = [
  /Failed to load resource: net::ERR_(INTERNET_DISCONNECTED|CONNECTION_\w+|EMPTY_RESPONSE|FAILED)/,
  /WebSocket connection to '[^']*' failed/,
  /requestfailed .*: net::ERR_(INTERNET_DISCONNECTED|CONNECTION_\w+|EMPTY_RESPONSE|FAILED)/,
];

/** What the browser logs of an answer with this status. */
export const answered = (status) => new RegExp(`the server responded with a status of ${status} `);

/** Everything that pages report as wrong: logs, errors that nobody caught, violated policies, failed requests. */
export class Complaints {
  #all = [];
  #expected = [...harmless];

  /** Listens to all pages of `context`, its service worker included. */
  watch(context) {
    context.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.#add(message.text(), message.location().url);
    });
    context.on('weberror', (error) => this.#add(`uncaught: ${error.error().stack ?? error.error()}`));
    context.on('requestfailed', (request) =>
      this.#add(`requestfailed ${request.method()} ${request.url()}: ${request.failure().errorText}`),
    );
  }

  #add(text, place) {
    this.#all.push(place ? `${text} (${place})` : text);
  }

  /** These are no fault: the test causes them. */
  expect(...patterns) {
    this.#expected.push(...patterns.flat());
  }

  check() {
    const unexpected = this.#all.filter((text) => !this.#expected.some((pattern) => pattern.test(text)));
    assert.deepEqual(unexpected, [], 'what the browser complained of');
  }
}
