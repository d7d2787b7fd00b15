import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';

import ServerSdk from 'pusher';
import Pusher from 'pusher-js';

import { within } from '../../lib/deadline.mjs';
import { app, Server } from '../../lib/server.mjs';
import { channelAuth, signedTarget } from '../../lib/signing.mjs';
import { frame, Socket } from './socket.mjs';

let names = 0;

/** What one test has: the server, and clients that are closed when the test is over. */
export class Scene {
  #closers = [];
  #host;

  constructor(host) {
    this.#host = host;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    this.sdk = new ServerSdk({
      appId: app.id,
      key: app.key,
      secret: app.secret,
      host: '127.0.0.1',
      port: this.server.port,
      useTLS: false,
      agent: this.agent,
      timeout: 15_000,
    });
    this.atEnd(() => this.agent.destroy());
  }

  get server() {
    return this.#host.server;
  }

  /** Ends the server, by its method `end`, and after `pause` starts another on the same port. */
  async restart(end, pause = async () => {}) {
    const { options, port } = this.server;
    await this.server[end]();
    await pause();
    this.#host.server = await Server.start({ ...options, port });
  }

  /** Has `close` called when the test is over. */
  atEnd(close) {
    this.#closers.push(close);
  }

  async end() {
    for (const close of this.#closers.reverse()) await close();
  }

  /** A channel name that no other test uses. */
  name(prefix = '') {
    names += 1;
    return `${prefix}room-${names}`;
  }

  url(path = `/app/${app.key}?protocol=7`) {
    return `ws://${this.server.origin}${path}`;
  }

  /** A raw connection, before its greeting was read. */
  async open(path, options) {
    const socket = await Socket.open(this.url(path), options);
    this.atEnd(() => socket.transport.terminate());
    return socket;
  }

  /** A raw connection that has been greeted. */
  async connect(options) {
    const socket = await this.open(undefined, options);
    await socket.greeting();
    return socket;
  }

  connectAll(count, options) {
    return Promise.all(Array.from({ length: count }, () => this.connect(options)));
  }

  /** A pusher-js client whose channels are signed without a back end, as the user `user`. */
  pusher({ user, ...options } = {}) {
    const client = new Pusher(app.key, {
      cluster: '',
      wsHost: '127.0.0.1',
      wsPort: this.server.port,
      forceTLS: false,
      enabledTransports: ['ws'],
      channelAuthorization: {
        customHandler: ({ socketId, channelName }, answer) => {
          const channelData = channelName.startsWith('presence-') ? JSON.stringify(user) : undefined;
          answer(null, { auth: channelAuth(socketId, channelName, channelData), channel_data: channelData });
        },
      },
      ...options,
    });
    this.atEnd(() => client.disconnect());
    return client;
  }

  /** One HTTP request; `bytes` are the body of the answer, `text` as well, and `body` is parsed when that is JSON. */
  async request({ method = 'GET', target, headers = {}, body = '' }) {
    const sized = body === '' ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const answered = new Promise((answer, failed) => {
      const request = http.request(
        {
          host: '127.0.0.1',
          port: this.server.port,
          agent: this.agent,
          method,
          path: target,
          headers: { ...sized, ...headers },
        },
        (response) => {
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('end', () => answer({ response, bytes: Buffer.concat(chunks) }));
        },
      );
      request.on('error', failed);
      request.end(body);
    });
    const { response, bytes } = await within(answered, `answer to ${method} ${target}`);
    const text = bytes.toString();
    const json = response.headers['content-type'] === 'application/json' && text !== '';
    const { statusCode: status, headers: fields } = response;
    return { status, headers: fields, bytes, text, body: json ? JSON.parse(text) : undefined };
  }

  /** One signed request; see signedTarget. */
  api({ method = 'GET', headers, body = '', ...rest }) {
    return this.request({ method, headers, body, target: signedTarget({ method, body, ...rest }) });
  }

  /** Publishes exactly this body. */
  postEvent(body, path = `/apps/${app.id}/events`) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.api({ method: 'POST', path, body: text, headers: { 'Content-Type': 'application/json' } });
  }

  async publish(channel, event, data) {
    const answer = await this.postEvent({ name: event, channel, data });
    assert.equal(answer.status, 200, answer.text);
  }

  /** Checks that the sockets, all subscribed to `channel`, have nothing unread: a marker is what comes next. */
  async nothingElse(channel, ...sockets) {
    names += 1;
    await this.publish(channel, 'marker', String(names));
    for (const socket of sockets) await socket.expect(frame('marker', String(names), channel));
  }
}

/**
 * Tests that share a server: `define` gets a function that adds one, which is given a scene of the class `Kind`. The
 * server's log is shown with a failure.
 */
export function suite(title, options, define, Kind = Scene) {
  describe(title, () => {
    const host = {};
    before(async () => {
      host.server = await Server.start(options);
    });
    after(() => host.server?.stop());
    define((name, body) =>
      it(name, async () => {
        const scene = new Kind(host);
        try {
          await body(scene);
        } catch (error) {
          console.error(`The server's log, up to "${name}":\n${host.server.log}`);
          throw error;
        } finally {
          await scene.end();
        }
      }));
  });
}

/** Resolves with the arguments of the next `event` of a pusher-js channel, connection or client. */
export function once(emitter, event, milliseconds) {
  const happened = new Promise((done) => {
    const handler = (...values) => {
      emitter.unbind(event, handler);
      done(values);
    };
    emitter.bind(event, handler);
  });
  return within(happened, `event ${event}`, milliseconds);
}

/** Resolves when `channel` of pusher-js is subscribed; with the members, for a presence channel. */
export async function subscribed(channel) {
  if (channel.subscribed) return channel.members;
  const [data] = await once(channel, 'pusher:subscription_succeeded');
  return data;
}
