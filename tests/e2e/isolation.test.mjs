// Apps on one server are strangers: whatever is called the same in two of them stays apart.
import assert from 'node:assert/strict';
import { once as emitted } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

import { eventually } from '../lib/deadline.mjs';
import { once, Scene, subscribed, suite } from './lib/suite.mjs';
import { record, statusOf, Tenant } from './lib/tenant.mjs';

const first = { id: 'first', key: 'first-key', secret: 'first-secret' };
const second = { id: 'second', key: 'second-key', secret: 'second-secret' };

/** Webhooks that came, as {path, headers, rawBody}. */
const hooks = [];
const receiver = http.createServer(async (request, response) => {
  let rawBody = '';
  for await (const chunk of request) rawBody += chunk;
  hooks.push({ path: request.url, headers: request.headers, rawBody });
  response.end();
});
receiver.listen(0, '127.0.0.1');
await emitted(receiver, 'listening');
const hookUrl = `http://127.0.0.1:${receiver.address().port}`;

const folder = mkdtempSync(join(tmpdir(), 'parley-apps-'));
const file = join(folder, 'parley.toml');
writeFileSync(
  file,
  `
[[apps]]
id = "first"
key = "first-key"
secret = "first-secret"
subscription_count = true
watchlist_events = true
maxBackendEventsPerSecond = 20
max_read_requests_per_second = 20
webhooks = [{ url = "${hookUrl}/first", event_types = ["channel_occupied"], filter = { channel_prefix = "hooked" } }]

[[apps]]
app_id = "second"
key = "second-key"
secrets = ["second-secret"]
subscription_count = true
enable_watchlist_events = true
maxConnections = 20
max_message_size = 2048
activity_timeout = 7
max_presence_members_per_channel = 1

[[apps.webhooks]]
url = "${hookUrl}/second"
event_types = ["channel_occupied"]
filter = { channel_name_starts_with = "hooked" }

[[apps]]
id = "narrow"
key = "narrow-key"
secret = "narrow-secret"
max_connections = 1
allowed_origins = ["good.example.com"]
rate_limiting = { enabled = true, max_attempts = 3, decay_seconds = 600, terminate_on_limit = true }
`,
);
after(() => {
  receiver.close();
  receiver.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

class Neighbours extends Scene {
  one = new Tenant(this, first);
  two = new Tenant(this, second);

  /** Checks that what comes next to `events`, a record of `channel` in the second app, is an event of its own. */
  async nothingCrossed(channel, events) {
    const before = events.length;
    await this.two.sdk.trigger(channel, 'own', 'x');
    await eventually(
      () => events,
      (all) => all.some(([event]) => event === 'own'),
      'event of its own',
    );
    assert.deepEqual(events.slice(before), [['own', 'x']]);
  }
}

const options = { words: ['--config', file], settings: { 'chat.enabled': false } };

suite(
  'two apps',
  options,
  (test) => {
    test('keep events of equally named channels apart', async ({ one, two }) => {
      const channels = await Promise.all([one, two].map(async (app) => (await app.connected()).subscribe('news')));
      await Promise.all(channels.map(subscribed));
      const [ofOne, ofTwo] = channels.map(record);
      await one.sdk.trigger('news', 'e', { of: 'one' });
      await one.sdk.triggerBatch([{ channel: 'news', name: 'e', data: 'batch' }]);
      await two.sdk.trigger('news', 'own', 'x');
      await eventually(
        () => [ofOne, ofTwo],
        ([a, b]) => a.length >= 2 && b.length >= 1,
        'events',
      );
      assert.deepEqual(ofOne, [
        ['e', { of: 'one' }],
        ['e', 'batch'],
      ]);
      assert.deepEqual(ofTwo, [['own', 'x']]);
    });

    test('do not send each other client events', async (scene) => {
      const clients = await Promise.all([
        scene.one.connected(),
        scene.one.connected({ id: 'bob' }),
        scene.two.connected(),
      ]);
      const channels = clients.map((client) => client.subscribe('private-room'));
      await Promise.all(channels.map(subscribed));
      const [, received, ofTwo] = channels.map(record);
      channels[0].trigger('client-typing', { who: 'ann' });
      await eventually(
        () => received,
        (all) => all.length === 1,
        'client event',
      );
      await scene.nothingCrossed('private-room', ofTwo);
    });

    test('have members, counts and listings of their own', async (scene) => {
      const [ann, bob] = await Promise.all([scene.one.connected(), scene.one.connected({ id: 'bob' })]);
      const other = await scene.two.connected();
      const members = await subscribed(other.subscribe('presence-hall'));
      assert.equal(members.count, 1);
      await subscribed(ann.subscribe('presence-hall'));
      assert.equal((await subscribed(bob.subscribe('presence-hall'))).count, 2);
      assert.equal(other.channel('presence-hall').members.count, 1);
      const users = async (app) =>
        (await app.get('/channels/presence-hall/users')).body.users.map(({ id }) => id).sort();
      assert.deepEqual(await users(scene.one), ['ann', 'bob']);
      assert.deepEqual(await users(scene.two), ['ann']);
      await subscribed(ann.subscribe('only-one'));
      const listed = async (app) => Object.keys((await app.get('/channels')).body.channels);
      assert.ok((await listed(scene.one)).includes('only-one'));
      assert.ok(!(await listed(scene.two)).includes('only-one'));
      const { body } = await scene.two.get('/channels/only-one');
      assert.equal(body.occupied, false);
    });

    test('hold presence channels to their own limit', async (scene) => {
      await subscribed((await scene.two.connected()).subscribe('presence-full'));
      const late = (await scene.two.connected({ id: 'bob' })).subscribe('presence-full');
      const [error] = await once(late, 'pusher:subscription_error');
      assert.equal(error.status, 4100);
      for (const id of ['ann', 'bob']) await subscribed((await scene.one.connected({ id })).subscribe('presence-full'));
    });

    test('end connections of their own users alone', async (scene) => {
      const [mine, theirs] = await Promise.all([scene.one.signedIn(), scene.two.signedIn()]);
      const ended = once(mine.connection, 'disconnected').catch(() => undefined);
      const state = new Promise((done) => mine.connection.bind('state_change', ({ current }) => done(current)));
      await scene.one.sdk.terminateUserConnections('ann');
      assert.notEqual(await state, 'connected');
      await subscribed(theirs.subscribe('still-here'));
      assert.equal(theirs.connection.state, 'connected');
      mine.disconnect();
      await ended;
    });

    test('send events to their own users alone', async (scene) => {
      const [mine, theirs] = await Promise.all([scene.one.signedIn(), scene.two.signedIn()]);
      const heard = [];
      theirs.user.bind('hello', (data) => heard.push(data));
      const received = once(mine.user, 'hello');
      await scene.one.sdk.sendToUser('ann', 'hello', { from: 'one' });
      assert.deepEqual((await received)[0], { from: 'one' });
      const own = once(theirs.user, 'hello');
      await scene.two.sdk.sendToUser('ann', 'hello', { from: 'two' });
      await own;
      assert.deepEqual(heard, [{ from: 'two' }]);
    });

    test('watch their own users alone', async (scene) => {
      const watcher = await scene.two.signedIn({ id: 'watcher', watchlist: ['carla'] });
      const online = [];
      watcher.user.watchlist.bind('online', ({ user_ids: ids }) => online.push(...ids));
      await scene.one.signedIn({ id: 'carla' });
      assert.deepEqual(online, []);
      const seen = once(watcher.user.watchlist, 'online');
      await scene.two.signedIn({ id: 'carla' });
      await seen;
      assert.deepEqual(online, ['carla']);
    });

    test('remember events of cache channels apart', async (scene) => {
      await scene.one.sdk.trigger('cache-price', 'set', { price: 1 });
      const channel = (await scene.two.connected()).subscribe('cache-price');
      const missed = once(channel, 'pusher:cache_miss');
      await missed;
      const known = (await scene.one.connected()).subscribe('cache-price');
      assert.deepEqual((await once(known, 'set'))[0], { price: 1 });
    });

    test('refuse each other their signatures', async (scene) => {
      const crossed = new Tenant(scene, { ...first, secret: second.secret });
      assert.equal(await statusOf(crossed.sdk.trigger('news', 'e', 'x')), 401);
      const keyed = new Tenant(scene, { id: first.id, key: second.key, secret: second.secret });
      assert.equal(await statusOf(keyed.sdk.trigger('news', 'e', 'x')), 401);
      const channel = (await scene.one.connected({ id: 'ann' }, scene.two.sdk)).subscribe('private-room');
      const [error] = await once(channel, 'pusher:subscription_error');
      assert.equal(error.type, 'AuthError');
    });

    test('do not exclude the sockets of each other', async (scene) => {
      const [mine, theirs] = await Promise.all([scene.one.connected(), scene.two.connected()]);
      const channel = theirs.subscribe('exclusion');
      await subscribed(channel);
      const received = once(channel, 'e');
      await scene.two.sdk.trigger('exclusion', 'e', 'x', { socket_id: mine.connection.socket_id });
      await received;
    });

    test('have idempotency keys of their own', async (scene) => {
      const channels = await Promise.all(
        [scene.one, scene.two].map(async (app) => (await app.connected()).subscribe('once')),
      );
      await Promise.all(channels.map(subscribed));
      const received = channels.map((channel) => once(channel, 'e'));
      for (const app of [scene.one, scene.two]) {
        const body = { name: 'e', channel: 'once', data: app.app.id, idempotency_key: 'the-same' };
        assert.equal((await app.sdk.post({ path: '/events', body })).status, 200);
      }
      assert.deepEqual(
        (await Promise.all(received)).map(([data]) => data),
        ['first', 'second'],
      );
    });

    test('count their own rates', async (scene) => {
      // At once, so that they are more than 20 in a second on a slow machine, too.
      const burst = (ask) => () => Promise.all(Array.from({ length: 25 }, ask));
      const agent = new http.Agent({ keepAlive: true });
      scene.atEnd(() => agent.destroy());
      const sdk = scene.one.sdkWith(first.secret, agent);
      const publish = () => statusOf(sdk.trigger('rates', 'e', 'x'));
      await eventually(burst(publish), (statuses) => statuses.includes(429), 'refusal of a publish');
      assert.equal(await statusOf(scene.two.sdk.trigger('rates', 'e', 'x')), 200);
      const read = async () => (await scene.one.get('/channels', {}, sdk)).status;
      await eventually(burst(read), (statuses) => statuses.includes(429), 'refusal of a read');
      assert.equal((await scene.two.get('/channels')).status, 200);
    });

    test('have webhooks of their own', async (scene) => {
      const pairs = [
        [scene.one, '/first'],
        [scene.two, '/second'],
      ];
      for (const [index, [tenant, path]] of pairs.entries()) {
        await subscribed((await tenant.connected()).subscribe('hooked'));
        await eventually(
          () => hooks.length,
          (count) => count > index,
          `webhook ${index}`,
        );
        assert.equal(hooks.length, index + 1);
        const hook = hooks[index];
        assert.equal(hook.path, path);
        assert.equal(hook.headers['x-pusher-key'], tenant.app.key);
        for (const [other] of pairs) {
          assert.equal(other.sdk.webhook(hook).isValid(), other === tenant);
        }
      }
    });

    test('have message sizes and time-outs of their own', async (scene) => {
      const large = { event: 'client-x', channel: 'private-x', data: 'x'.repeat(3_000) };
      const greeted = async (app) => {
        const socket = await scene.open(`/app/${app.key}`);
        return { socket, greeting: await socket.greeting() };
      };
      const [mine, theirs] = await Promise.all([greeted(first), greeted(second)]);
      assert.deepEqual([mine.greeting.activity_timeout, theirs.greeting.activity_timeout], [30, 7]);
      mine.socket.send(large);
      await mine.socket.expectError(null);
      theirs.socket.send(large);
      assert.equal((await theirs.socket.closed()).code, 1009);
    });
  },
  Neighbours,
);

suite('an app', options, (test) => {
  test('does not exist under the default key when others are listed', async (scene) => {
    const socket = await scene.open('/app/app-key');
    await socket.expectError(4001);
    assert.equal((await socket.closed()).code, 4001);
  });

  test('has room for its own connections alone', async (scene) => {
    const one = await scene.open('/app/narrow-key');
    await one.greeting();
    const two = await scene.open('/app/narrow-key');
    await two.expectError(4100);
    assert.equal((await two.closed()).code, 4100);
    await (await scene.open('/app/first-key')).greeting();
    one.transport.close();
    await one.end;
  });

  for (const [origin, allowed] of [
    ['https://good.example.com', true],
    ['http://GOOD.example.com:8080', true],
    ['https://good.example.com.evil.test', false],
    ['https://example.com', false],
    ['null', false],
    [undefined, true],
  ]) {
    test(`that names its origins ${allowed ? 'lets' : 'refuses'} ${origin}`, async (scene) => {
      const headers = origin === undefined ? {} : { Origin: origin };
      // Another test's connection may still be leaving, and there is room for one.
      const greeted = await eventually(
        async () => {
          const socket = await scene.open('/app/narrow-key', { headers });
          const message = await socket.next();
          socket.transport.close();
          await socket.end;
          return message;
        },
        ({ data }) => data.code !== 4100,
        'an answer about the origin',
      );
      if (allowed) assert.equal(greeted.event, 'pusher:connection_established');
      else assert.equal(greeted.data.code, 4009, JSON.stringify(greeted));
    });
  }

  test('with rate_limiting tells a client that says too much, and closes', async (scene) => {
    const socket = await eventually(
      async () => {
        const opened = await scene.open('/app/narrow-key');
        const { event } = await opened.next();
        return event === 'pusher:connection_established' ? opened : undefined;
      },
      (opened) => opened !== undefined,
      'room',
    );
    for (let i = 0; i < 3; i += 1) await socket.expectAlive();
    socket.send({ event: 'pusher:ping', data: {} });
    await socket.expectError(4301);
    assert.equal((await socket.closed()).code, 4100);
  });
});
