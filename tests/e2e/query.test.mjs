// Reading channels and users over HTTP (channels HTTP API, "GET channels", "GET channel", "GET users").
import assert from 'node:assert/strict';

import { app } from '../lib/server.mjs';
import { suite } from './lib/suite.mjs';

const channels = `/apps/${app.id}/channels`;

async function join(scene, channel, ...ids) {
  const sockets = await scene.connectAll(ids.length);
  for (const [index, id] of ids.entries())
    await sockets[index].subscribe(channel, { user: { user_id: id, user_info: { id } } });
  return sockets;
}

suite('the list of channels', {}, (test) => {
  test('is an empty object when there is none', async (scene) => {
    const answer = await scene.api({ path: channels, query: 'filter_by_prefix=nothing-begins-so' });
    assert.deepEqual([answer.status, answer.text], [200, '{"channels":{}}']);
  });

  test('has the occupied channels, with their subscriptions', async (scene) => {
    const [open, secret] = [scene.name(), scene.name('private-')];
    const [socket] = await join(scene, open, '1', '2');
    await socket.subscribe(secret);
    const { body } = await scene.api({ path: channels });
    assert.deepEqual(body.channels[open], { occupied: true, subscription_count: 2 });
    assert.deepEqual(body.channels[secret], { occupied: true, subscription_count: 1 });
  });

  test('has counts of users for presence channels', async (scene) => {
    const channel = scene.name('presence-');
    await join(scene, channel, '1', '2', '2');
    const response = await scene.sdk.get({
      path: '/channels',
      params: { filter_by_prefix: channel, info: 'user_count' },
    });
    assert.deepEqual(await response.json(), {
      channels: { [channel]: { occupied: true, subscription_count: 3, user_count: 2 } },
    });
  });

  test('is filtered by the beginning of the name', async (scene) => {
    const [one, other] = [scene.name('alpha-'), scene.name('beta-')];
    await join(scene, one, '1');
    await join(scene, other, '1');
    const { body } = await scene.api({ path: channels, query: 'filter_by_prefix=alpha-' });
    assert.deepEqual(Object.keys(body.channels), [one]);
  });

  test('loses a channel with its last subscriber', async (scene) => {
    const channel = scene.name('gone-');
    const [socket] = await join(scene, channel, '1');
    socket.unsubscribe(channel);
    await socket.expectAlive();
    const { body } = await scene.api({ path: channels, query: `filter_by_prefix=${channel}` });
    assert.deepEqual(body, { channels: {} });
  });

  for (const query of [
    'info=user_count',
    'info=user_count&filter_by_prefix=private-',
    'info=colour',
    'info=subscription_count,colour',
  ]) {
    test(`is refused with 400 for ${query}`, async (scene) => {
      const answer = await scene.api({ path: channels, query });
      assert.equal(answer.status, 400);
      assert.equal(answer.body.code, 400);
    });
  }
});

suite('one channel', {}, (test) => {
  test('is told with its counts', async (scene) => {
    const channel = scene.name('presence-');
    await join(scene, channel, '1', '2', '2');
    const response = await scene.sdk.get({
      path: `/channels/${channel}`,
      params: { info: 'user_count,subscription_count' },
    });
    assert.deepEqual(await response.json(), { occupied: true, subscription_count: 3, user_count: 2 });
  });

  test('has a count of users without being asked only if it is a presence channel', async (scene) => {
    const [open, presence] = [scene.name(), scene.name('presence-')];
    await join(scene, open, '1');
    await join(scene, presence, '1');
    assert.deepEqual((await scene.api({ path: `${channels}/${open}` })).body, {
      occupied: true,
      subscription_count: 1,
    });
    assert.deepEqual((await scene.api({ path: `${channels}/${presence}` })).body, {
      occupied: true,
      subscription_count: 1,
      user_count: 1,
    });
  });

  test('that nobody uses is no error', async (scene) => {
    assert.deepEqual((await scene.api({ path: `${channels}/empty` })).body, { occupied: false, subscription_count: 0 });
    assert.deepEqual((await scene.api({ path: `${channels}/presence-empty` })).body, {
      occupied: false,
      subscription_count: 0,
      user_count: 0,
    });
  });

  for (const [title, path] of [
    ['users of a public channel', `${channels}/news?info=user_count`],
    ['the cache of a channel without one', `${channels}/news?info=cache`],
    ['what it does not have', `${channels}/news?info=colour`],
  ]) {
    test(`is refused with 400 when asked for ${title}`, async (scene) => {
      const [name, query] = path.split('?');
      assert.equal((await scene.api({ path: name, query })).status, 400);
    });
  }

  for (const escaped of ['a%20b', '%23x', 'a%2Fb', 'a'.repeat(201), '%C3%A9']) {
    test(`is refused with 400 under an impossible name: ${escaped.slice(0, 10)}`, async (scene) => {
      assert.equal((await scene.api({ path: `${channels}/${escaped}` })).status, 400);
    });
  }
});

suite('the connections of an app', {}, (test) => {
  test('are counted', async (scene) => {
    await scene.connectAll(3);
    const answer = await scene.api({ path: `/apps/${app.id}/connections` });
    assert.deepEqual([answer.status, answer.text], [200, '{"connections":3}']);
  });
});

suite('the users of a channel', {}, (test) => {
  test('are told once each, with strings as ids', async (scene) => {
    const channel = scene.name('presence-');
    await join(scene, channel, 11, '7', '7');
    const response = await scene.sdk.get({ path: `/channels/${channel}/users` });
    assert.deepEqual(await response.json(), { users: [{ id: '11' }, { id: '7' }] });
  });

  test('come with their information when asked', async (scene) => {
    const channel = scene.name('presence-');
    await join(scene, channel, '7');
    const { body } = await scene.api({ path: `${channels}/${channel}/users`, query: 'with_user_info=1' });
    assert.deepEqual(body, { users: [{ id: '7', user_info: { id: '7' } }] });
  });

  test('of an empty channel are none', async (scene) => {
    const answer = await scene.api({ path: `${channels}/presence-empty/users` });
    assert.deepEqual([answer.status, answer.text], [200, '{"users":[]}']);
  });

  test('exist in presence channels only', async (scene) => {
    assert.equal((await scene.api({ path: `${channels}/private-x/users` })).status, 400);
  });
});
