// Settings that are read again at a SIGHUP.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import ServerSdk from 'pusher';

import { eventually } from '../lib/deadline.mjs';
import { Server } from '../lib/server.mjs';
import { Socket } from './lib/socket.mjs';

const first = { id: '1', key: 'first-key', secret: 'first-secret' };
const second = { id: '2', key: 'second-key', secret: 'second-secret' };

const table = ({ id, key, secret }, further = '') =>
  `[[apps]]\nid = "${id}"\nkey = "${key}"\nsecret = "${secret}"\n${further}\n`;

describe('SIGHUP', () => {
  let directory;
  let server;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-test-'));
    await configure('', table(first));
    server = await Server.start({ directory, settings: { 'chat.enabled': false } });
  });
  after(async () => {
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const configure = (settings, apps) => writeFile(join(directory, 'parley.toml'), `${settings}\n${apps}`);

  /** Has the server read its settings again; resolves with what it logged of that. */
  async function reload() {
    const before = server.log.length;
    process.kill(server.pid, 'SIGHUP');
    const lines = () =>
      server.log
        .slice(before)
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line));
    const over = (entries) => entries.some(({ event }) => event === 'reloaded' || event === 'reload_refused');
    return eventually(lines, over, 'end of the reload');
  }

  const sdk = ({ id, key, secret }) =>
    new ServerSdk({ appId: id, key, secret, host: '127.0.0.1', port: server.port, useTLS: false });

  /** The status of a publish of `bytes` bytes. */
  const publish = (app, bytes) =>
    sdk(app)
      .trigger('news', 'e', 'x'.repeat(bytes))
      .then(
        ({ status }) => status,
        ({ status }) => status,
      );

  async function connect(app) {
    const socket = await Socket.open(`ws://127.0.0.1:${server.port}/app/${app.key}?protocol=7`);
    await socket.greeting();
    return socket;
  }

  it('brings new apps and limits into force, and leaves connections alone', async () => {
    const socket = await connect(first);
    assert.equal(await publish(first, 100), 200);
    assert.equal(await publish(second, 100), 404);
    await configure('[limits]\nmax_channel_name_length = 50', table(first, 'max_event_payload = 10') + table(second));
    const logged = await reload();
    assert.deepEqual(
      logged.filter(({ event }) => event === 'setting_changed').map(({ setting, from, to }) => [setting, from, to]),
      [['limits.max_channel_name_length', '200', '50']],
    );
    await eventually(
      () => publish(second, 100),
      (status) => status === 200,
      'the second app',
    );
    assert.equal(await publish(first, 10), 200);
    assert.equal(await publish(first, 11), 413);
    socket.send({ event: 'pusher:subscribe', data: { channel: 'x'.repeat(51) } });
    for (const event of ['pusher:subscription_error', 'pusher:error']) {
      const refused = await socket.next();
      assert.equal(refused.event, event);
      assert.match(JSON.stringify(refused.data), /max_channel_name_length/);
    }
    socket.send({ event: 'pusher:ping', data: {} });
    assert.equal((await socket.next()).event, 'pusher:pong');
    socket.transport.terminate();
  });

  it('changes nothing when something is wrong, and says what', async () => {
    await configure('[limits]\nmax_event_paylod = 5', table(first));
    const logged = await reload();
    assert.match(
      logged.find(({ event }) => event === 'reload_refused').reason,
      /parley\.toml:\d+.*max_event_paylod.*max_event_payload/,
    );
    assert.equal(await publish(second, 100), 200);
  });

  it('changes nothing when the file that it began with is gone', async () => {
    await rm(join(directory, 'parley.toml'));
    const logged = await reload();
    assert.match(logged.find(({ event }) => event === 'reload_refused').reason, /parley\.toml/);
    assert.equal(await publish(second, 100), 200);
  });

  it('tells which settings need a restart', async () => {
    await configure('workers = 7\n[log]\nlevel = "debug"', table(first) + table(second));
    const logged = await reload();
    const changes = logged.filter(({ event }) => event.startsWith('setting_') && event !== 'setting');
    assert.deepEqual(
      changes.map(({ event, setting, to }) => [event, setting, to]).sort(),
      [
        ['setting_changed', 'limits.max_channel_name_length', '200'],
        ['setting_changed', 'log.level', 'debug'],
      ].sort(),
      'workers stand on the command line, which wins',
    );
    await configure('deflate = true\n[log]\nlevel = "info"', table(first) + table(second));
    const again = await reload();
    assert.equal(again.find(({ event }) => event === 'setting_needs_restart').setting, 'deflate');
  });

  it('closes the connections of an app that is gone, and has it back', async () => {
    const socket = await connect(second);
    await configure('', table(first));
    await reload();
    assert.equal((await socket.end).code, 4001);
    await eventually(
      () => publish(second, 1),
      (status) => status === 404,
      'end of the second app',
    );
    await configure('', table(first) + table(second));
    await reload();
    await eventually(
      () => publish(second, 1),
      (status) => status === 200,
      'return of the second app',
    );
    (await connect(second)).transport.terminate();
  });
});
