// Catching up (`/api/chat/sync`): whoever follows the pages has what a client has that starts from nothing.
import assert from 'node:assert/strict';

import { SyncClient } from './lib/sync_client.mjs';
import { eventually, ids, restSuite } from './lib/world.mjs';

const participants = ({ id }) => `/api/chat/conversations/${id}/participants`;

async function checkFresh(client, limit) {
  const fresh = new SyncClient(client.who);
  await fresh.sync(limit);
  assert.deepEqual(client.state, fresh.state);
}

/** What the lists of REST say, in the same shape. */
async function checkLists(client) {
  const { conversations, messages, notifications } = client.state;
  const rows = await client.who.all('/api/chat/conversations');
  assert.deepEqual(
    ids(conversations),
    ids(rows).sort((left, right) => left - right),
  );
  for (const row of rows) {
    const { last_message: last, ...facts } = row;
    const strip = ({ online, ...person }) => person;
    const other = facts.other && strip(facts.other);
    const bare = { ...facts, other, participants: facts.participants.map(strip) };
    assert.deepEqual(
      conversations.find(({ id }) => id === row.id),
      bare,
    );
    const { data } = await client.who.get(`/api/chat/conversations/${row.id}/messages?limit=100`);
    assert.deepEqual(
      messages.filter((each) => each.conversation_id === row.id),
      data,
    );
    assert.equal(last?.id ?? 0, row.last_message_id);
  }
  assert.deepEqual(ids(notifications).sort(), ids(await client.who.all('/api/notifications')).sort());
}

/** Checks the clients once the jobs, which nobody can see, have made the last notification. */
async function settle(clients, limit) {
  for (const client of clients) {
    await eventually(async () => {
      await client.sync(limit);
      await checkFresh(client, 3);
      await checkLists(client);
    });
  }
}

restSuite('catching up', {}, (test) => {
  test('from now on tells nothing of before, and everything after', async (world) => {
    const { company, people } = await world.colleagues('Ann', 'Bob');
    const [ann, bob] = people;
    await ann.say(company.general, 'before');
    const now = await bob.get('/api/chat/sync?cursor=now');
    assert.deepEqual({ ...now, next_cursor: '' }, { data: [], next_cursor: '', has_more: false, reset: false });
    const since = async () => (await bob.get(`/api/chat/sync?cursor=${now.next_cursor}`)).data;
    assert.deepEqual(await since(), []);
    const said = await ann.say(company.general, 'after');
    const group = await ann.group('Plan', [bob]);
    const data = await since();
    assert.deepEqual(
      data.map(({ type, data: { id } }) => [type, id]),
      [
        ['conversation', company.general.id],
        ['message', said.id],
        ['conversation', group.id],
      ],
    );
  });

  test('follows a story, step by step', async (world) => {
    const {
      company,
      people: [ann, bob, cid],
    } = await world.colleagues('Ann', 'Bob', 'Cid');
    const client = new SyncClient(bob);
    let notified = 0;
    // Notifications are made by jobs, a moment after the answer.
    const step = async (least, act, notifications = 0) => {
      const result = await act();
      notified += notifications;
      await eventually(async () => assert.equal((await bob.all('/api/notifications')).length, notified));
      const count = await client.sync();
      assert.ok(count >= least, `${count} items in place of ${least} or more`);
      assert.equal(await client.sync(), 0, 'something was told without news');
      await checkFresh(client);
      return result;
    };
    await step(1, () => company);
    const direct = await step(1, () => ann.direct(bob));
    const said = await step(2, () => ann.say(direct, 'hello'), 1);
    await step(1, () => ann.patch(`/api/chat/messages/${said.id}`, { body: 'Hello' }));
    await step(1, () => ann.put(`/api/chat/messages/${said.id}/reactions/${encodeURIComponent('👍')}`, undefined, 204));
    await step(1, () => bob.post(`/api/chat/messages/${said.id}/read`, undefined, 200));
    await step(1, () => bob.patch(`/api/chat/conversations/${direct.id}`, { muted: true }));
    const group = await step(1, () => ann.group('Plan', [bob, cid]));
    await step(2, () => cid.say(group, '@Bob look'), 1);
    await step(1, () => cid.patch(`/api/chat/conversations/${group.id}`, { title: 'Plans' }));
    await step(1, () => ann.delete(`${participants(group)}/${cid.id}`));
    await step(1, () => ann.delete(`${participants(group)}/${bob.id}`));
    assert.ok(!client.conversations.has(group.id));
    await ann.say(group, 'while he was away');
    assert.equal(await client.sync(), 0, 'told of a group that one is not in');
    await step(3, () => ann.post(participants(group), { user_id: bob.id }, 200));
    await step(1, () => bob.post('/api/notifications/read-all', undefined, 200));
    await step(1, () => ann.delete(`/api/chat/messages/${said.id}`));
    await step(1, () => bob.patch('/api/user', { name: 'Robert' }).then(() => ann.say(direct, 'x')));
    await checkLists(client);
    await step(1, () => ann.delete(`/api/companies/${company.id}/members/${bob.id}`));
    assert.deepEqual([client.conversations.size, client.messages.size], [0, 0]);
  });

  test('refuses cursors that were altered or belong to another', async (world) => {
    const {
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    const client = new SyncClient(ann);
    await client.sync();
    await bob.get(`/api/chat/sync?cursor=${encodeURIComponent(client.cursor)}`, 422);
    for (const wrong of [
      'x',
      `${client.cursor}x`,
      client.cursor.slice(1),
      client.cursor.slice(0, -1),
      '0',
      '{}',
      '%00',
    ])
      await ann.get(`/api/chat/sync?cursor=${encodeURIComponent(wrong)}`, 422);
    for (const limit of ['0', '101', 'x']) await ann.get(`/api/chat/sync?limit=${limit}`, 422);
  });

  test('misses nothing of what is written between its pages', async (world) => {
    const {
      company,
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    const direct = await ann.direct(bob);
    const said = [];
    for (let i = 0; i < 12; i += 1) said.push(await ann.say(i % 2 ? direct : company.general, `${i}`));
    const client = new SyncClient(bob);
    for (let i = 0; i < said.length; i += 1) {
      await client.page(2);
      await ann.patch(`/api/chat/messages/${said[11 - i].id}`, { body: `edited ${i}` });
      if (i === 5) await ann.delete(`/api/chat/messages/${said[11].id}`);
      if (i === 7) await ann.say(direct, 'new');
    }
    await settle([client], 2);
  });
});

/** Numbers that are the same in every run (a linear congruential generator). */
function dice(seed) {
  let state = seed;
  return (count) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * count);
  };
}

/** One of the things that people do; what is refused is as good. */
async function act(roll, people, rooms, said) {
  const who = people[roll(people.length)];
  const other = people[roll(people.length)];
  const room = rooms[roll(rooms.length)];
  const message = said[roll(said.length)] ?? { id: 1 };
  const path = `/api/chat/messages/${message.id}`;
  const emoji = encodeURIComponent(['👍', '🎉'][roll(2)]);
  const things = [
    ['POST', `/api/chat/conversations/${room.id}/messages`, { body: `text ${roll(1000)} @${other.user.name}` }],
    [
      'POST',
      `/api/chat/conversations/${room.id}/messages`,
      { body: 'again', temp_id: `t${roll(5)}`, reply_to: message.id },
    ],
    ['PATCH', path, { body: `edited ${roll(1000)}` }],
    ['DELETE', path],
    ['PUT', `${path}/reactions/${emoji}`],
    ['DELETE', `${path}/reactions/${emoji}`],
    ['POST', `${path}/read`],
    ['POST', `/api/chat/conversations/${room.id}/read`],
    ['PATCH', `/api/chat/conversations/${room.id}`, { title: `Title ${roll(1000)}` }],
    ['PATCH', `/api/chat/conversations/${room.id}`, { muted: roll(2) === 1 }],
    ['POST', participants(room), { user_id: other.id }],
    ['DELETE', `${participants(room)}/${other.id}`],
    ['POST', '/api/chat/conversations', { type: 'group', title: 'New', user_ids: [other.id] }],
    ['POST', '/api/chat/messages/private', { recipient_id: other.id, message: 'psst' }],
    ['POST', '/api/notifications/read-all'],
  ];
  const [method, target, body] = things[roll(things.length)];
  const answer = await who.request(method, target, { body });
  assert.ok(answer.status < 300 || [403, 404, 409, 422].includes(answer.status), answer.text);
  if (answer.status !== 201) return;
  if (answer.body.sender_id === undefined) rooms.push(answer.body);
  else said.push(answer.body);
}

for (const seed of [1, 2, 3, 4]) {
  restSuite(`random deeds, ${seed}`, {}, (test) => {
    test('leave every client with the same state, whatever its pace', async (world) => {
      const { company, people } = await world.colleagues('Ann', 'Bob', 'Cid');
      const roll = dice(seed);
      const [rooms, said] = [[company.general], []];
      const clients = people.flatMap((who) => [new SyncClient(who), new SyncClient(who), new SyncClient(who)]);
      for (let i = 0; i < 150; i += 1) {
        await act(roll, people, rooms, said);
        for (const [index, client] of clients.entries()) {
          if (index % 3 === 0) await client.sync(1 + roll(5));
          if (index % 3 === 1 && roll(4) === 0) await client.page(1 + roll(3));
        }
      }
      await settle(clients, 7);
    });
  });
}

restSuite('deeds of many at once', {}, (test) => {
  test('leave every client with the same state, although they synced all the time', async (world) => {
    const { company, people } = await world.colleagues('Ann', 'Bob', 'Cid');
    const [rooms, said] = [[company.general], []];
    const clients = people.map((who) => new SyncClient(who));
    let acting = people.length;
    const actors = people.map(async (_, index) => {
      const roll = dice(100 + index);
      for (let i = 0; i < 60; i += 1) await act(roll, people, rooms, said);
      acting -= 1;
    });
    const readers = clients.map(async (client) => {
      while (acting > 0) await client.page(3);
    });
    await Promise.all([...actors, ...readers]);
    await settle(clients, 5);
  });
});
