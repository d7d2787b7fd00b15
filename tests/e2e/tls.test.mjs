// TLS in the server itself, as clients see it.
import assert from 'node:assert/strict';
import { once as emitted } from 'node:events';
import https from 'node:https';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import tls from 'node:tls';

import ServerSdk from 'pusher';
import Pusher from 'pusher-js';

import { Authority } from '../lib/certificates.mjs';
import { within } from '../lib/deadline.mjs';
import { app, Server } from '../lib/server.mjs';
import { channelAuth } from '../lib/signing.mjs';
import { Socket } from './lib/socket.mjs';
import { once, subscribed } from './lib/suite.mjs';

let authority;
let server;

before(async () => {
  authority = await Authority.make();
  authority.trustEverywhere();
  const settings = { ...(await authority.certify('first')), 'limits.request_timeout': 1 };
  server = await Server.start({ settings });
});
after(async () => {
  await server?.stop();
  await authority?.remove();
});

/** Text of all that comes until the other side ends it. */
async function readAll(socket) {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => {});
  await within(emitted(socket, 'close'), 'end of the connection');
  return text;
}

/** A TLS connection; `options` are those of node's tls. */
async function connect(options = {}) {
  const socket = tls.connect({ host: '127.0.0.1', port: server.port, ...options });
  await within(emitted(socket, 'secureConnect'), 'TLS handshake');
  return socket;
}

/** One request over https; `body` is sent as JSON. */
async function request(method, path, { body, token } = {}) {
  const headers = { Accept: 'application/json' };
  if (token !== undefined) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const asked = https.request({ host: '127.0.0.1', port: server.port, method, path, headers, agent: false });
  asked.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = await within(emitted(asked, 'response'), `answer to ${method} ${path}`);
  const chunks = await response.toArray();
  return { status: response.statusCode, text: Buffer.concat(chunks).toString() };
}

function pusherClient(options = {}) {
  return new Pusher(app.key, {
    cluster: '',
    wsHost: '127.0.0.1',
    wssPort: server.port,
    forceTLS: true,
    enabledTransports: ['ws', 'wss'],
    channelAuthorization: {
      customHandler: ({ socketId, channelName }, answer) => answer(null, { auth: channelAuth(socketId, channelName) }),
    },
    ...options,
  });
}

describe('TLS', () => {
  it('serves pusher-js and the pusher SDK', async () => {
    const client = pusherClient();
    try {
      const channel = client.subscribe('private-tls');
      await subscribed(channel);
      const sdk = new ServerSdk({
        appId: app.id,
        key: app.key,
        secret: app.secret,
        host: '127.0.0.1',
        port: server.port,
        useTLS: true,
      });
      const heard = once(channel, 'greeting');
      assert.equal((await sdk.trigger('private-tls', 'greeting', { text: 'é'.repeat(30_000) })).status, 200);
      assert.equal((await heard)[0].text.length, 30_000);
      const { channels } = await (await sdk.get({ path: '/channels' })).json();
      assert.deepEqual(Object.keys(channels), ['private-tls']);
    } finally {
      client.disconnect();
    }
  });

  it('speaks 1.2 and 1.3, and agrees on http/1.1', async () => {
    for (const version of ['TLSv1.2', 'TLSv1.3']) {
      const socket = await connect({ minVersion: version, maxVersion: version, ALPNProtocols: ['h2', 'http/1.1'] });
      assert.equal(socket.getProtocol(), version);
      assert.equal(socket.alpnProtocol, 'http/1.1');
      assert.ok(socket.authorized, String(socket.authorizationError));
      socket.destroy();
    }
  });

  it('refuses 1.1', async () => {
    const socket = tls.connect({
      host: '127.0.0.1',
      port: server.port,
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    const [error] = await within(emitted(socket, 'error'), 'refusal');
    assert.match(error.message, /protocol version/);
    await server.logged('tls_handshake_failed', ({ reason }) => reason === 'unsupported protocol');
  });

  it('signs people in to the chat', async () => {
    const person = { name: 'Ann', email: 'ann@example.com', password: 'correct horse battery' };
    const registered = await request('POST', '/api/auth/register', { body: { ...person, device_name: 'test' } });
    assert.equal(registered.status, 201, registered.text);
    const { email, password } = person;
    const login = await request('POST', '/api/auth/login', { body: { email, password, device_name: 'test' } });
    assert.equal(login.status, 200, login.text);
    const user = await request('GET', '/api/user', { token: JSON.parse(login.text).token });
    assert.equal(user.status, 200, user.text);
  });

  it('serves the web app', async () => {
    const page = await request('GET', '/');
    assert.equal(page.status, 200);
    assert.match(page.text, /<!doctype html>/i);
  });

  it('tells plain HTTP what it wants, and logs it', async () => {
    const socket = net.connect(server.port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const answer = await readAll(socket);
    assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/);
    assert.match(answer, /Connection: close\r\n/i);
    assert.match(answer, /TLS only: use https/);
    await server.logged('tls_handshake_failed', ({ reason }) => reason.includes('plain HTTP'));
  });

  it('closes a connection whose handshake does not go on', async () => {
    const silent = net.connect(server.port, '127.0.0.1');
    const half = net.connect(server.port, '127.0.0.1');
    half.write(Buffer.from([0x16, 3, 1, 2, 0, 1, 0]));
    assert.deepEqual(await Promise.all([readAll(silent), readAll(half)]), ['', '']);
  });

  it('says in TLS that a connection ends', async () => {
    const socket = await connect();
    socket.write('GET /live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    const ended = emitted(socket, 'end');
    socket.resume();
    await within(ended, 'close_notify');
  });

  it('takes up a session again', async () => {
    const socket = await connect({ maxVersion: 'TLSv1.3' });
    const [session] = await within(emitted(socket, 'session'), 'ticket');
    socket.destroy();
    const again = await connect({ session });
    assert.ok(again.isSessionReused());
    again.destroy();
  });

  it('gives new connections a replaced certificate and keeps those that are open', async () => {
    const url = `wss://${server.origin}/app/${app.key}?protocol=7`;
    const open = await Socket.open(url, { ca: authority.certificate });
    await open.greeting();
    const nameOf = async () => {
      const socket = await connect();
      const { CN } = socket.getPeerCertificate().subject;
      socket.destroy();
      return CN;
    };
    assert.equal(await nameOf(), 'first');
    await authority.certify('second');
    await server.logged('tls_reloaded', ({ subject }) => subject === 'CN=second');
    assert.equal(await nameOf(), 'second');
    await open.expectAlive();
    await open.close();
  });
});

describe('TLS without its files', () => {
  const fails = async (settings, reason) =>
    assert.rejects(
      Server.start({ settings }).then((started) => started.stop()),
      reason,
    );

  it('keeps the server from starting', async () => {
    const files = await authority.certify('third');
    await fails({ 'tls.certificate': files['tls.certificate'] }, /tls\.certificate is set and tls\.key is not/);
    await fails({ 'tls.key': files['tls.key'] }, /tls\.key is set and tls\.certificate is not/);
    await fails({ ...files, 'tls.certificate': '/nowhere.pem' }, /nowhere\.pem' cannot be used: No such file/);
  });
});
