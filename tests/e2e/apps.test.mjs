// Apps that come, change and go while the server runs: parley app, and what becomes of open connections.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

import { eventually } from '../lib/deadline.mjs';
import { once, Scene, subscribed, suite } from './lib/suite.mjs';
import { statusOf, Tenant } from './lib/tenant.mjs';

let made = 0;

const folder = mkdtempSync(join(tmpdir(), 'parley-apps-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A configuration with these apps, whose keys and secrets are made of their ids. */
function writeConfiguration(apps) {
  const tables = apps.map(([id, ...lines]) =>
    ['[[apps]]', `id = "${id}"`, `key = "${id}-key"`, `secret = "${id}-secret"`, ...lines].join('\n'),
  );
  writeFileSync(join(folder, 'parley.toml'), tables.join('\n'));
}
writeConfiguration([['stays'], ['goes']]);

/** The lines NAME=value of what a command printed. */
function variables(text) {
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => /^[A-Z_]+=/.test(line))
      .map((line) => line.split('=')),
  );
}

class Operator extends Scene {
  /** Runs `parley app`; resolves with what it printed. */
  app(...words) {
    return this.server.command('app', ...words);
  }

  /** An app that the server knows already. */
  async create(...words) {
    made += 1;
    const printed = variables(await this.app('create', '--id', `tenant-${made}`, ...words));
    const { REVERB_APP_ID: id, REVERB_APP_KEY: key, REVERB_APP_SECRET: secret } = printed;
    await this.server.logged('app_opened', (line) => line.app_id === id);
    return new Tenant(this, { id, key, secret });
  }

  /** Resolves when the server has noticed what `words` change about `tenant`. */
  async change(tenant, ...words) {
    const count = () => this.server.log.split('\n').filter((line) => line.includes(`"${tenant.app.id}"`)).length;
    const before = count();
    const printed = await this.app(...words);
    await eventually(count, (now) => now > before, 'line about the app in the log');
    return printed;
  }
}

suite(
  'parley app',
  { settings: { 'chat.enabled': false } },
  (test) => {
    test('makes an app that a running server takes at once', async (scene) => {
      const tenant = await scene.create('--name', 'The shop');
      const channel = (await tenant.connected()).subscribe('private-room');
      await subscribed(channel);
      const received = once(channel, 'e');
      await tenant.sdk.trigger('private-room', 'e', { x: 1 });
      assert.deepEqual((await received)[0], { x: 1 });
      const listed = JSON.parse(await scene.app('list', '--json'));
      assert.deepEqual(
        listed.map(({ id, source, enabled }) => [id, source, enabled]).filter(([id]) => id === tenant.app.id),
        [[tenant.app.id, 'parley-apps.db', true]],
      );
      assert.equal(listed[0].source, 'configuration');
      assert.ok(!JSON.stringify(listed).includes(tenant.app.secret));
    });

    test('rotates a secret: both are valid for publishing, private channels and sign-in, then the new one alone', async (scene) => {
      const tenant = await scene.create();
      const old = tenant.sdk;
      const before = await tenant.connected();
      const { REVERB_APP_SECRET: secret } = variables(await scene.change(tenant, 'rotate', tenant.app.id));
      assert.notEqual(secret, tenant.app.secret);
      const fresh = tenant.sdkWith(secret);
      for (const sdk of [old, fresh]) {
        assert.equal(await statusOf(sdk.trigger('news', 'e', 'x')), 200);
        const client = await tenant.signedIn({ id: 'ann' }, sdk);
        await subscribed(client.subscribe('private-room'));
      }
      await scene.change(tenant, 'rotate', tenant.app.id, '--finish');
      assert.equal(before.connection.state, 'connected');
      assert.equal(await statusOf(old.trigger('news', 'e', 'x')), 401);
      assert.equal(await statusOf(fresh.trigger('news', 'e', 'x')), 200);
      const refused = (await tenant.connected({ id: 'ann' }, old)).subscribe('private-room');
      assert.equal((await once(refused, 'pusher:subscription_error'))[0].type, 'AuthError');
      const signing = await tenant.connected({ id: 'ann' }, old);
      const error = once(signing.connection, 'error');
      signing.signin();
      assert.equal((await error)[0].data.code, 4009);
      await subscribed((await tenant.signedIn({ id: 'ann' }, fresh)).subscribe('private-room'));
    });

    test('ends the old secret when its time is over', async (scene) => {
      const tenant = await scene.create();
      await scene.change(tenant, 'rotate', tenant.app.id, '--grace', '3');
      const status = () => statusOf(tenant.sdk.trigger('news', 'e', 'x'));
      await eventually(status, (answer) => answer === 401, 'end of the old secret');
    });

    test('disables one app, closes its connections and no others, and enables it again', async (scene) => {
      const [tenant, other] = [await scene.create(), await scene.create()];
      const [client, neighbour] = [await tenant.connected(), await other.connected()];
      const closing = once(client.connection, 'error');
      await scene.change(tenant, 'disable', tenant.app.id);
      assert.equal((await closing)[0].data.code, 4003);
      assert.equal(await statusOf(tenant.sdk.trigger('news', 'e', 'x')), 403);
      const socket = await scene.open(`/app/${tenant.app.key}`);
      await socket.expectError(4003);
      assert.equal((await socket.closed()).code, 4003);
      await subscribed(neighbour.subscribe('news'));
      assert.equal(neighbour.connection.state, 'connected');
      await scene.change(tenant, 'enable', tenant.app.id);
      assert.equal(await statusOf(tenant.sdk.trigger('news', 'e', 'x')), 200);
      await subscribed((await tenant.connected()).subscribe('news'));
    });

    test('removes an app', async (scene) => {
      const tenant = await scene.create();
      const socket = await scene.open(`/app/${tenant.app.key}`);
      await socket.greeting();
      await scene.change(tenant, 'delete', tenant.app.id);
      await socket.expectError(4001);
      assert.equal((await socket.closed()).code, 4001);
      assert.equal(await statusOf(tenant.sdk.trigger('news', 'e', 'x')), 404);
    });

    test('changes limits for connections that are open', async (scene) => {
      const tenant = await scene.create();
      const socket = await scene.open(`/app/${tenant.app.key}`);
      await socket.greeting();
      const [ann, bob] = [await tenant.connected(), await tenant.connected({ id: 'bob' })];
      const [mine, theirs] = [ann.subscribe('private-room'), bob.subscribe('private-room')];
      await Promise.all([subscribed(mine), subscribed(theirs)]);
      const { id } = tenant.app;
      await scene.change(
        tenant,
        'limits',
        id,
        'enable_client_messages=false',
        'max_message_size=1024',
        'maxConnections=3',
        'max_event_payload_in_kb=1',
      );
      const refusal = once(ann.connection, 'error');
      mine.trigger('client-typing', {});
      assert.match((await refusal)[0].data.message, /switched off/);
      assert.equal(await statusOf(tenant.sdk.trigger('news', 'e', 'x'.repeat(1_025))), 413);
      const fourth = await scene.open(`/app/${tenant.app.key}`);
      await fourth.expectError(4100);
      socket.send(`{"event":"pusher:ping","data":"${'x'.repeat(1_024)}"}`);
      assert.equal((await socket.closed()).code, 1009);
      await scene.change(tenant, 'limits', id, 'enableClientMessages=default', 'max_message_size=default');
      const received = once(theirs, 'client-typing');
      mine.trigger('client-typing', { again: true });
      assert.deepEqual((await received)[0], { again: true });
      assert.match(await scene.app('limits', id), /max_connections +3\n/);
    });

    test('keeps its secrets from others', async (scene) => {
      await scene.create();
      const { mode } = await stat(join(scene.server.directory, 'parley-apps.db'));
      assert.equal(mode & 0o777, 0o600);
      for (const secret of scene.server.log.match(/secret[^"]*":"[^"]+/g) ?? []) assert.fail(secret);
    });

    test('takes webhooks from a file and origins from the command line', async (scene) => {
      const tenant = await scene.create();
      const hooks = join(scene.server.directory, 'hooks.json');
      await writeFile(hooks, '[{"url":"https://shop.example.com/hook","event_types":["channel_occupied"]}]');
      await scene.change(tenant, 'limits', tenant.app.id, '--webhooks', hooks, 'allowed_origins=good.example.com');
      const [listed] = JSON.parse(await scene.app('list', '--json')).filter(({ id }) => id === tenant.app.id);
      assert.equal(listed.settings.webhooks[0].url, 'https://shop.example.com/hook');
      const socket = await scene.open(`/app/${tenant.app.key}`, { headers: { Origin: 'https://evil.test' } });
      await socket.expectError(4009);
    });
  },
  Operator,
);

suite(
  'an app of the configuration',
  { settings: { 'chat.enabled': false, 'app.secret': 'new', 'app.previous_secret': 'old' } },
  (test) => {
    test('has two secrets, too', async (scene) => {
      for (const secret of ['new', 'old']) {
        const tenant = new Tenant(scene, { id: 'app-id', key: 'app-key', secret });
        assert.equal(await statusOf(tenant.sdk.trigger('news', 'e', 'x')), 200, secret);
      }
    });

    test('is joined by those of the database, whose credentials are ready to paste', async (scene) => {
      const printed = variables(await scene.server.command('app', 'create', '--id', 'lasting'));
      await scene.server.logged('app_opened', ({ app_id: id }) => id === 'lasting');
      assert.match(printed.PUSHER_APP_SECRET, /^[0-9a-f]{32}$/);
    });
  },
);

suite(
  'apps of a file',
  { words: ['--config', join(folder, 'parley.toml')], settings: { 'chat.enabled': false } },
  (test) => {
    test('are read again at SIGHUP', async (scene) => {
      const tenant = (id) => new Tenant(scene, { id, key: `${id}-key`, secret: `${id}-secret` });
      const [stays, goes] = await Promise.all(['stays', 'goes'].map((id) => tenant(id).connected()));
      const removed = once(goes.connection, 'error');
      writeConfiguration([['stays', 'enable_client_messages = false'], ['comes']]);
      process.kill(scene.server.pid, 'SIGHUP');
      assert.equal((await removed)[0].data.code, 4001);
      await scene.server.logged('app_opened', ({ app_id: id }) => id === 'comes');
      await subscribed((await tenant('comes').connected()).subscribe('private-room'));
      const channel = stays.subscribe('private-room');
      await subscribed(channel);
      const refusal = once(stays.connection, 'error');
      channel.trigger('client-typing', {});
      assert.match((await refusal)[0].data.message, /switched off/);
    });

    test('stay as they were when the file is wrong', async (scene) => {
      writeConfiguration([['stays', 'max_conections = 5']]);
      process.kill(scene.server.pid, 'SIGHUP');
      const { reason } = await scene.server.logged('reload_refused');
      assert.match(reason, /apps\[0\]\.max_conections: unknown; did you mean 'max_connections'\?/);
      const tenant = new Tenant(scene, { id: 'comes', key: 'comes-key', secret: 'comes-secret' });
      assert.equal(await statusOf(tenant.sdk.trigger('news', 'e', 'x')), 200);
    });
  },
);
