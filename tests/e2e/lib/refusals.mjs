import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import http from 'node:http';

import ServerSdk from 'pusher';
import Pusher from 'pusher-js';

import { eventually } from '../../lib/deadline.mjs';
import { app } from '../../lib/server.mjs';
import { once, Scene } from './suite.mjs';

/** A scene in which the real SDKs do what is refused, and which collects all that anybody was told. */
export class RefusedScene extends Scene {
  /** The back end's SDK with other options than the right ones. */
  backend(options = {}) {
    const { port } = this.server;
    const right = { appId: app.id, key: app.key, secret: app.secret, host: '127.0.0.1', port, useTLS: false };
    return new ServerSdk({ ...right, agent: this.agent, timeout: 15_000, ...options });
  }

  /** A pusher-js client for which `sign(socketId, channel)` makes what an authorisation endpoint answers. */
  signedBy(sign, options = {}) {
    return this.pusher({
      channelAuthorization: {
        customHandler: ({ socketId, channelName }, answer) => answer(null, sign(socketId, channelName)),
      },
      ...options,
    });
  }

  /** What pusher-js hears when it subscribes to `channel` with what `sign` makes. */
  async subscription(channel, sign) {
    const client = this.signedBy(sign);
    return this.heard(client, () => client.subscribe(channel));
  }

  /** What pusher-js hears when it signs in with what `sign(socketId)` makes. */
  async signIn(sign) {
    const client = this.pusher({
      userAuthentication: { customHandler: ({ socketId }, answer) => answer(null, sign(socketId)) },
    });
    return this.heard(client, () => client.signin());
  }

  /** The message of the next error of `client`, which `act` causes. */
  async heard(client, act = () => {}) {
    const error = once(client.connection, 'error');
    act();
    const [{ data, error: inner }] = await error;
    return (data ?? inner.data).message;
  }

  /** What the back end is told when `call`, one of its SDK, fails: the body of the answer. */
  async told(call) {
    const error = await call.then(
      () => assert.fail('it was not refused'),
      (failure) => failure,
    );
    assert.ok(error.body, String(error));
    const { error: text, code, reason, ...others } = JSON.parse(error.body);
    assert.deepEqual(others, {});
    assert.equal(code, error.status);
    return { text, reason };
  }

  /** A proxy in front of the server, on a port of its own, that passes on what `change` makes of a request. */
  async proxy(change) {
    const proxy = http.createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const { method, url, headers } = request;
      const changed = { method, url, headers, body: Buffer.concat(chunks), ...change({ method, url, headers }) };
      const passed = http.request(
        {
          host: '127.0.0.1',
          port: this.server.port,
          method: changed.method,
          path: changed.url,
          headers: { ...changed.headers, 'content-length': changed.body.length },
        },
        (answer) => {
          response.writeHead(answer.statusCode, answer.headers);
          answer.pipe(response);
        },
      );
      passed.end(changed.body);
    });
    await new Promise((listening) => {
      proxy.listen(0, '127.0.0.1', listening);
    });
    this.atEnd(() => {
      proxy.closeAllConnections();
      proxy.close();
    });
    return proxy.address().port;
  }

  /** What `parley why --json` prints. */
  async why(...words) {
    const { port } = await this.server.logged('metrics_listening');
    const text = await this.server.command('why', '--json', '-n', '256', '--url', `http://127.0.0.1:${port}`, ...words);
    return { text, refusals: JSON.parse(text).refusals };
  }

  /** The last entry of `parley why` with this code, and of this kind if one is given. */
  async entry(code, kind) {
    const fits = (refusal) => refusal.code === code && (kind === undefined || refusal.kind === kind);
    const { refusals } = await eventually(
      () => this.why(),
      (answer) => answer.refusals.some(fits),
      `${code} in parley why`,
    );
    return refusals.findLast(fits);
  }
}

/** A pusher-js client of the key `key`, which connects at once. */
export function connecting(scene, key, options = {}) {
  const client = new Pusher(key, {
    cluster: '',
    wsHost: '127.0.0.1',
    wsPort: scene.server.port,
    forceTLS: false,
    enabledTransports: ['ws'],
    ...options,
  });
  scene.atEnd(() => client.disconnect());
  return client;
}

/** Runs `call` as on a machine whose clock is `seconds` ahead. */
export async function withClockOff(seconds, call) {
  const { now } = Date;
  Date.now = () => now() + seconds * 1000;
  try {
    return await call();
  } finally {
    Date.now = now;
  }
}

/** Checks that neither a secret nor the right signature of a compared string is in any of `texts`. */
export function assertNothingSecret(refusals, secrets, texts) {
  const rights = refusals
    .filter(({ compared }) => compared !== '')
    .flatMap(({ compared }) => secrets.map((secret) => createHmac('sha256', secret).update(compared).digest('hex')));
  assert.notEqual(rights.length, 0, 'some refusals compare signatures');
  for (const text of texts) {
    for (const hidden of [...secrets, ...rights]) assert.ok(!text.includes(hidden), `${hidden} in ${text}`);
  }
}
