// Servers that are given nothing but the settings of the Reverb, Pusher or soketi deployment that they replace.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';

import Echo from 'laravel-echo';
import ServerSdk from 'pusher';
import Pusher from 'pusher-js';

import { within } from '../lib/deadline.mjs';
import { Program, run } from '../lib/program.mjs';
import { channelAuth } from '../lib/signing.mjs';
import { withFreePort } from './lib/free_port.mjs';
import { once, subscribed } from './lib/suite.mjs';

const data = fileURLToPath(new URL('data', import.meta.url));
const closers = [];
after(async () => {
  for (const close of closers.reverse()) await close();
});

/** The process environment without settings of any server, and with `variables`. */
function environment(variables) {
  const foreign = /^(PARLEY|REVERB|PUSHER|SOKETI|SOCKUDO)_/;
  const own = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(own), ...variables };
}

/** A directory with a copy of a file of `data`, in which `changes` are made: ports that may be taken. */
async function deployment(file, changes = []) {
  const directory = await mkdtemp(join(tmpdir(), 'parley-takeover-'));
  closers.push(() => rm(directory, { recursive: true, force: true }));
  let text = await readFile(join(data, file), 'utf8');
  for (const [from, to] of changes) {
    assert.ok(text.includes(from), `${file} holds ${from}`);
    text = text.replace(from, to);
  }
  await writeFile(join(directory, basename(file)), text);
  return { directory, text };
}

/** The object of a line of the log; undefined for other lines. */
function entryOf(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Starts `parley serve`; the metrics' port is the only setting of ours that may be needed, as many servers run here. */
async function serve(directory, words, variables = {}) {
  const spawned = { cwd: directory, env: environment(variables) };
  const findPort = (line) => {
    const entry = entryOf(line);
    return entry?.event === 'listening' ? entry.port : undefined;
  };
  const program = await Program.start('parley', ['serve', ...words], findPort, spawned);
  closers.push(() => program.stop());
  return program;
}

/** Starts `parley serve` with Reverb's `.env`, which has a free port and `further` lines: {program, port, text}. */
const serveReverb = (further = '') =>
  withFreePort(async (port) => {
    const { directory, text } = await deployment('laravel-reverb.env', [
      ['REVERB_SERVER_PORT=8080', `REVERB_SERVER_PORT=${port}${further}`],
    ]);
    const program = await serve(directory, ['--env', 'laravel-reverb.env'], { PARLEY_METRICS_PORT: '0' });
    return { program, port, text };
  });

const logged = (program, event, fits = () => true) =>
  program.findLine((line) => {
    const entry = entryOf(line);
    return entry?.event === event && fits(entry) ? entry : undefined;
  }, `line "${event}" in the log`);

function sdkFor(port, [appId, key, secret]) {
  return new ServerSdk({ appId, key, secret, host: '127.0.0.1', port, useTLS: false, timeout: 15_000 });
}

/** A pusher-js client of an app, as user 7 of its back end. */
function clientFor(port, [, key, secret]) {
  const client = new Pusher(key, {
    cluster: '',
    wsHost: '127.0.0.1',
    wsPort: port,
    forceTLS: false,
    enabledTransports: ['ws'],
    channelAuthorization: {
      customHandler: ({ socketId, channelName }, answer) => {
        const channelData = channelName.startsWith('presence-') ? '{"user_id":"7"}' : undefined;
        const auth = channelAuth(socketId, channelName, channelData, { key, secret });
        answer(null, { auth, channel_data: channelData });
      },
    },
  });
  closers.push(() => client.disconnect());
  return client;
}

/** What the server said, out of the arguments of pusher-js's event `error`: {code, message}. */
const errorOf = ([error]) => error.data ?? error.error.data;

/** An event of the SDK reaches a private channel of pusher-js. */
async function exchange(port, app) {
  const channel = clientFor(port, app).subscribe('private-orders');
  await subscribed(channel);
  const heard = once(channel, 'shipped');
  await sdkFor(port, app).trigger('private-orders', 'shipped', { id: 7 });
  assert.deepEqual((await heard)[0], { id: 7 });
  return channel;
}

it('a Laravel application with Reverb keeps its .env', async () => {
  const { program, port, text } = await serveReverb();
  assert.equal(program.port, port);
  const variables = parseEnv(text);
  const app = [variables.REVERB_APP_ID, variables.REVERB_APP_KEY, variables.REVERB_APP_SECRET];
  const echo = new Echo({
    broadcaster: 'reverb',
    Pusher,
    key: app[1],
    wsHost: '127.0.0.1',
    wsPort: port,
    forceTLS: false,
    enabledTransports: ['ws'],
  });
  closers.push(() => echo.disconnect());
  const channel = echo.channel('orders');
  await subscribed(channel.subscription);
  const heard = within(new Promise((done) => void channel.listen('OrderShipped', done)), 'OrderShipped');
  await sdkFor(port, app).trigger('orders', 'App\\Events\\OrderShipped', { id: 7 });
  assert.deepEqual(await heard, { id: 7 });

  await exchange(port, app);
  const taken = await logged(program, 'settings_taken_over');
  assert.equal(taken.server, 'Reverb');
  assert.equal(taken.from, 'laravel-reverb.env');
  assert.match(taken.names, /REVERB_APP_ID, REVERB_APP_KEY, REVERB_APP_SECRET, REVERB_SERVER_HOST/);
  assert.doesNotMatch(program.log, new RegExp(app[2]), 'the secret is not logged');
});

it('members of a channel whisper as with Reverb', async () => {
  const { port, text } = await serveReverb();
  const variables = parseEnv(text);
  const app = [variables.REVERB_APP_ID, variables.REVERB_APP_KEY, variables.REVERB_APP_SECRET];
  const [first, second] = [clientFor(port, app), clientFor(port, app)].map((client) =>
    client.subscribe('private-room'),
  );
  await Promise.all([subscribed(first), subscribed(second)]);
  const heard = once(second, 'client-typing');
  first.trigger('client-typing', { on: true });
  assert.deepEqual((await heard)[0], { on: true });
});

it('a Laravel application with Pusher keeps its .env', async () => {
  const { directory, text } = await deployment('laravel-pusher.env');
  const variables = parseEnv(text);
  // Its port is Pusher's; the one to listen on is ours to say.
  const program = await serve(directory, ['--env', 'laravel-pusher.env', '--port', '0', '--host', '127.0.0.1'], {
    PARLEY_METRICS_PORT: '0',
  });
  const app = [variables.PUSHER_APP_ID, variables.PUSHER_APP_KEY, variables.PUSHER_APP_SECRET];
  const channel = await exchange(program.port, app);
  assert.equal((await logged(program, 'settings_taken_over')).server, 'Pusher');
  // Pusher's client events are off until somebody switches them on.
  const refused = once(channel.pusher.connection, 'error');
  channel.trigger('client-typing', {});
  assert.match(errorOf(await refused).message, /client/i);
});

it('a soketi container keeps its environment', async () => {
  const { program, port, variables } = await withFreePort(async (port) => {
    const { directory, text } = await deployment('soketi.env', [
      ['SOKETI_PORT=6001', `SOKETI_PORT=${port}`],
      ['SOKETI_METRICS_SERVER_PORT=9601', 'SOKETI_METRICS_SERVER_PORT=0'],
    ]);
    // As a container has it: no file, but the process's environment.
    const variables = parseEnv(text);
    return { program: await serve(directory, [], variables), port, variables };
  });
  assert.equal(program.port, port);
  const app = ['ID', 'KEY', 'SECRET'].map((name) => variables[`SOKETI_DEFAULT_APP_${name}`]);
  await exchange(port, app);
  const [taken, ignored] = [
    await logged(program, 'settings_taken_over'),
    await logged(program, 'settings_without_effect'),
  ];
  assert.equal(taken.from, 'environment');
  assert.match(ignored.names, /SOKETI_DB_REDIS_HOST/);
  // The limit of three connections of that app holds: one is open.
  const more = Array.from({ length: 2 }, () => clientFor(port, app));
  await Promise.all(more.map((client) => once(client.connection, 'connected')));
  const refused = clientFor(port, app);
  assert.equal(errorOf(await once(refused.connection, 'error')).code, 4100);
});

it("soketi's configuration file brings its apps", async () => {
  const { program, port } = await withFreePort(async (port) => {
    const { directory } = await deployment('soketi.json', [
      ['"port": 6001', `"port": ${port}`],
      ['"prometheus": {', '"port": 0, "prometheus": {'],
    ]);
    return { program: await serve(directory, ['--config', 'soketi.json']), port };
  });
  assert.equal(program.port, port);
  const shop = ['shop', 'shop-key', 'shop-secret'];
  const blog = ['blog', 'blog-key', 'blog-secret'];
  await exchange(port, shop);
  await exchange(port, blog);
  const refused = sdkFor(port, ['app-id', 'app-key', 'app-secret']).trigger('orders', 'shipped', {});
  await assert.rejects(refused, ({ status }) => status === 401 || status === 404, 'there is no default app');
  await assert.rejects(sdkFor(port, ['shop', 'blog-key', 'blog-secret']).trigger('orders', 'shipped', {}));
});

it('parley config tells what came from where', async () => {
  const { directory } = await deployment('laravel-reverb.env');
  const env = environment({ PARLEY_WORKERS: '2' });
  const text = await run('parley', ['config', '--env', 'laravel-reverb.env'], { cwd: directory, env });
  assert.match(text, /^app\.key +xkq3mzv8w1pf0tlhc9ra +REVERB_APP_KEY of laravel-reverb\.env:33$/m);
  assert.match(text, /^app\.secret +\(hidden\) +REVERB_APP_SECRET of laravel-reverb\.env:34$/m);
  assert.match(text, /^workers +2 +environment PARLEY_WORKERS$/m);
  assert.match(text, /^Taken over from Reverb:$/m);
  assert.match(text, /^ {2}REVERB_APP_MAX_MESSAGE_SIZE \(laravel-reverb\.env\) is app\.max_message_size$/m);
  assert.match(text, /^ {2}REVERB_HOST \(laravel-reverb\.env\) has no effect: /m);
  assert.doesNotMatch(text, /d7w2n5uycbj6e4gs0okx/, 'the secret is hidden');
});

it('what would lose messages keeps the server from starting', async () => {
  const { directory } = await deployment('laravel-reverb.env', [
    ['REVERB_SCALING_ENABLED=false', 'REVERB_SCALING_ENABLED=true'],
  ]);
  const failed = run('parley', ['serve', '--env', 'laravel-reverb.env'], { cwd: directory, env: environment({}) });
  await assert.rejects(failed, /REVERB_SCALING_ENABLED of laravel-reverb\.env:\d+: 'true' cannot be had/);
});

it('an unknown variable of the server is warned of, with the nearest name', async () => {
  const { program } = await serveReverb('\nREVERB_APP_MAX_CONECTIONS=5');
  const { warning } = await logged(program, 'setting', (entry) => entry.warning.includes('CONECTIONS'));
  assert.match(warning, /did you mean 'REVERB_APP_MAX_CONNECTIONS'\?$/);
});
