// Reading and typing (chat spec, section 5: "Reading", "Typing").
import assert from 'node:assert/strict';

import { ids, restSuite } from './lib/world.mjs';

const conversation = ({ id }) => `/api/chat/conversations/${id}`;

async function scene(world, ...others) {
  const { company, people } = await world.colleagues('Ann', 'Bob', ...others);
  const [ann, bob] = people;
  const direct = await ann.direct(bob);
  const sent = [];
  for (const text of ['one', 'two', 'three']) sent.push(await ann.say(direct, text));
  return { company, people, ann, bob, direct, sent };
}

const unread = async (who, room) => (await who.get(conversation(room))).unread_count;

restSuite('reading', {}, (test) => {
  test('one message reads all before it, and never moves backwards', async (world) => {
    const { ann, bob, direct, sent } = await scene(world);
    assert.equal(await unread(bob, direct), 3);
    const read = (of, status = 200) => bob.post(`/api/chat/messages/${of.id}/read`, undefined, status);
    assert.deepEqual(await read(sent[1]), {
      conversation_id: direct.id,
      last_read_id: sent[1].id,
      unread_count: 1,
      message_ids: [sent[0].id, sent[1].id],
    });
    assert.deepEqual(await read(sent[0]), {
      conversation_id: direct.id,
      last_read_id: sent[1].id,
      unread_count: 1,
      message_ids: [],
    });
    const { data } = await ann.get(`${conversation(direct)}/messages`);
    assert.deepEqual(
      data.map((each) => each.read_at !== null),
      [true, true, false],
    );
    const [participant] = (await ann.get(conversation(direct))).participants.filter(({ id }) => id === bob.id);
    assert.equal(participant.last_read_id, sent[1].id);
  });

  test('takes message_ids, up_to, or nothing: all', async (world) => {
    const { bob, direct, sent } = await scene(world);
    const read = (body) => bob.post(`${conversation(direct)}/read`, body, 200);
    assert.equal((await read({ message_ids: [sent[1].id, sent[0].id] })).last_read_id, sent[1].id);
    assert.equal((await read({ up_to: sent[0].id })).last_read_id, sent[1].id);
    assert.equal((await read({ up_to: 2 ** 52 })).last_read_id, sent[2].id);
    assert.deepEqual((await read()).message_ids, []);
    assert.equal(await unread(bob, direct), 0);
  });

  test('all answers at most the 100 newest', async (world) => {
    const { company, ann, bob } = await scene(world);
    const sent = ids(await Promise.all(Array.from({ length: 103 }, (_, i) => ann.say(company.general, `${i}`)))).sort(
      (a, b) => a - b,
    );
    const { message_ids: read, unread_count: left } = await bob.post(
      `${conversation(company.general)}/read`,
      undefined,
      200,
    );
    assert.deepEqual([read, left], [sent.slice(-100), 0]);
  });

  test('refuses ids of other conversations', async (world) => {
    const { company, ann, bob, direct, sent } = await scene(world);
    const elsewhere = await ann.say(company.general, 'x');
    const path = `${conversation(direct)}/read`;
    await bob.refused('POST', path, { message_ids: [sent[0].id, elsewhere.id] }, 'message_ids');
    await bob.refused('POST', path, { message_ids: [] }, 'message_ids');
    await bob.refused('POST', path, { message_ids: [0] }, 'message_ids.0');
    await bob.refused('POST', `${conversation(company.general)}/read`, { up_to: sent[0].id }, 'up_to');
    assert.equal(await unread(bob, direct), 3);
  });

  test('sending reads what came before; one’s own and deleted ones do not count', async (world) => {
    const { ann, bob, direct, sent } = await scene(world);
    assert.equal(await unread(ann, direct), 0);
    await ann.delete(`/api/chat/messages/${sent[0].id}`);
    assert.equal(await unread(bob, direct), 2);
    await bob.say(direct, 'answer');
    assert.deepEqual([await unread(bob, direct), await unread(ann, direct)], [0, 1]);
    const { data } = await ann.get(`${conversation(direct)}/messages`);
    assert.deepEqual(data.map((each) => each.read_at !== null).slice(1), [true, true, false]);
  });

  test('in a group gives read_at when the last of the others has read', async (world) => {
    const {
      ann,
      bob,
      people: [, , cid],
    } = await scene(world, 'Cid');
    const group = await ann.group('Plan', [bob, cid]);
    const said = await ann.say(group, 'x');
    const readAt = async () => (await ann.get(`${conversation(group)}/messages`)).data[0].read_at;
    await bob.post(`/api/chat/messages/${said.id}/read`, undefined, 200);
    assert.equal(await readAt(), null);
    await cid.post(`/api/chat/messages/${said.id}/read`, undefined, 200);
    assert.notEqual(await readAt(), null);
  });

  test('leaves receipts, of groups and of direct conversations', async (world) => {
    const {
      ann,
      bob,
      direct,
      sent,
      people: [, , cid],
    } = await scene(world, 'Cid');
    const group = await ann.group('Plan', [bob, cid]);
    const said = await ann.say(group, 'x');
    const receipts = async ({ id }, who = ann) => (await who.get(`/api/chat/messages/${id}/receipts`)).data;
    assert.deepEqual(await receipts(said), []);
    for (const who of [cid, bob]) await who.post(`/api/chat/messages/${said.id}/read`, undefined, 200);
    const rows = await receipts(said);
    assert.deepEqual(
      rows.map(({ user }) => user),
      [cid, bob].map(({ id, user }) => ({ id, name: user.name, avatar_url: null })),
    );
    assert.ok(rows[0].read_at <= rows[1].read_at);
    assert.deepEqual(await receipts(said, cid), rows);
    assert.deepEqual(await receipts(sent[0]), []);
    await bob.say(direct, 'answer');
    const [receipt, ...more] = await receipts(sent[0]);
    assert.deepEqual([receipt.user.id, more], [bob.id, []]);
    const { data } = await ann.get(`${conversation(direct)}/messages`);
    assert.equal(receipt.read_at, data[0].read_at);
    await ann.delete(`/api/chat/messages/${said.id}`);
    assert.deepEqual(await receipts(said), []);
  });

  test('leaves no receipts in the general room, nor for those outside', async (world) => {
    const {
      ann,
      company,
      sent,
      people: [, , cid],
    } = await scene(world, 'Cid');
    const said = await ann.say(company.general, 'x');
    const { code } = await ann.get(`/api/chat/messages/${said.id}/receipts`, 409);
    assert.equal(code, 'no_receipts');
    await cid.get(`/api/chat/messages/${sent[0].id}/receipts`, 404);
    await cid.get('/api/chat/messages/999999/receipts', 404);
  });

  test('by many at once ends at the end', async (world) => {
    const { bob, direct, sent } = await scene(world);
    await Promise.all([...sent, ...sent].map(({ id }) => bob.post(`/api/chat/messages/${id}/read`, undefined, 200)));
    assert.equal(await unread(bob, direct), 0);
  });
});

restSuite('typing', {}, (test) => {
  test('starts at most once a second per conversation; a stop is free, sending resets it', async (world) => {
    const { company, ann, bob, direct } = await scene(world);
    const type = (body, status) => ann.post('/api/chat/typing', body, status);
    await type({ conversation_id: direct.id }, 204);
    const late = await ann.request('POST', '/api/chat/typing', { body: { conversation_id: direct.id } });
    assert.deepEqual([late.status, late.headers['retry-after']], [429, '1']);
    for (let i = 0; i < 3; i += 1) await type({ conversation_id: direct.id, typing: false }, 204);
    await type({ conversation_id: company.general.id }, 204);
    await bob.post('/api/chat/typing', { conversation_id: direct.id }, 204);
    await ann.say(direct, 'x');
    await type({ conversation_id: direct.id, typing: true }, 204);
  });

  test('without a conversation is in the general room', async (world) => {
    const { company, ann } = await scene(world);
    await ann.post('/api/chat/typing', undefined, 204);
    await ann.post('/api/chat/typing', { conversation_id: company.general.id }, 429);
    await ann.post('/api/chat/messages', { message: 'x' });
    await ann.post('/api/chat/typing', { company_id: company.id }, 204);
  });

  test('is for those who take part', async (world) => {
    const {
      direct,
      people: [, , cid],
    } = await scene(world, 'Cid');
    const stranger = await world.person('Stranger');
    await cid.post('/api/chat/typing', { conversation_id: direct.id }, 404);
    await cid.post('/api/chat/typing', { conversation_id: 999_999, typing: false }, 404);
    await stranger.refused('POST', '/api/chat/typing', {}, 'company_id');
    await cid.refused('POST', '/api/chat/typing', { typing: 'maybe' }, 'typing');
  });
});

restSuite('who is online', {}, (test) => {
  test('is nobody without a socket', async (world) => {
    const { ann } = await scene(world);
    assert.deepEqual(await ann.get('/api/chat/users/online'), { data: [], next_cursor: null });
  });
});
