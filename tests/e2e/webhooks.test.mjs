// What an app's back end is told (HTTP API, "Webhooks"), in memory and with a database.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

import { app } from '../lib/server.mjs';
import { Receiver } from './lib/receiver.mjs';
import { suite } from './lib/suite.mjs';
import { frame } from './lib/socket.mjs';

const folder = await mkdtemp(join(tmpdir(), 'parley-webhooks-'));
const config = join(folder, 'parley.toml');
const receiver = await Receiver.start();
const url = (path) => `http://127.0.0.1:${receiver.port}${path}`;

await writeFile(
  config,
  `[app]
subscription_count = true

[[app.webhooks]]
url = "${url('/all')}"
headers = { X-Custom = "yes", x-pusher-key = "mine", Content-Type = "text/plain", X-PUSHER-SIGNATURE = "mine", User-Agent = "mine" }

[[app.webhooks]]
url = "${url('/members')}"
event_types = ["member_added", "member_removed"]
filter = { channel_name_starts_with = "presence-", channel_name_ends_with = "-live" }

[[app.webhooks]]
url = "${url('/flaky')}"
event_types = ["channel_occupied"]
filter = { channel_name_starts_with = "flaky-" }

[[app.webhooks]]
url = "${url('/slow')}"
filter = { channel_name_starts_with = "slow-" }

[[app.webhooks]]
url = "http://127.0.0.1:1/dead"
filter = { channel_name_starts_with = "slow-" }
`,
);
after(async () => {
  receiver.close();
  await rm(folder, { recursive: true, force: true });
});

const user = (id) => ({ user_id: id, user_info: { name: id } });

/** What the SDK of back ends makes of a request. */
function read(scene, { headers, text }) {
  const webhook = scene.sdk.webhook({ headers, rawBody: text });
  assert.equal(webhook.isValid(), true, text);
  return webhook;
}

function define(test) {
  test('all seven kinds, as the SDK verifies and reads them', async (scene) => {
    const channel = scene.name('presence-cache-');
    const other = scene.name('private-');
    const [ann, bob] = await scene.connectAll(2);
    await ann.subscribe(channel, { user: user('ann') });
    await ann.expect(frame('pusher:cache_miss', '{}', channel));
    await ann.subscribe(other);
    await ann.expect(frame('pusher_internal:subscription_count', '{"subscription_count":1}', other));
    ann.send({ event: 'client-typing', data: { on: true }, channel });
    ann.send({ event: 'client-typing', data: 'text', channel: other });
    await receiver.hears('/all', other, 3);
    await bob.subscribe(channel, { user: user('bob') });
    await receiver.hears('/all', channel, 5);
    await ann.close();
    await bob.close();

    assert.deepEqual(await receiver.hears('/all', channel, 8), [
      { name: 'channel_occupied', channel },
      { name: 'member_added', channel, user_id: 'ann' },
      { name: 'cache_miss', channel },
      {
        name: 'client_event',
        channel,
        event: 'client-typing',
        data: '{"on":true}',
        socket_id: ann.socketId,
        user_id: 'ann',
      },
      { name: 'member_added', channel, user_id: 'bob' },
      { name: 'member_removed', channel, user_id: 'ann' },
      { name: 'member_removed', channel, user_id: 'bob' },
      { name: 'channel_vacated', channel },
    ]);
    assert.deepEqual(await receiver.hears('/all', other, 4), [
      { name: 'channel_occupied', channel: other },
      { name: 'subscription_count', channel: other, subscription_count: 1 },
      { name: 'client_event', channel: other, event: 'client-typing', data: 'text', socket_id: ann.socketId },
      { name: 'channel_vacated', channel: other },
    ]);
    for (const request of receiver.to('/all')) {
      const webhook = read(scene, request);
      assert.deepEqual(webhook.getEvents(), request.body.events);
      assert.ok(Math.abs(webhook.getTime().getTime() - Date.now()) < 300_000);
      assert.deepEqual(Object.keys(request.body), ['time_ms', 'events']);
    }
  });

  test('custom headers are added and replace none of the four', async (scene) => {
    const channel = scene.name();
    await (await scene.connect()).subscribe(channel);
    await receiver.hears('/all', channel, 2);
    const { method, rawHeaders, headers } = receiver.to('/all').at(-1);
    assert.equal(method, 'POST');
    const names = rawHeaders.filter((_, index) => index % 2 === 0);
    for (const name of ['Content-Type', 'X-Pusher-Key', 'X-Pusher-Signature', 'User-Agent'])
      assert.equal(names.filter((each) => each.toLowerCase() === name.toLowerCase()).join(), name);
    assert.equal(headers['x-custom'], 'yes');
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers['x-pusher-key'], app.key);
    assert.match(headers['user-agent'], /^Parley\//);
    assert.match(headers['x-pusher-signature'], /^[0-9a-f]{64}$/);
  });

  test('each webhook gets what its filter lets through', async (scene) => {
    const [fits, short, plain] = [`${scene.name('presence-')}-live`, scene.name('presence-'), `${scene.name()}-live`];
    const socket = await scene.connect();
    for (const channel of [fits, short]) await socket.subscribe(channel, { user: user('ann') });
    await socket.subscribe(plain);
    await receiver.hears('/all', fits, 2);
    assert.deepEqual(await receiver.hears('/members', fits, 1), [
      { name: 'member_added', channel: fits, user_id: 'ann' },
    ]);
    await socket.close();
    await receiver.hears('/members', fits, 2);
    await receiver.hears('/all', plain, 3);
    for (const channel of [short, plain]) assert.deepEqual(receiver.told('/members', channel), []);
    for (const request of receiver.to('/members')) {
      read(scene, request);
      assert.notEqual(request.body.events.length, 0);
    }
  });

  test('events that occur together go into one request, up to a hundred', async (scene) => {
    const channels = Array.from({ length: 250 }, () => scene.name('private-encrypted-'));
    const earlier = receiver.requests.length;
    const socket = await scene.connect();
    for (const channel of channels) socket.askFor(channel);
    for (const channel of channels) await receiver.hears('/all', channel, 1);
    const sizes = receiver.requests.slice(earlier).map(({ text }) => JSON.parse(text).events.length);
    assert.ok(Math.max(...sizes) <= 100, `sizes ${sizes}`);
    assert.ok(sizes.length < 100, `${sizes.length} requests`);
  });

  test('a failure is tried again with the same body, before anything later', async (scene) => {
    const [first, second] = [scene.name('flaky-'), scene.name('flaky-')];
    const earlier = receiver.to('/flaky').length;
    const statuses = [503, 302];
    receiver.answers.set('/flaky', () => statuses.shift() ?? 200);
    const socket = await scene.connect();
    socket.askFor(first);
    await receiver.reached('/flaky', earlier + 1);
    socket.askFor(second);
    await receiver.hears('/flaky', second, 1, 30_000);
    const requests = receiver.to('/flaky').slice(earlier);
    assert.deepEqual(
      requests.map(({ body }) => body.events.map(({ channel }) => channel)),
      [[first], [first], [first], [second]],
    );
    const [one, two, three, other] = requests;
    for (const retry of [two, three]) {
      assert.equal(retry.text, one.text, 'time_ms included');
      assert.equal(retry.headers['x-pusher-signature'], one.headers['x-pusher-signature']);
    }
    assert.ok(other.body.time_ms > one.body.time_ms);
  });

  test('a slow and a dead endpoint delay neither others nor clients', async (scene) => {
    const release = receiver.hold('/slow');
    const earlier = receiver.to('/slow').length;
    const channel = scene.name('slow-');
    const socket = await scene.connect();
    await socket.subscribe(channel);
    await socket.expect(frame('pusher_internal:subscription_count', '{"subscription_count":1}', channel));
    await receiver.reached('/slow', earlier + 1);
    await scene.server.logged('webhook_failed', ({ url: where }) => where === 'http://127.0.0.1:1/dead');
    for (let i = 0; i < 20; i += 1) {
      const next = scene.name('slow-');
      await socket.subscribe(next);
      await socket.expect(frame('pusher_internal:subscription_count', '{"subscription_count":1}', next));
      await receiver.hears('/all', next, 2);
      await scene.nothingElse(next, socket);
    }
    assert.equal(receiver.to('/slow').length, earlier + 1, 'one request at a time');
    assert.equal(receiver.to('/slow').at(-1).status, undefined, 'and it still waits');
    release();
    await receiver.reached('/slow', earlier + 2);
  });

  test('a page reload is silent', async (scene) => {
    const channel = scene.name('presence-');
    const [ann, bob, again] = await scene.connectAll(3);
    await bob.subscribe(channel, { user: user('bob') });
    await ann.subscribe(channel, { user: user('ann') });
    await receiver.hears('/all', channel, 3);
    await ann.close();
    await again.subscribe(channel, { user: user('ann') });
    await bob.close();
    const told = await receiver.hears('/all', channel, 4);
    assert.deepEqual(told.at(-1), { name: 'member_removed', channel, user_id: 'bob' });
  });
}

const settings = { 'limits.member_removed_delay': 2_000 };
const words = ['--config', config];
suite('webhooks without a database', { words, settings: { ...settings, 'chat.enabled': false } }, define);
suite('webhooks with a database', { words, settings }, define);
