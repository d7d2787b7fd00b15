// Behind nginx and Caddy, set up as docs/proxies.md says: its examples are what runs here.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';

import ServerSdk from 'pusher';

import { within } from '../lib/deadline.mjs';
import { app } from '../lib/server.mjs';
import { signedTarget } from '../lib/signing.mjs';
import { adapted, examples, makeCertificate, Proxy } from './lib/proxy.mjs';
import { frame, Socket } from './lib/socket.mjs';
import { once, subscribed, suite } from './lib/suite.mjs';

// pusher-js cannot be told a certificate authority; what is tested is the way through the proxy.
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';

const [nginxSite, nginxKeep, nginxTake] = await examples('nginx');
const [caddySite] = await examples('caddy');
const wholeSite = `location / {
        proxy_pass http://parley;
    }`;

/** nginx as documented in front of `server`, with TLS; `location` in place of the one for everything. */
async function startNginx(scene, location = wholeSite) {
  let ca;
  const proxy = await Proxy.nginx(async ({ port, directory }) => {
    const { key, certificate } = await makeCertificate(directory);
    ca = await readFile(certificate);
    return adapted(nginxSite, {
      'listen 443 ssl': `listen 127.0.0.1:${port} ssl`,
      '127.0.0.1:6001': scene.server.origin,
      '/etc/letsencrypt/live/chat.example.com/fullchain.pem': certificate,
      '/etc/letsencrypt/live/chat.example.com/privkey.pem': key,
      [wholeSite]: location,
    });
  });
  scene.atEnd(() => proxy.stop());
  return { port: proxy.port, tls: { ca } };
}

/** Caddy as documented, without TLS; `inside` in place of what its site has. */
async function startCaddy(scene, inside) {
  const proxy = await Proxy.caddy(({ port }) => {
    const site = adapted(caddySite, {
      'chat.example.com {': `http://127.0.0.1:${port} {`,
      '127.0.0.1:6001': scene.server.origin,
    });
    if (inside === undefined) return site;
    const upstream = /reverse_proxy .*\}/s.exec(site.slice(0, site.lastIndexOf('}')))[0];
    return `http://127.0.0.1:${port} {\n${inside} {\n${upstream}\n}\n}`;
  });
  scene.atEnd(() => proxy.stop());
  return { port: proxy.port, tls: undefined };
}

/** A pusher-js client that connects through the proxy. */
function client(scene, { port, tls }, options = {}) {
  const use = { wsPort: port, wssPort: port, forceTLS: tls !== undefined, enabledTransports: ['ws', 'wss'] };
  return scene.pusher({ ...use, ...options });
}

/** The server library, publishing through the proxy. */
function publisher(scene, { port, tls }) {
  const agent = tls === undefined ? new http.Agent() : new https.Agent(tls);
  scene.atEnd(() => agent.destroy());
  const credentials = { appId: app.id, key: app.key, secret: app.secret };
  return new ServerSdk({ ...credentials, host: '127.0.0.1', port, useTLS: tls !== undefined, agent });
}

/** One request through the proxy, from the address `from` of this machine. */
function ask({ port, tls }, { method = 'GET', path, body = '', headers = {}, from = '127.0.0.1' }) {
  const sized = body === '' ? headers : { 'Content-Length': Buffer.byteLength(body), ...headers };
  const options = { host: '127.0.0.1', port, method, path, headers: sized, localAddress: from, agent: false };
  const answered = new Promise((answer, failed) => {
    const request = (tls === undefined ? http : https).request({ ...options, ...tls }, async (response) => {
      let text = '';
      for await (const piece of response) text += piece;
      answer({ status: response.statusCode, text });
    });
    request.on('error', failed);
    request.end(body);
  });
  return within(answered, `answer to ${method} ${path}`);
}

const json = { 'Content-Type': 'application/json' };
const post = (proxy, path, fields, options) =>
  ask(proxy, {
    method: 'POST',
    path,
    body: JSON.stringify(fields),
    ...options,
    headers: { ...json, ...options?.headers },
  });

/** A WebSocket through the proxy, greeted. */
async function connect({ port, tls }, { path = '/app/app-key?protocol=7', ...options } = {}) {
  const socket = await Socket.open(`${tls === undefined ? 'ws' : 'wss'}://127.0.0.1:${port}${path}`, {
    ...tls,
    ...options,
  });
  await socket.greeting();
  return socket;
}

/** Presence, client event and publish from end to end; `publish(channel, event, data)` is the back end. */
async function talk(scene, proxy, publish, options) {
  const channel = scene.name('presence-');
  const [ann, bob] = ['ann', 'bob'].map((user) => client(scene, proxy, { ...options, user: { user_id: user } }));
  const [annsChannel, bobsChannel] = [ann.subscribe(channel), bob.subscribe(channel)];
  await Promise.all([subscribed(annsChannel), subscribed(bobsChannel)]);

  const whispered = once(bobsChannel, 'client-typing');
  annsChannel.trigger('client-typing', { on: true });
  assert.deepEqual((await whispered)[0], { on: true });

  const published = [annsChannel, bobsChannel].map((one) => once(one, 'news'));
  await publish(channel, 'news', { n: 1 });
  for (const one of published) assert.deepEqual((await one)[0], { n: 1 });
}

/** Publishes to the path, signed over `signedPath`, and expects it on a socket that connects under the same prefix. */
async function publishUnder(scene, proxy, prefix, signedPath) {
  const socket = await connect(proxy, { path: `${prefix}/app/${app.key}?protocol=7` });
  scene.atEnd(() => socket.transport.terminate());
  const channel = scene.name();
  await socket.subscribe(channel);
  const body = JSON.stringify({ name: 'n', channel, data: 'x' });
  const path = signedTarget({ method: 'POST', path: `${prefix}/apps/${app.id}/events`, signedPath, body });
  const { status, text } = await ask(proxy, { method: 'POST', path, body, headers: json });
  assert.equal(status, 200, text);
  await socket.expect(frame('n', 'x', channel));
}

const settings = { 'proxy.trusted': '127.0.0.1', 'log.level': 'debug' };
const starters = { nginx: startNginx, Caddy: startCaddy };

for (const [name, start] of Object.entries(starters)) {
  suite(`behind ${name}`, { settings }, (test) => {
    test('clients and back ends work as without', async (scene) => {
      const proxy = await start(scene);
      const sdk = publisher(scene, proxy);
      await talk(scene, proxy, (...event) => sdk.trigger(...event));
    });

    test('a connection is logged with the address of its client, whatever that claims', async (scene) => {
      const proxy = await start(scene);
      for (const [from, headers] of [
        ['127.0.0.2', {}],
        ['127.0.0.3', { 'X-Forwarded-For': '203.0.113.9' }],
        ['127.0.0.4', { Forwarded: 'for=203.0.113.9' }],
        ['127.0.0.5', { Forwarded: 'for="', 'X-Forwarded-For': '203.0.113.9, 127.0.0.1' }],
      ]) {
        const socket = await connect(proxy, { localAddress: from, headers });
        const { peer } = await scene.server.logged('connection_opened', ({ socket_id: id }) => id === socket.socketId);
        assert.equal(peer, from, JSON.stringify(headers));
        await socket.close();
      }
    });

    test('attempts to log in are counted by client', async (scene) => {
      const proxy = await start(scene);
      const attempt = (from) =>
        post(proxy, '/api/auth/login', { email: 'ann@example.com', password: 'wrong password' }, { from });
      let status = 0;
      for (let tries = 0; status !== 429; tries += 1) {
        assert.ok(tries < 10, 'more than limits.max_logins_per_minute');
        ({ status } = await attempt('127.0.0.7'));
      }
      assert.equal((await attempt('127.0.0.8')).status, 422, 'another client is not held up');
      assert.equal((await attempt('127.0.0.7')).status, 429);
    });

    test('a publish of several megabytes comes through', async (scene) => {
      const proxy = await start(scene);
      const body = JSON.stringify({ name: 'n', channel: 'c', data: 'x'.repeat(5_000_000) });
      const path = signedTarget({ method: 'POST', path: `/apps/${app.id}/events`, body });
      const { status, text } = await ask(proxy, { method: 'POST', path, body, headers: json });
      assert.equal(status, 413);
      assert.match(text, /limits\.max_event_payload/, 'the answer of the server, not of the proxy');
    });
  });
}

suite('without trusted proxies', { settings: { 'log.level': 'debug' } }, (test) => {
  test('nobody is believed about an address', async (scene) => {
    const headers = { 'X-Forwarded-For': '203.0.113.9', Forwarded: 'for=203.0.113.9' };
    const socket = await connect({ port: scene.server.port }, { localAddress: '127.0.0.5', headers });
    const { peer } = await scene.server.logged('connection_opened', ({ socket_id: id }) => id === socket.socketId);
    assert.match(peer, /^127\.0\.0\.5:\d+$/);
    await socket.close();
  });
});

const keepers = { nginx: (scene) => startNginx(scene, nginxKeep), Caddy: (scene) => startCaddy(scene, 'handle /ws/*') };
const takers = {
  nginx: (scene) => startNginx(scene, nginxTake),
  Caddy: (scene) => startCaddy(scene, 'handle_path /ws/*'),
};

suite('a path that the proxy keeps', { settings: { path_prefix: '/ws' } }, (test) => {
  for (const [name, start] of Object.entries(keepers)) {
    test(`${name}: clients connect under it`, async (scene) => {
      const publish = async (channel, event, data) => {
        const answer = await scene.postEvent(
          { name: event, channel, data: JSON.stringify(data) },
          `/ws/apps/${app.id}/events`,
        );
        assert.equal(answer.status, 200, answer.text);
      };
      await talk(scene, await start(scene), publish, { wsPath: '/ws' });
    });

    test(`${name}: publishes are signed with or without it`, async (scene) => {
      const proxy = await start(scene);
      await publishUnder(scene, proxy, '/ws', `/ws/apps/${app.id}/events`);
      await publishUnder(scene, proxy, '/ws', `/apps/${app.id}/events`);
    });
  }
});

suite('a path that the server knows', { settings: { path_prefix: '/ws' } }, (test) => {
  test('has the health of the server, too, as load balancers forget it', async (scene) => {
    for (const path of ['/live', '/ready', '/ws/live', '/ws/ready']) {
      assert.equal((await scene.request({ target: path })).status, 200, path);
    }
  });

  test('is needed by clients and publishes', async (scene) => {
    assert.equal((await scene.request({ target: `/app/${app.key}` })).status, 404);
    assert.equal((await scene.postEvent({ name: 'n', channel: 'c', data: 'x' })).status, 404);
  });
});

suite('a path that the proxy takes away', {}, (test) => {
  for (const [name, start] of Object.entries(takers)) {
    test(`${name}: clients connect under it`, async (scene) => {
      await talk(scene, await start(scene), (...event) => scene.sdk.trigger(...event), { wsPath: '/ws' });
    });

    test(`${name}: publishes are signed without it`, async (scene) => {
      await publishUnder(scene, await start(scene), '/ws', `/apps/${app.id}/events`);
    });
  }
});
