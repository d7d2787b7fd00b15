// Webhooks of servers that end, begin again, or trust somebody else.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { app, Server } from '../lib/server.mjs';
import { Receiver } from './lib/receiver.mjs';
import { Socket } from './lib/socket.mjs';

const folder = await mkdtemp(join(tmpdir(), 'parley-webhooks-'));
after(() => rm(folder, { recursive: true, force: true }));
let files = 0;

/** A server that tells `url`, and that ends with the test. */
async function serverWith(context, url, settings = {}, directory = undefined) {
  files += 1;
  const config = join(folder, `${files}.toml`);
  await writeFile(config, `[[app.webhooks]]\nurl = "${url}"\n`);
  const server = await Server.start({ words: ['--config', config], settings, directory });
  context.after(() => server.kill());
  return server;
}

async function receive(context, tls) {
  const receiver = await Receiver.start(tls);
  context.after(() => receiver.close());
  return receiver;
}

async function connect(server) {
  const socket = await Socket.open(`ws://${server.origin}/app/${app.key}?protocol=7`);
  await socket.greeting();
  return socket;
}

/** The certificate of an authority that nobody knows, and one of its making for localhost. */
async function makeCertificates() {
  const file = (name) => join(folder, name);
  const openssl = (...words) => execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test CA', '-days', '2');
  openssl('req', ...key, '-keyout', 'host.key', '-out', 'host.csr', '-subj', '/CN=localhost');
  await writeFile(file('names'), 'subjectAltName=DNS:localhost\n');
  openssl(
    ...['x509', '-req', '-in', 'host.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
    ...['-extfile', 'names', '-out', 'host.pem', '-days', '2'],
  );
  const [certificate, privateKey] = await Promise.all([readFile(file('host.pem')), readFile(file('host.key'))]);
  return { caFile: file('ca.pem'), tls: { cert: certificate, key: privateKey } };
}

for (const [where, settings] of [
  ['without a database', { 'chat.enabled': false }],
  ['with a database', {}],
]) {
  test(`a server that ends tells who has gone: ${where}`, async (context) => {
    const receiver = await receive(context);
    const directory = await mkdtemp(join(folder, 'server-'));
    const url = `http://127.0.0.1:${receiver.port}/hooks`;
    const server = await serverWith(context, url, settings, directory);
    const socket = await connect(server);
    await socket.subscribe('presence-x', { user: { user_id: '1' } });
    await receiver.hears('/hooks', 'presence-x', 2);
    await server.stop();
    // With a database it may be the next start that tells.
    if (settings['chat.enabled'] !== false) await serverWith(context, url, settings, directory);
    assert.deepEqual(
      (await receiver.hears('/hooks', 'presence-x', 4, 40_000)).slice(2).map(({ name }) => name),
      ['member_removed', 'channel_vacated'],
    );
  });
}

test('kill -9 loses nothing that was collected', async (context) => {
  const receiver = await receive(context);
  const directory = await mkdtemp(join(folder, 'server-'));
  const url = `http://127.0.0.1:${receiver.port}/hooks`;
  receiver.answers.set('/hooks', () => 500);
  const first = await serverWith(context, url, {}, directory);
  const socket = await connect(first);
  const channels = ['a', 'b', 'c', 'd'];
  await socket.subscribe(channels[0]);
  // An attempt shows that the request before it is in the database; the later ones wait behind it.
  const [attempt] = await receiver.reached('/hooks', 1);
  for (const channel of channels.slice(1)) await socket.subscribe(channel);
  await receiver.reached('/hooks', 3);
  await first.kill();

  receiver.answers.clear();
  await serverWith(context, url, {}, directory);
  for (const channel of channels) await receiver.hears('/hooks', channel, 1, 60_000);
  const accepted = receiver.to('/hooks').filter(({ status }) => status === 200);
  assert.equal(accepted[0].text, attempt.text, 'the same body with the same time_ms');
  assert.deepEqual(
    accepted.flatMap(({ body }) => body.events.map(({ channel }) => channel)),
    channels,
  );
});

test('certificates are verified', async (context) => {
  const { caFile, tls } = await makeCertificates();
  const receiver = await receive(context, tls);
  const url = `https://localhost:${receiver.port}/hooks`;
  const alone = { 'chat.enabled': false };

  const wary = await serverWith(context, url, alone);
  await (await connect(wary)).subscribe('x');
  const { error } = await wary.logged('webhook_failed');
  assert.match(error, /certificate/i);
  assert.deepEqual(receiver.requests, []);

  const trusting = await serverWith(context, url, { ...alone, 'webhooks.ca_file': caFile });
  await (await connect(trusting)).subscribe('x');
  await receiver.hears('/hooks', 'x', 1);

  const mistaken = await serverWith(context, url.replace('localhost', '127.0.0.1'), {
    ...alone,
    'webhooks.ca_file': caFile,
  });
  await (await connect(mistaken)).subscribe('x');
  assert.match((await mistaken.logged('webhook_failed')).error, /subject name|certificate/i);
  assert.equal(receiver.requests.length, 1);
});

test('private addresses can be forbidden', async (context) => {
  const receiver = await receive(context);
  for (const host of ['127.0.0.1', 'localhost']) {
    const server = await serverWith(context, `http://${host}:${receiver.port}/hooks`, {
      'chat.enabled': false,
      'webhooks.forbid_private_addresses': true,
    });
    await (await connect(server)).subscribe('x');
    assert.match((await server.logged('webhook_failed')).error, /forbid_private_addresses/);
  }
  assert.deepEqual(receiver.requests, []);
});

test('certificates that cannot be read keep the server from starting', async () => {
  const starting = Server.start({ settings: { 'webhooks.ca_file': join(folder, 'nothing.pem') } });
  await assert.rejects(starting, /webhooks\.ca_file: '.*nothing\.pem' cannot be read/);
});
