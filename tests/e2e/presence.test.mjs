// Who is in a presence channel (channels protocol, "Presence channel").
import assert from 'node:assert/strict';

import { app } from '../lib/server.mjs';
import { suite } from './lib/suite.mjs';
import { frame } from './lib/socket.mjs';

const added = (channel, id, info = '{}') =>
  frame('pusher_internal:member_added', `{"user_id":"${id}","user_info":${info}}`, channel);
const removed = (channel, id) => frame('pusher_internal:member_removed', `{"user_id":"${id}"}`, channel);
const full = { type: 'LimitReached', status: 4100, code: 4100 };

/** A connection in `channel` as `id` that nobody has to read the joining of. */
async function join(scene, channel, id, options) {
  const socket = await scene.connect(options);
  const { presence } = await socket.subscribe(channel, { user: { user_id: id } });
  socket.members = presence.ids;
  return socket;
}

suite('members', {}, (test) => {
  for (const [title, number] of [
    ['zero', '0'],
    ['a negative number', '-5'],
    ['a number', '11'],
    ['a number beyond doubles', '9007199254740993'],
  ]) {
    test(`have strings as ids, also when they came as ${title}`, async (scene) => {
      const channel = scene.name('presence-');
      const watcher = await join(scene, channel, 'watcher');
      const socket = await scene.connect();
      const { presence } = await socket.subscribe(channel, { channelData: `{"user_id":${number}}` });
      assert.deepEqual(presence.ids, ['watcher', number]);
      assert.deepEqual(presence.hash, { watcher: {}, [number]: {} });
      await watcher.expect(added(channel, number));
      const { body } = await scene.api({ path: `/apps/${app.id}/channels/${channel}/users` });
      assert.deepEqual(body, { users: [{ id: 'watcher' }, { id: number }] });
      await socket.close();
      await watcher.expect(removed(channel, number));
    });
  }

  for (const channelData of ['{"user_id":"1"}', '{"user_id":"1","user_info":null}']) {
    test(`have {} as user_info after ${channelData}`, async (scene) => {
      const channel = scene.name('presence-');
      const watcher = await join(scene, channel, 'watcher');
      const socket = await scene.connect();
      const { presence } = await socket.subscribe(channel, { channelData });
      assert.deepEqual(presence.hash['1'], {});
      await watcher.expect(added(channel, '1'));
    });
  }

  for (const info of [
    '{"name":"Ann","more":[1.0,2e3,12345678901234567890]}',
    '"text"',
    '[]',
    'false',
    '{"a":"\\u00e9\\/"}',
  ]) {
    test(`have their user_info passed on as it was written: ${info}`, async (scene) => {
      const channel = scene.name('presence-');
      const watcher = await join(scene, channel, 'watcher');
      const socket = await scene.connect();
      socket.askFor(channel, { channelData: `{"user_info":${info},"user_id":"1","other":"dropped"}` });
      await socket.expect(
        frame(
          'pusher_internal:subscription_succeeded',
          `{"presence":{"ids":["watcher","1"],"hash":{"watcher":{},"1":${info}},"count":2}}`,
          channel,
        ),
      );
      await watcher.expect(added(channel, '1', info));
    });
  }

  test('with two tabs join once and leave once', async (scene) => {
    const channel = scene.name('presence-');
    const watcher = await join(scene, channel, 'watcher');
    const first = await join(scene, channel, 'ann');
    await watcher.expect(added(channel, 'ann'));
    const second = await join(scene, channel, 'ann');
    assert.deepEqual(second.members, ['watcher', 'ann']);
    await first.close();
    await scene.nothingElse(channel, watcher, second);
    second.unsubscribe(channel);
    await watcher.expect(removed(channel, 'ann'));
  });

  test('with many connections on all workers join once and leave once', async (scene) => {
    const channel = scene.name('presence-');
    const watchers = [await join(scene, channel, 'watcher'), await join(scene, channel, 'watcher')];
    const tabs = await Promise.all(Array.from({ length: 16 }, () => join(scene, channel, 'ann')));
    for (const watcher of watchers) await watcher.expect(added(channel, 'ann'));
    await scene.nothingElse(channel, ...watchers, ...tabs);
    await Promise.all(tabs.map((tab) => tab.close()));
    for (const watcher of watchers) await watcher.expect(removed(channel, 'ann'));
    await scene.nothingElse(channel, ...watchers);
  });

  test('keep the user_info of their first connection until they have left', async (scene) => {
    const channel = scene.name('presence-');
    const first = await scene.connect();
    await first.subscribe(channel, { user: { user_id: '1', user_info: { tab: 1 } } });
    const second = await scene.connect();
    const { presence } = await second.subscribe(channel, { user: { user_id: '1', user_info: { tab: 2 } } });
    assert.deepEqual(presence.hash, { 1: { tab: 1 } });
    await first.close();
    const third = await scene.connect();
    assert.deepEqual((await third.subscribe(channel, { user: { user_id: '2' } })).presence.hash['1'], { tab: 1 });
  });

  test('who left may join anew with other information', async (scene) => {
    const channel = scene.name('presence-');
    const watcher = await join(scene, channel, 'watcher');
    const socket = await scene.connect();
    await socket.subscribe(channel, { user: { user_id: '1', user_info: { n: 1 } } });
    socket.unsubscribe(channel);
    await socket.subscribe(channel, { user: { user_id: '1', user_info: { n: 2 } } });
    await watcher.expect(added(channel, '1', '{"n":1}'), removed(channel, '1'), added(channel, '1', '{"n":2}'));
  });

  test('whose connection is reset leave at once', async (scene) => {
    const channel = scene.name('presence-');
    const watcher = await join(scene, channel, 'watcher');
    const socket = await join(scene, channel, 'ann');
    await watcher.expect(added(channel, 'ann'));
    await socket.destroy();
    await watcher.expect(removed(channel, 'ann'));
  });

  test('who reconnect before the old connection ends do not flap', async (scene) => {
    const channel = scene.name('presence-');
    const watcher = await join(scene, channel, 'watcher');
    const old = await join(scene, channel, 'ann');
    await watcher.expect(added(channel, 'ann'));
    await join(scene, channel, 'ann');
    await old.destroy();
    await scene.nothingElse(channel, watcher);
  });

  test('are not told of themselves', async (scene) => {
    const channel = scene.name('presence-');
    const socket = await join(scene, channel, 'ann');
    await scene.nothingElse(channel, socket);
  });

  test('of one channel are nothing to another', async (scene) => {
    const [channel, other] = [scene.name('presence-'), scene.name('presence-')];
    const socket = await join(scene, channel, 'ann');
    assert.deepEqual((await socket.subscribe(other, { user: { user_id: 'bo' } })).presence.ids, ['bo']);
    await join(scene, other, 'cy');
    await socket.expect(added(other, 'cy'));
    await scene.nothingElse(channel, socket);
  });

  test('fit together in list and changes, for everybody, while many come and go', async (scene) => {
    const channel = scene.name('presence-');
    const people = Array.from({ length: 12 }, (_, index) => `user-${index}`);
    const comeAndGo = async (id) => {
      for (let round = 0; round < 4; round += 1) {
        const socket = await join(scene, channel, id);
        if (round === 1) await socket.destroy();
        else await socket.close();
      }
      return join(scene, channel, id);
    };
    const watch = async (name) => {
      const socket = await join(scene, channel, name);
      const present = new Set(socket.members);
      assert.equal(present.size, socket.members.length, 'an id twice in the list');
      const done = (async () => {
        for (let message = await socket.next(); message.event !== 'marker'; message = await socket.next()) {
          const { user_id: id } = JSON.parse(message.data);
          const joins = message.event === 'pusher_internal:member_added';
          assert.equal(present.has(id), !joins, `${message.event} of ${id}`);
          if (joins) present.add(id);
          else present.delete(id);
        }
        return [...present].sort();
      })();
      return { done };
    };
    const early = await watch('early');
    const coming = people.map(comeAndGo);
    const late = [];
    for (let index = 0; index < 4; index += 1) late.push(await watch(`late-${index}`));
    await Promise.all(coming);
    const expected = [...people, 'early', 'late-0', 'late-1', 'late-2', 'late-3'].sort();
    for (let users = []; users.length !== expected.length; ) {
      ({
        body: { users },
      } = await scene.api({ path: `/apps/${app.id}/channels/${channel}/users` }));
    }
    await scene.publish(channel, 'marker', '');
    for (const watcher of [early, ...late]) assert.deepEqual(await watcher.done, expected);
  });
});

suite('limits of presence', { settings: { 'limits.max_presence_members_per_channel': 3 } }, (test) => {
  test('admit further connections of users who are present, and others when one has left', async (scene) => {
    const channel = scene.name('presence-');
    const [ann, bo] = [await join(scene, channel, 'ann'), await join(scene, channel, 'bo')];
    await join(scene, channel, 'cy');
    const late = await scene.connect();
    late.askFor(channel, { user: { user_id: 'dee' } });
    const [error] = await late.expectRefusal(channel, full);
    assert.match(error, /max_presence_members_per_channel/);
    const tab = await join(scene, channel, 'ann');
    assert.deepEqual(tab.members, ['ann', 'bo', 'cy']);
    await ann.close();
    await tab.close();
    await bo.expect(added(channel, 'cy'), removed(channel, 'ann'));
    const { presence } = await late.subscribe(channel, { user: { user_id: 'dee' } });
    assert.deepEqual([...presence.ids].sort(), ['bo', 'cy', 'dee']);
  });

  test('let channel_data have 2,048 bytes', async (scene) => {
    const socket = await scene.connect();
    const rest = Buffer.byteLength('{"user_id":"1","user_info":"é"}');
    const sized = (bytes) => `{"user_id":"1","user_info":"é${'x'.repeat(bytes - rest)}"}`;
    await socket.subscribe(scene.name('presence-'), { channelData: sized(2048) });
    const channel = scene.name('presence-');
    socket.askFor(channel, { channelData: sized(2049) });
    const [error] = await socket.expectRefusal(channel, { type: 'LimitReached', status: 4301, code: null });
    assert.match(error, /max_presence_member_size/);
  });
});

suite('who joins and leaves in a loop', { settings: { 'limits.max_presence_rejoins_per_second': 3 } }, (test) => {
  test('is refused after three leaves in one second', async (scene) => {
    const channel = scene.name('presence-');
    const socket = await scene.connect();
    let joins = 0;
    let refusal;
    // A second that begins in the middle of the loop allows three more.
    while (joins <= 6 && !refusal) {
      socket.askFor(channel, { user: { user_id: 'ann' } });
      const message = await socket.next();
      if (message.event === 'pusher:subscription_error') {
        refusal = message;
      } else {
        assert.equal(message.event, 'pusher_internal:subscription_succeeded');
        socket.unsubscribe(channel);
        joins += 1;
      }
    }
    assert.ok(refusal, `not refused after ${joins} joins`);
    assert.ok(joins >= 3, `refused after ${joins} joins`);
    const { type, status, error } = JSON.parse(refusal.data);
    assert.deepEqual({ type, status }, { type: full.type, status: full.status }, error);
    assert.match(error, /max_presence_rejoins_per_second/);
    await socket.expectError(null);
    await socket.expectAlive();
  });
});

suite('a presence channel with default limits', {}, (test) => {
  test('has room for one hundred users', async (scene) => {
    const channel = scene.name('presence-');
    const ids = Array.from({ length: 100 }, (_, index) => `user-${index}`);
    const sockets = await Promise.all(ids.map((id) => join(scene, channel, id)));
    const late = await scene.connect();
    late.askFor(channel, { user: { user_id: 'late' } });
    await late.expectRefusal(channel, full);
    const tab = await join(scene, channel, 'user-50');
    assert.deepEqual([...tab.members].sort(), [...ids].sort());
    assert.equal(sockets.length, 100);
  });
});
