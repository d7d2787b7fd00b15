// Stored notifications (chat spec, section 5: "Notifications").
import assert from 'node:assert/strict';

import { eventually, ids, restSuite } from './lib/world.mjs';

/** The notifications of `who`, once there are `count` of them. */
const notified = (who, count) =>
  eventually(async () => {
    const rows = await who.all('/api/notifications');
    assert.equal(rows.length, count);
    return rows;
  });

restSuite('notifications', {}, (test) => {
  test('are made for the recipient of a direct message', async (world) => {
    const {
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    const direct = await ann.direct(bob);
    const said = await ann.say(direct, 'hello');
    const [row] = await notified(bob, 1);
    assert.deepEqual(row, {
      id: row.id,
      type: 'App\\Notifications\\MessageSent',
      data: { user_id: ann.id, conversation_id: direct.id, message_id: said.id, receiver_id: bob.id },
      read_at: null,
      created_at: row.created_at,
    });
    assert.match(row.id, /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal((await bob.get('/api/notifications')).unread_count, 1);
    assert.deepEqual((await ann.get('/api/notifications')).data, []);
  });

  test('are made once for a message that is sent twice', async (world) => {
    const {
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    const direct = await ann.direct(bob);
    const path = `/api/chat/conversations/${direct.id}/messages`;
    for (const status of [201, 200, 200]) await ann.post(path, { body: 'x', temp_id: 'n' }, status);
    await ann.say(direct, 'last');
    const rows = await notified(bob, 2);
    assert.equal(new Set(rows.map(({ data }) => data.message_id)).size, 2);
  });

  test('of a group are for those whom a message mentions, by whole names', async (world) => {
    const {
      people: [ann, bob, bobby, cid],
    } = await world.colleagues('Ann', 'Bob', 'Bob Miller', 'Cid');
    const group = await ann.group('Plan', [bob, bobby, cid]);
    await ann.say(group, 'nobody, Bob; mail@cid.example; @Ann');
    await ann.say(group, 'hello @bob miller');
    await ann.say(group, '@CID, look');
    assert.equal((await notified(bobby, 1))[0].data.conversation_id, group.id);
    await notified(cid, 1);
    assert.deepEqual(
      [(await ann.all('/api/notifications')).length, (await bob.all('/api/notifications')).length],
      [0, 0],
    );
  });

  test('are not made for what is muted', async (world) => {
    const {
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    const direct = await ann.direct(bob);
    await bob.patch(`/api/chat/conversations/${direct.id}`, { muted: true });
    await ann.say(direct, 'quiet');
    await bob.patch(`/api/chat/conversations/${direct.id}`, { muted: false });
    const loud = await ann.say(direct, 'loud');
    const [row] = await notified(bob, 1);
    assert.equal(row.data.message_id, loud.id);
  });

  test('are read one by one and all at once, by their owner alone', async (world) => {
    const {
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    const direct = await ann.direct(bob);
    for (let i = 0; i < 5; i += 1) await ann.say(direct, `${i}`);
    const rows = await notified(bob, 5);
    const read = (row, who, status) => who.post(`/api/notifications/${row.id}/read`, undefined, status);
    await read(rows[0], ann, 404);
    const first = await read(rows[0], bob, 200);
    assert.notEqual(first.read_at, null);
    assert.deepEqual(await read(rows[0], bob, 200), first);
    assert.equal((await bob.get('/api/notifications')).unread_count, 4);
    for (const wrong of [
      'x',
      '1',
      rows[0].id.toUpperCase().replaceAll('-', ''),
      '00000000-0000-4000-8000-000000000000',
    ])
      await bob.post(`/api/notifications/${wrong}/read`, undefined, 404);
    for (const limit of [1, 2, 5]) assert.deepEqual(ids(await bob.all('/api/notifications', limit)), ids(rows));
    assert.deepEqual(await bob.post('/api/notifications/read-all', undefined, 200), { count: 4 });
    assert.deepEqual(await bob.post('/api/notifications/read-all', undefined, 200), { count: 0 });
    assert.equal((await bob.get('/api/notifications')).unread_count, 0);
  });
});
