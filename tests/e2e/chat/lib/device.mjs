import assert from 'node:assert/strict';

import Echo from 'laravel-echo';
import Pusher from 'pusher-js';

import { within } from '../../../lib/deadline.mjs';
import { app } from '../../../lib/server.mjs';
import { once, subscribed } from '../../lib/suite.mjs';
import { Feed } from './feed.mjs';

/** A device of a user, with a token and, once it listens, a connection of its own. */
export class Device {
  constructor(scene, user, token) {
    this.scene = scene;
    this.user = user;
    this.token = token;
  }

  get id() {
    return this.user.id;
  }

  /** As others see its user in what they are sent. */
  get person() {
    const { id, name, email } = this.user;
    return { id, name, email };
  }

  /** Headers of all its requests: the token, and the connection that is not to hear of them. */
  get headers() {
    const socketId = this.connection?.socketId();
    return { Authorization: `Bearer ${this.token}`, ...(socketId ? { 'X-Socket-ID': socketId } : {}) };
  }

  /** One request, with the answer whatever it is. */
  request(method, target, body, headers = {}) {
    const text = body === undefined ? '' : JSON.stringify(body);
    const typed = body === undefined ? {} : { 'Content-Type': 'application/json' };
    return this.scene.request({ method, target, body: text, headers: { ...this.headers, ...typed, ...headers } });
  }

  /** One request that must be answered with `status`; resolves with the answer's body. */
  async ask(status, method, target, body, headers) {
    const answer = await this.request(method, target, body, headers);
    assert.equal(answer.status, status, `${method} ${target}: ${answer.status} ${answer.text}`);
    return answer.body;
  }

  /** Another device of the same user. */
  async another(deviceName = 'Another') {
    const { email, password } = this.user;
    const { token } = await this.ask(200, 'POST', '/api/auth/login', { email, password, device_name: deviceName });
    return new Device(this.scene, this.user, token);
  }

  /** Sends a message; resolves with the answer's body. */
  send(conversation, body, rest = {}) {
    return this.ask(201, 'POST', `/api/chat/conversations/${conversation.id}/messages`, { body, ...rest });
  }

  /** Asks to be authorised, as clients do by a form; resolves with the answer. */
  authorise(channel, socketId) {
    return this.scene.request({
      method: 'POST',
      target: '/broadcasting/auth',
      headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ socket_id: socketId, channel_name: channel }).toString(),
    });
  }

  /** A pusher-js client as the applications have it: the server's own authorisation, the token in a header. */
  usePusher(options = {}) {
    this.pusher = this.scene.pusher({
      channelAuthorization: {
        transport: 'ajax',
        endpoint: `http://${this.scene.server.origin}/broadcasting/auth`,
        headers: { Authorization: `Bearer ${this.token}` },
      },
      userAuthentication: {
        transport: 'ajax',
        endpoint: `http://${this.scene.server.origin}/broadcasting/user-auth`,
        headers: { Authorization: `Bearer ${this.token}` },
      },
      ...options,
    });
    this.connection = { socketId: () => this.pusher.connection.socket_id };
    return this.pusher;
  }

  /** Laravel Echo as the pages have it. */
  useEcho(options = {}) {
    this.echo = new Echo({
      broadcaster: 'pusher',
      Pusher,
      key: app.key,
      cluster: '',
      wsHost: '127.0.0.1',
      wsPort: this.scene.server.port,
      forceTLS: false,
      enabledTransports: ['ws'],
      authEndpoint: `http://${this.scene.server.origin}/broadcasting/auth`,
      auth: { headers: { Authorization: `Bearer ${this.token}` } },
      ...options,
    });
    this.connection = this.echo;
    this.scene.atEnd(() => this.echo.disconnect());
    return this.echo;
  }

  /** Subscribes with pusher-js; resolves with what it hears from then on. */
  async listen(channel) {
    const subscription = (this.pusher ?? this.usePusher()).subscribe(channel);
    const feed = this.#feedOf(subscription, channel);
    await subscribed(subscription);
    return feed;
  }

  /**
   * Has Echo's channel hear events by these names, written as pages do, and the marker of ChatScene.quiet; resolves once
   * it is subscribed.
   */
  async hear(channel, ...events) {
    const feed = new Feed(`${channel.name} of ${this.user.name}`);
    for (const event of events) channel.listen(event, (data) => feed.push(event, data));
    channel.listen('.marker', (data) => feed.push('marker', data));
    await subscribed(channel.subscription);
    return feed;
  }

  /** Subscribes with pusher-js and is refused; resolves with the error that the application gets. */
  async refused(channel) {
    const subscription = (this.pusher ?? this.usePusher()).subscribe(channel);
    const [error] = await once(subscription, 'pusher:subscription_error');
    assert.equal(subscription.subscribed, false);
    return error;
  }

  #feedOf(subscription, channel) {
    const feed = new Feed(`${channel} of ${this.user.name}`);
    subscription.bind_global((event, data) => feed.push(event, data));
    return feed;
  }

  /** Ends the connection and resolves when the server has ended it, too. */
  async disconnect() {
    const pusher = this.pusher ?? this.echo.connector.pusher;
    const ended = once(pusher.connection, 'disconnected');
    pusher.disconnect();
    await within(ended, 'end of the connection');
  }
}
