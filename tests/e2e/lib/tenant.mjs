import ServerSdk from 'pusher';
import Pusher from 'pusher-js';

import { within } from '../../lib/deadline.mjs';
import { once } from './suite.mjs';

/** One of several apps of a scene's server: its back end, which is the real SDK, and its clients, which are pusher-js. */
export class Tenant {
  #scene;

  constructor(scene, app) {
    this.#scene = scene;
    this.app = app;
    this.sdk = this.sdkWith(app.secret);
  }

  /** Its back end with another secret, or another agent than the scene's, which has one connection. */
  sdkWith(secret, agent = this.#scene.agent) {
    const { id: appId, key } = this.app;
    const { port } = this.#scene.server;
    return new ServerSdk({
      appId,
      key,
      secret,
      host: '127.0.0.1',
      port,
      useTLS: false,
      agent,
      timeout: 15_000,
    });
  }

  /** A client of the user `user` (`id`, `user_info`, `watchlist`); `sdk` signs for it. */
  client(user = { id: 'ann' }, sdk = this.sdk) {
    const member = { user_id: user.id, user_info: user.user_info ?? {} };
    const client = new Pusher(this.app.key, {
      cluster: '',
      wsHost: '127.0.0.1',
      wsPort: this.#scene.server.port,
      forceTLS: false,
      enabledTransports: ['ws'],
      channelAuthorization: {
        customHandler: ({ socketId, channelName }, answer) =>
          answer(
            null,
            sdk.authorizeChannel(socketId, channelName, channelName.startsWith('presence-') ? member : undefined),
          ),
      },
      userAuthentication: {
        customHandler: ({ socketId }, answer) => answer(null, sdk.authenticateUser(socketId, user)),
      },
    });
    this.#scene.atEnd(() => client.disconnect());
    return client;
  }

  /** A client that is connected. */
  async connected(user, sdk) {
    const client = this.client(user, sdk);
    if (client.connection.state !== 'connected') await once(client.connection, 'connected');
    return client;
  }

  /** A client that has signed in. */
  async signedIn(user, sdk) {
    const client = await this.connected(user, sdk);
    client.signin();
    await within(client.user.signinDonePromise, 'sign-in');
    return client;
  }

  /** Status and body of a request to its API; what the SDK throws for a refusal is an answer, too. */
  async get(path, params = {}, sdk = this.sdk) {
    const response = await sdk.get({ path, params }).catch((error) => error);
    const text = typeof response.text === 'function' ? await response.text() : response.body;
    return { status: response.status, body: response.status === 200 ? JSON.parse(text) : text };
  }
}

/** What comes on a channel from now on: ['event', data] of each but the protocol's own. */
export function record(channel) {
  const events = [];
  channel.bind_global((event, data) => {
    if (!event.startsWith('pusher:')) events.push([event, data]);
  });
  return events;
}

/** The status with which the SDK's call was refused; 200 when it was not. */
export const statusOf = (call) =>
  call.then(
    ({ status }) => status,
    ({ status }) => status,
  );
