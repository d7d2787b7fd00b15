// The second port: metrics, health, and what only operators on the same machine are told.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';

import { eventually, within } from '../lib/deadline.mjs';
import { app, Server } from '../lib/server.mjs';
import { signedTarget } from '../lib/signing.mjs';
import { ask, Metrics } from './lib/metrics.mjs';
import { frame, Socket } from './lib/socket.mjs';
import { subscribed, suite } from './lib/suite.mjs';

const ofApp = { app_id: app.id };

/** How much each of `names` has grown over `work`. */
async function growth(scene, names, work) {
  const before = await Metrics.of(scene.server);
  await work();
  const after = await Metrics.of(scene.server);
  return Object.fromEntries(names.map((name) => [name, after.sum(name, ofApp) - before.sum(name, ofApp)]));
}

/** The metrics once `fits` holds for them: what happens when a connection ends is not waited for elsewhere. */
function metricsWhen(scene, fits, what) {
  return eventually(() => Metrics.of(scene.server), fits, what);
}

suite('metrics', {}, (test) => {
  test('count exactly what clients and back ends do', async (scene) => {
    const channel = scene.name();
    const event = JSON.stringify({ name: 'e', channel, data: 'hello' });
    const delivered = JSON.stringify(frame('e', 'hello', channel));
    const names = [
      'new_connections_total',
      'channel_subscriptions_total',
      'published_messages_total',
      'http_calls_received_total',
      'http_received_bytes',
      'http_transmitted_bytes',
      'ws_messages_received_total',
      'ws_messages_sent_total',
      'broadcast_latency_ms_count',
      'http_call_duration_ms_count',
    ];
    const sockets = [];
    const grown = await growth(scene, names, async () => {
      sockets.push(...(await scene.connectAll(5)));
      for (const socket of sockets) await socket.subscribe(channel);
      for (let i = 0; i < 10; i += 1) assert.equal((await scene.postEvent(event)).text, '{}');
      for (const socket of sockets) for (let i = 0; i < 10; i += 1) assert.equal(await socket.nextText(), delivered);
    });
    const { broadcast_latency_ms_count: deliveries, ...exact } = grown;
    assert.deepEqual(exact, {
      new_connections_total: 5,
      channel_subscriptions_total: 5,
      published_messages_total: 10,
      http_calls_received_total: 10,
      http_received_bytes: 10 * Buffer.byteLength(event),
      http_transmitted_bytes: 20,
      ws_messages_received_total: 5,
      ws_messages_sent_total: 5 + 5 + 50,
      http_call_duration_ms_count: 10,
    });
    // Once for each loop that has a subscriber.
    assert.ok(deliveries >= 10 && deliveries <= 20, `${deliveries} deliveries`);

    const before = await Metrics.of(scene.server);
    await Promise.all(sockets.map((socket) => socket.close()));
    const gone = (metrics) => metrics.sum('connected', ofApp) === before.sum('connected', ofApp) - 5;
    const after = await metricsWhen(scene, gone, 'metrics without the connections');
    for (const name of ['new_disconnections_total', 'channel_unsubscriptions_total'])
      assert.equal(after.sum(name, ofApp) - before.sum(name, ofApp), 5, name);
  });

  test('count the bytes of messages, of client events, too', async (scene) => {
    const channel = scene.name('private-');
    const names = [
      'socket_received_bytes',
      'socket_transmitted_bytes',
      'client_events_total',
      'ws_messages_sent_total',
    ];
    const [sender, receiver] = await scene.connectAll(2);
    for (const socket of [sender, receiver]) await socket.subscribe(channel);
    const sent = JSON.stringify({ event: 'client-typing', channel, data: 'ä'.repeat(100) });
    let received;
    const grown = await growth(scene, names, async () => {
      sender.send(sent);
      received = await receiver.nextText();
    });
    assert.deepEqual(grown, {
      socket_received_bytes: Buffer.byteLength(sent),
      socket_transmitted_bytes: Buffer.byteLength(received),
      client_events_total: 1,
      ws_messages_sent_total: 1,
    });
  });

  test('count what the real SDKs do', async (scene) => {
    const channel = scene.name('presence-');
    const before = await Metrics.of(scene.server);
    const client = scene.pusher({ user: { user_id: 'ann' } });
    await subscribed(client.subscribe(channel));
    const during = await Metrics.of(scene.server);
    assert.equal(during.sum('connected', ofApp) - before.sum('connected', ofApp), 1);
    const kind = { ...ofApp, channel_type: 'presence' };
    assert.equal(during.sum('active_channels', kind) - before.sum('active_channels', kind), 1);
    await scene.sdk.trigger(channel, 'e', { a: 1 });
    const after = await Metrics.of(scene.server);
    assert.equal(after.sum('published_messages_total', ofApp) - during.sum('published_messages_total', ofApp), 1);
    client.disconnect();
    const left = (metrics) => metrics.sum('active_channels', kind) === before.sum('active_channels', kind);
    await metricsWhen(scene, left, 'metrics without the channel');
  });

  test('count refusals by their code, and repeated publishes', async (scene) => {
    const before = await Metrics.of(scene.server);
    const wrong = signedTarget({ method: 'GET', path: `/apps/${app.id}/channels`, secret: 'another' });
    assert.equal((await scene.request({ target: wrong })).status, 401);
    const socket = await scene.open(`/app/no-such-key?protocol=7`);
    await socket.expectError(4001);
    const event = { name: 'e', channel: scene.name(), data: 'd', idempotency_key: scene.name() };
    for (let i = 0; i < 3; i += 1) assert.equal((await scene.postEvent(event)).status, 200);
    const after = await Metrics.of(scene.server);
    const grown = (name, labels) => after.sum(name, labels) - before.sum(name, labels);
    assert.equal(grown('refusals_total', { code: 'wrong_signature' }), 1);
    assert.equal(grown('refusals_total', { code: 'unknown_key' }), 1);
    assert.equal(grown('idempotency_publish_total', ofApp), 3);
    assert.equal(grown('idempotency_duplicates_total', ofApp), 2);
    assert.equal(grown('http_calls_received_total', ofApp), 4);
  });

  test('show what waits for a slow reader, and that it was sent away', async (scene) => {
    const channel = scene.name();
    const slow = await scene.connect();
    await slow.subscribe(channel);
    slow.transport._socket.pause();
    const before = await Metrics.of(scene.server);
    const data = 'x'.repeat(90_000);
    const waiting = async () => {
      await scene.publish(channel, 'n', data);
      return Metrics.of(scene.server);
    };
    await eventually(waiting, (metrics) => metrics.sum('outbox_waiting_bytes') > 100_000, 'bytes that wait', 60_000);
    const gone = (metrics) =>
      metrics.sum('slow_consumers_total', ofApp) - before.sum('slow_consumers_total', ofApp) === 1;
    await eventually(waiting, gone, 'closing of the slow consumer', 60_000);
    slow.transport.terminate();
    await metricsWhen(scene, (metrics) => metrics.sum('outbox_waiting_bytes') === 0, 'metrics without waiting bytes');
  });

  test('are told as JSON, too', async (scene) => {
    const { port } = await scene.server.logged('metrics_listening');
    const { text, headers } = await ask(port, '/metrics?json=1');
    assert.equal(headers['content-type'], 'application/json');
    const { families } = await Metrics.of(scene.server);
    const list = JSON.parse(text);
    assert.deepEqual(
      list.map(({ name, type }) => [name, type]),
      [...families].map(([name, { type }]) => [name, type]),
    );
    for (const { name, values, aggregator } of list) {
      assert.equal(aggregator, 'sum');
      assert.equal(values.length, families.get(name).series.length, name);
    }
  });

  test('are all documented, and all that is documented is there', async (scene) => {
    const page = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
    const documented = new Set(
      [...page.matchAll(/^\| `([a-z_]+)` \| (?:counter|gauge|histogram) \|/gm)].map(([, name]) => name),
    );
    const { families, prefix } = await Metrics.of(scene.server);
    const there = new Set([...families.keys()].map((name) => name.slice(prefix.length)));
    for (const name of there) assert.ok(documented.has(name), `${name} is not documented`);
    for (const name of documented) {
      if (name.startsWith('webhooks_') || name === 'refusals_total') continue; // when there has been one
      assert.ok(there.has(name), `${name} is documented and not there`);
    }
  });
});

suite('the second port', { settings: { 'metrics.prefix': 'parley_' } }, (test) => {
  const portOf = async (scene) => (await scene.server.logged('metrics_listening')).port;

  test('tells balancers and monitoring how it is', async (scene) => {
    const port = await portOf(scene);
    assert.equal((await ask(port, '/')).text, 'OK');
    assert.equal((await ask(port, '/ready')).text, 'OK');
    const { memory } = JSON.parse((await ask(port, '/usage')).text);
    assert.ok(memory.used > 0 && memory.free > 0 && memory.total === memory.used + memory.free && memory.percent > 0);
    assert.match((await ask(port, '/metrics')).text, /^parley_connected\{/m);
    assert.equal((await ask(port, '/operator')).status, 404);
    assert.equal((await ask(port, `/apps/${app.id}/channels`)).status, 404);
  });

  test('tells operators more, and nobody who comes through a proxy or a page', async (scene) => {
    const port = await portOf(scene);
    for (const path of ['/operator/status', '/operator/refusals', '/operator/webhooks']) {
      for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, '[::1]'])
        assert.equal((await ask(port, path, { Host: host })).status, 200, host);
      for (const headers of [
        { Host: 'evil.example' },
        { 'X-Forwarded-For': '127.0.0.1' },
        { Forwarded: 'for=[::1]' },
      ]) {
        const refused = await ask(port, path, headers);
        assert.equal(refused.status, 403, JSON.stringify(headers));
        assert.ok(JSON.parse(refused.text).error.endsWith('.'));
      }
    }
    const status = JSON.parse((await ask(port, '/operator/status')).text);
    assert.equal(status.port, scene.server.port);
    assert.equal(status.draining, false);
    assert.equal(status.apps[0].id, app.id);
    assert.ok(!JSON.stringify(status).includes(app.secret), 'a secret');
  });
});

suite('health', { settings: { path_prefix: '/ws', 'chat.enabled': false } }, (test) => {
  test('is told with and without the prefix', async (scene) => {
    for (const prefix of ['', '/ws']) {
      for (const path of ['/live', '/ready']) {
        const { status, text } = await scene.request({ target: prefix + path });
        assert.deepEqual([status, text], [200, 'OK'], prefix + path);
      }
      const up = await scene.request({ target: `${prefix}/up` });
      assert.deepEqual([up.status, up.text, up.headers['x-health-check']], [200, '{"health":"OK"}', 'OK']);
      assert.equal((await scene.request({ target: `${prefix}/up/${app.id}` })).status, 200);
      const unknown = await scene.request({ target: `${prefix}/up/nobody` });
      assert.deepEqual([unknown.status, unknown.headers['x-health-check']], [404, 'NOT_FOUND']);
      const { body } = await scene.request({ target: `${prefix}/accept-traffic` });
      assert.ok(
        body.memory.usedSize > 0 && body.memory.totalSize > body.memory.usedSize && body.memory.percentUsage > 0,
      );
    }
    assert.equal((await scene.request({ target: '/' })).text, 'OK');
  });
});

describe('a server', () => {
  it('does not start without its second port, unless it is told to do without', async () => {
    const first = await Server.start({ settings: { 'chat.enabled': false } });
    try {
      const { port } = await first.logged('metrics_listening');
      const settings = { 'chat.enabled': false, 'metrics.port': port };
      await assert.rejects(Server.start({ settings }), /metrics\.port/);
      const without = await Server.start({ settings: { ...settings, 'metrics.enabled': false } });
      await without.stop();
    } finally {
      await first.stop();
    }
  });

  it('answers its HTTP API and its monitoring when no further connection fits', async () => {
    const server = await Server.start({ settings: { 'chat.enabled': false }, openFiles: 120 });
    const sockets = [];
    try {
      const capacity = await server.logged('capacity');
      assert.deepEqual([capacity.open_file_limit, capacity.reserved_descriptors], [120, 30]);
      assert.equal((await server.logged('few_connections_fit')).max_connections, 90);
      const url = `ws://${server.origin}/app/${app.key}?protocol=7`;
      for (let i = 0; i < 90; i += 1) {
        sockets.push(await Socket.open(url));
        await sockets.at(-1).greeting();
      }
      // A few at a time: UBSan needs a free descriptor itself, and takes every object for broken without one.
      for (let round = 0; round < 10; round += 1) {
        const late = await Promise.all(Array.from({ length: 6 }, () => Socket.open(url)));
        for (const socket of late) {
          await socket.expectError(4100);
          assert.equal((await within(socket.end, 'end of a refused connection')).code, 4100);
        }
      }
      const body = JSON.stringify({ name: 'e', channel: 'c', data: 'd' });
      const target = signedTarget({ method: 'POST', path: `/apps/${app.id}/events`, body });
      const published = await fetch(`http://${server.origin}${target}`, { method: 'POST', body });
      assert.equal(published.status, 200);
      const metrics = await Metrics.of(server);
      assert.equal(metrics.sum('connected', ofApp), 90);
      assert.equal(metrics.sum('refusals_total', { code: 'server_full' }), 60);
      assert.ok(metrics.sum('process_open_fds') <= 120);
    } finally {
      for (const socket of sockets) socket.transport.terminate();
      await server.stop();
    }
  });
});
