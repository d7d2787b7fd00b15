import { connect } from 'node:net';

import { within } from '../../lib/deadline.mjs';

const blankLine = '\r\n\r\n';

/** One TCP connection on which a test writes bytes and reads HTTP responses, and nothing is tidied up for it. */
export class RawConnection {
  /** Connects to 127.0.0.1. */
  static async connect(port) {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    await within(new Promise((done, failed) => socket.once('connect', done).once('error', failed)), 'connection');
    return new this(socket);
  }

  #socket;
  #bytes = Buffer.alloc(0);
  #chunks = [];
  #ended = false;
  #wake = () => {};

  constructor(socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#chunks.push(chunk);
      this.#wake();
    });
    const end = () => {
      this.#ended = true;
      this.#wake();
    };
    // A reset is an end like any other: what was sent before it is looked at all the same.
    socket.on('end', end).on('close', end).on('error', end);
  }

  /** Writes `parts`, one write each; text is Latin-1. Resolves when the kernel has taken them. */
  async send(...parts) {
    for (const part of parts) await within(new Promise((done) => this.#socket.write(part, 'latin1', done)), 'write');
  }

  /** Writes every byte of `parts` on its own, each in a turn of its own. */
  async dribble(...parts) {
    for (const byte of Buffer.concat(parts.map((part) => Buffer.from(part, 'latin1')))) {
      await this.send(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
  }

  /** Closes this side of the connection only. */
  endOutput() {
    this.#socket.end();
  }

  /** Closes it whatever is under way. */
  drop() {
    this.#socket.destroy();
  }

  /** Drops the connection without a word: a TCP reset. */
  vanish() {
    this.#socket.resetAndDestroy();
  }

  /** What `find` makes of the bytes that have arrived and were not taken, once it makes something of them. */
  async until(what, find) {
    const found = (async () => {
      for (;;) {
        if (this.#chunks.length > 0) this.#bytes = Buffer.concat([this.#bytes, ...this.#chunks.splice(0)]);
        const seen = find(this.#bytes);
        if (seen !== undefined) return seen;
        if (this.#ended) throw new Error(`the connection ended before any ${what}: ${this.#bytes.toString('latin1')}`);
        await new Promise((wake) => {
          this.#wake = wake;
        });
      }
    })();
    found.catch(() => {});
    return within(found, what);
  }

  /** The next `count` bytes. */
  async take(count) {
    await this.until(`${count} bytes`, (bytes) => (bytes.length >= count ? true : undefined));
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }

  /** Status and fields of the next HTTP response, names in lower case. */
  async head() {
    const end = await this.until('head of a response', (bytes) => {
      const found = bytes.indexOf(blankLine);
      return found < 0 ? undefined : found;
    });
    const text = (await this.take(end + blankLine.length)).toString('latin1');
    const [statusLine, ...lines] = text.slice(0, -blankLine.length).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]);
    if (!status) throw new Error(`not a status line: ${statusLine}`);
    const headers = {};
    for (const line of lines) {
      const [, name, value] = /^([^:\s]+): (.*)$/.exec(line) ?? [];
      if (name === undefined) throw new Error(`not a header field: ${line}`);
      if (name.toLowerCase() in headers) throw new Error(`twice: ${name}`);
      headers[name.toLowerCase()] = value;
    }
    return { status, headers };
  }

  /** The next HTTP response, interim ones included. `method` tells whether a body follows. */
  async response(method = 'GET') {
    const { status, headers } = await this.head();
    const hasBody = method !== 'HEAD' && status >= 200 && status !== 204 && status !== 304;
    const body = await this.take(hasBody ? Number(headers['content-length']) : 0);
    return { status, headers, body: body.toString('latin1') };
  }

  /** What still comes before the server ends the connection; then ends our side too. */
  async rest() {
    const count = await this.until('end of the connection', (bytes) => (this.#ended ? bytes.length : undefined));
    const rest = await this.take(count);
    this.drop();
    return rest.toString('latin1');
  }
}
