import assert from 'node:assert/strict';

import { Feed } from './feed.mjs';

/**
 * A hand-written Pusher layer as applications have one: frames of JSON over a plain WebSocket, authorisation by a JSON
 * body, events handed on by their channel.
 */
export class RawListener {
  /** Connects as `device`, whose requests are then not told to this connection. */
  static async connect(device) {
    const listener = new RawListener(device, await device.scene.connect());
    device.connection = { socketId: () => listener.socket.socketId };
    return listener;
  }

  #waiting = new Map();
  #feeds = new Map();

  constructor(device, socket) {
    this.device = device;
    this.socket = socket;
    socket.transport.on('message', (bytes) => this.#handle(JSON.parse(bytes.toString())));
  }

  /** The signature for a channel, by a JSON body. */
  async authorise(channel) {
    const { socketId } = this.socket;
    return this.device.ask(200, 'POST', '/broadcasting/auth', { socket_id: socketId, channel_name: channel });
  }

  /** Subscribes; resolves with what it hears from then on. */
  async listen(channel) {
    return this.subscribe(channel, await this.authorise(channel));
  }

  /** Subscribes by a signature that it has; what `listen` resolves with. */
  async subscribe(channel, proof) {
    const answer = await this.ask(channel, proof);
    assert.equal(answer.event, 'pusher_internal:subscription_succeeded', JSON.stringify(answer));
    return this.#feeds.get(channel);
  }

  /** Asks for a subscription by a signature; resolves with the frame that answers. */
  ask(channel, proof) {
    if (!this.#feeds.has(channel)) this.#feeds.set(channel, new Feed(`${channel} of ${this.device.user.name}`));
    const answer = this.ending(channel);
    this.socket.send({ event: 'pusher:subscribe', data: { channel, ...proof } });
    return answer;
  }

  /** Resolves with the next frame about the subscription itself: that it began, or was refused or taken. */
  ending(channel) {
    return new Promise((done) => this.#waiting.set(channel, done));
  }

  #handle(frame) {
    const { event, channel, data } = frame;
    if (event === 'pusher:ping') return this.socket.send({ event: 'pusher:pong', data: {} });
    if (event === 'pusher_internal:subscription_succeeded' || event === 'pusher:subscription_error') {
      this.#waiting.get(channel)?.(frame);
      return undefined;
    }
    if (event.startsWith('pusher')) return undefined;
    assert.deepEqual(Object.keys(frame).sort(), ['channel', 'data', 'event']);
    assert.equal(typeof data, 'string', 'data is JSON in a string');
    this.#feeds.get(channel).push(event, JSON.parse(data));
    return undefined;
  }
}
