import assert from 'node:assert/strict';

import WebSocket from 'ws';

import { within } from '../../lib/deadline.mjs';
import { channelAuth, userAuth } from '../../lib/signing.mjs';

/** What the server writes, as one would read it: {event, data, channel, user_id}. */
export function frame(event, data, channel, userId) {
  const made = { event, data };
  if (channel !== undefined) made.channel = channel;
  if (userId !== undefined) made.user_id = userId;
  return made;
}

/** A client without manners: speaks the protocol by hand and hides nothing that it receives. */
export class Socket {
  /** Resolves when the upgrade is done; `options` are those of `ws`. */
  static async open(url, { protocols = [], ...options } = {}) {
    const transport = new WebSocket(url, protocols, { perMessageDeflate: false, ...options });
    const socket = new Socket(transport);
    await within(
      new Promise((opened, failed) => {
        transport.once('open', opened);
        transport.once('error', failed);
      }),
      `upgrade of ${url}`,
    );
    return socket;
  }

  #received = [];
  #readers = [];

  constructor(transport) {
    this.transport = transport;
    this.pings = 0;
    transport.on('message', (bytes, binary) => {
      assert.equal(binary, false, 'a binary message from the server');
      this.#received.push(bytes.toString());
      this.#readers.shift()?.();
    });
    transport.on('ping', () => {
      this.pings += 1;
    });
    transport.on('error', () => {});
    this.end = new Promise((ended) => {
      transport.once('close', (code, reason) => ended({ code, reason: reason.toString() }));
    });
    this.end.then(() => this.#readers.forEach((wake) => wake()));
  }

  /** Sends text as it is, anything else as JSON. */
  send(message) {
    this.transport.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The text of the next message, in the order of arrival. */
  async nextText(milliseconds) {
    if (this.#received.length === 0) {
      await within(new Promise((wake) => this.#readers.push(wake)), 'next message', milliseconds);
    }
    if (this.#received.length > 0) return this.#received.shift();
    throw new Error(`closed with ${JSON.stringify(await this.end)} where a message was awaited`);
  }

  /** How many messages have arrived and were not read. */
  get unread() {
    return this.#received.length;
  }

  /** The next message; a failure shows which one came instead. */
  async next(milliseconds) {
    return JSON.parse(await this.nextText(milliseconds));
  }

  async expect(...messages) {
    for (const message of messages) assert.deepEqual(await this.next(), message);
  }

  /** How the connection ended; nothing may be unread. */
  async closed() {
    const end = await within(this.end, 'end of the connection');
    assert.deepEqual(this.#received, [], 'messages before the end');
    return end;
  }

  /** Reads the greeting. */
  async greeting() {
    const message = await this.next();
    assert.equal(message.event, 'pusher:connection_established', JSON.stringify(message));
    const data = JSON.parse(message.data);
    this.socketId = data.socket_id;
    return data;
  }

  /** Reads one in-band error and returns its sentence. */
  async expectError(code) {
    const message = await this.next();
    assert.equal(message.event, 'pusher:error', JSON.stringify(message));
    assert.deepEqual(Object.keys(message), ['event', 'data']);
    assert.deepEqual(Object.keys(message.data), ['code', 'message']);
    assert.equal(message.data.code, code, message.data.message);
    assert.equal(typeof message.data.message, 'string');
    assert.notEqual(message.data.message, '');
    return message.data.message;
  }

  /** Whether the connection still works: everything sent before was handled, and nothing of it is unread. */
  async expectAlive() {
    this.send({ event: 'pusher:ping', data: {} });
    await this.expect(frame('pusher:pong', '{}'));
  }

  /** Asks for a subscription, signed unless `auth` is given. */
  askFor(channel, { auth, channelData, user } = {}) {
    const data = { channel };
    if (user !== undefined) data.channel_data = JSON.stringify(user);
    if (channelData !== undefined) data.channel_data = channelData;
    if (auth !== undefined) data.auth = auth;
    else if (/^(private|presence)-/.test(channel)) data.auth = channelAuth(this.socketId, channel, data.channel_data);
    this.send({ event: 'pusher:subscribe', data });
  }

  /** Subscribes and returns the data of the success, parsed. */
  async subscribe(channel, options) {
    this.askFor(channel, options);
    const message = await this.next();
    assert.equal(message.event, 'pusher_internal:subscription_succeeded', JSON.stringify(message));
    assert.equal(message.channel, channel);
    return JSON.parse(message.data);
  }

  /** Asks to be signed in as the user of this object, or of exactly this text, signed unless `auth` is given. */
  askToSignIn(user, auth) {
    const userData = typeof user === 'string' ? user : JSON.stringify(user);
    const data = { auth: auth ?? userAuth(this.socketId, userData), user_data: userData };
    this.send({ event: 'pusher:signin', data });
    return userData;
  }

  /** Signs in. */
  async signIn(user) {
    const userData = this.askToSignIn(user);
    await this.expect(frame('pusher:signin_success', JSON.stringify({ user_data: userData })));
  }

  unsubscribe(channel) {
    this.send({ event: 'pusher:unsubscribe', data: { channel } });
  }

  /** Reads the pair of messages that refuses a subscription; returns both sentences. */
  async expectRefusal(channel, { type, status, code }) {
    const message = await this.next();
    assert.equal(message.event, 'pusher:subscription_error', JSON.stringify(message));
    assert.equal(message.channel, channel);
    const data = JSON.parse(message.data);
    assert.deepEqual({ type: data.type, status: data.status }, { type, status }, data.error);
    assert.deepEqual(Object.keys(data), ['type', 'error', 'status']);
    assert.equal(typeof data.error, 'string');
    return [data.error, await this.expectError(code)];
  }

  /** Ends it in an orderly way. */
  async close(code = 1000) {
    this.transport.close(code);
    await within(this.end, 'end of the connection');
  }

  /** Ends it as a lost network does: a TCP reset, no close frame. */
  async destroy() {
    this.transport._socket.resetAndDestroy();
    await within(this.end, 'end of the connection');
  }
}
