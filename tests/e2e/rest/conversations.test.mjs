// Conversations and who takes part in them (chat spec, section 5: "Conversations").
import assert from 'node:assert/strict';

import { ids, restSuite } from './lib/world.mjs';

const conversations = '/api/chat/conversations';
const path = ({ id }) => `${conversations}/${id}`;

restSuite('a direct conversation', {}, (test) => {
  test('is made once for a pair and company, whoever asks, and found again', async (world) => {
    const {
      company,
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    const made = await ann.post(conversations, { type: 'direct', user_id: bob.id });
    assert.deepEqual([made.type, made.company_id, made.title, made.other.id], ['direct', company.id, null, bob.id]);
    assert.deepEqual(ids(made.participants).sort(), [ann.id, bob.id].sort());
    const found = await bob.post(conversations, { type: 'direct', user_id: ann.id }, 200);
    assert.deepEqual([found.id, found.other.id], [made.id, ann.id]);
    const second = await world.company(ann, bob);
    const other = await ann.post(conversations, { type: 'direct', user_id: bob.id, company_id: second.id });
    assert.notEqual(other.id, made.id);
  });

  test('is one also when both ask at once', async (world) => {
    const {
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    const asks = Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? ann.direct(bob) : bob.direct(ann)));
    assert.equal(new Set(ids(await Promise.all(asks))).size, 1);
  });

  test('is of two different people of one company', async (world) => {
    const {
      people: [ann],
    } = await world.colleagues('Ann', 'Bob');
    const stranger = await world.person('Stranger');
    for (const userId of [ann.id, stranger.id, 999_999])
      await ann.refused('POST', conversations, { type: 'direct', user_id: userId }, 'user_id');
    await ann.refused('POST', conversations, { type: 'direct' }, 'user_id');
    for (const body of [{ type: 'general' }, { type: 7 }, {}]) {
      const { errors } = await ann.post(conversations, body, 422);
      assert.ok('type' in errors, JSON.stringify(errors));
    }
  });

  test('has no title, and nobody comes or leaves', async (world) => {
    const {
      people: [ann, bob, cid],
    } = await world.colleagues('Ann', 'Bob', 'Cid');
    const direct = await ann.direct(bob);
    await ann.refused('PATCH', path(direct), { title: 'Us' }, 'title');
    await ann.post(`${path(direct)}/participants`, { user_id: cid.id }, 409);
    for (const who of [ann, bob]) await ann.delete(`${path(direct)}/participants/${who.id}`, 409);
    await cid.get(path(direct), 404);
  });
});

restSuite('a group', {}, (test) => {
  test('has its maker, those who were named, each once, and a title', async (world) => {
    const {
      people: [ann, bob, cid],
    } = await world.colleagues('Ann', 'Bob', 'Cid');
    const group = await ann.group(' Plan 👩‍👩‍👧 ', [bob, bob, cid, ann]);
    assert.equal(group.title, 'Plan 👩‍👩‍👧');
    assert.equal(group.creator_id, ann.id);
    assert.deepEqual(ids(group.participants).sort(), [ann.id, bob.id, cid.id].sort());
    assert.deepEqual([group.participant_count, group.other, group.unread_count, group.muted], [3, null, 0, false]);
    assert.deepEqual(await bob.get(path(group)), group);
  });

  test('needs a title of 1 to 200 characters and somebody else of the company', async (world) => {
    const {
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    const stranger = await world.person('Stranger');
    const make = (change) => ['POST', conversations, { type: 'group', title: 'x', user_ids: [bob.id], ...change }];
    await ann.refused(...make({ title: undefined }), 'title');
    await ann.refused(...make({ title: ' \u2003' }), 'title');
    await ann.refused(...make({ title: '𝒙'.repeat(201) }), 'title');
    await ann.refused(...make({ title: 'a\nb' }), 'title');
    await ann.refused(...make({ user_ids: [] }), 'user_ids');
    await ann.refused(...make({ user_ids: [ann.id] }), 'user_ids');
    await ann.refused(...make({ user_ids: [bob.id, stranger.id] }), 'user_ids');
    await ann.refused(...make({ user_ids: [bob.id, 0] }), 'user_ids.1');
    await ann.post(conversations, { type: 'group', title: 'x', user_ids: [bob.id], company_id: 1 }, 404);
    assert.deepEqual(ids(await ann.all(conversations)).length, 1);
    await ann.group('𝒙'.repeat(200), [bob]);
  });

  test('is renamed by those who take part, and muted by each alone', async (world) => {
    const {
      people: [ann, bob, cid],
    } = await world.colleagues('Ann', 'Bob', 'Cid');
    const group = await ann.group('Old', [bob]);
    assert.equal((await bob.patch(path(group), { title: 'New' })).title, 'New');
    assert.equal((await bob.patch(path(group), { muted: true })).muted, true);
    assert.deepEqual([(await ann.get(path(group))).title, (await ann.get(path(group))).muted], ['New', false]);
    await cid.patch(path(group), { title: 'Mine' }, 404);
    await ann.refused('PATCH', path(group), { title: '' }, 'title');
    await ann.refused('PATCH', path(group), { title: 'x'.repeat(201) }, 'title');
    await ann.refused('PATCH', path(group), { muted: 'yes' }, 'muted');
    assert.equal((await ann.get(path(group))).title, 'New');
  });

  test('takes colleagues in, one or several; what was before counts as read by them', async (world) => {
    const {
      people: [ann, bob, cid, dan],
    } = await world.colleagues('Ann', 'Bob', 'Cid', 'Dan');
    const stranger = await world.person('Stranger');
    const group = await ann.group('Plan', [bob]);
    await ann.say(group, 'before');
    const participants = `${path(group)}/participants`;
    await bob.post(participants, { user_id: cid.id }, 200);
    await cid.post(participants, { user_ids: [dan.id, cid.id] }, 200);
    assert.equal((await dan.get(path(group))).unread_count, 0);
    assert.equal((await dan.get(`${path(group)}/messages`)).data.length, 1);
    await ann.say(group, 'after');
    assert.equal((await dan.get(path(group))).unread_count, 1);
    await ann.refused('POST', participants, { user_id: stranger.id }, 'user_id');
    await ann.refused('POST', participants, { user_ids: [stranger.id] }, 'user_ids');
    await stranger.post(participants, { user_id: stranger.id }, 404);
    assert.equal((await ann.get(path(group))).participant_count, 4);
  });

  test('is left by oneself; others are removed by its creator and the company’s owners and admins', async (world) => {
    const {
      company,
      people: [owner, ann, bob, cid, dan],
    } = await world.colleagues('Owner', 'Ann', 'Bob', 'Cid', 'Dan');
    const group = await ann.group('Plan', [owner, bob, cid, dan]);
    const participant = (who) => `${path(group)}/participants/${who.id}`;
    await bob.delete(participant(cid), 403);
    await ann.delete(participant(cid));
    await owner.delete(participant(dan));
    await bob.delete(participant(bob));
    await ann.delete(participant(bob), 404);
    for (const gone of [bob, cid, dan]) {
      await gone.get(path(group), 404);
      await gone.get(`${path(group)}/messages`, 404);
      await gone.post(`${path(group)}/messages`, { body: 'x' }, 404);
    }
    await owner.post(`/api/companies/${company.id}/members`, { user_id: bob.id, role: 'admin' }, 200);
    await bob.delete(participant(ann), 404);
    assert.deepEqual(ids((await ann.get(path(group))).participants).sort(), [owner.id, ann.id].sort());
  });

  test('is not forgotten by those who come back', async (world) => {
    const {
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    const group = await ann.group('Plan', [bob]);
    await ann.say(group, 'one');
    await ann.delete(`${path(group)}/participants/${bob.id}`);
    await ann.say(group, 'two');
    await ann.post(`${path(group)}/participants`, { user_id: bob.id }, 200);
    assert.equal((await bob.get(path(group))).unread_count, 0);
    assert.equal((await bob.get(`${path(group)}/messages`)).data.length, 2);
  });
});

restSuite('groups of at most three', { 'limits.max_group_participants': 3 }, (test) => {
  test('take no fourth, and are as before when they refuse', async (world) => {
    const {
      people: [ann, bob, cid, dan],
    } = await world.colleagues('Ann', 'Bob', 'Cid', 'Dan');
    const body = { type: 'group', title: 'x', user_ids: ids([bob, cid, dan]) };
    await ann.refused('POST', conversations, body, 'user_ids');
    const group = await ann.group('Plan', [bob]);
    await ann.refused('POST', `${path(group)}/participants`, { user_ids: [cid.id, dan.id] }, 'user_ids');
    assert.deepEqual(await ann.get(path(group)), group);
    await ann.post(`${path(group)}/participants`, { user_id: cid.id }, 200);
    await ann.refused('POST', `${path(group)}/participants`, { user_id: dan.id }, 'user_id');
    assert.equal((await ann.get(path(group))).participant_count, 3);
  });
});

restSuite('the general room', {}, (test) => {
  test('has everybody, and nobody leaves, joins or names it', async (world) => {
    const {
      company,
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    await bob.say(company.general, 'hello');
    const room = await ann.get(path(company.general));
    assert.deepEqual([room.type, room.unread_count, room.participant_count], ['general', 1, 2]);
    await bob.delete(`${path(room)}/participants/${bob.id}`, 409);
    await ann.delete(`${path(room)}/participants/${bob.id}`, 409);
    await ann.post(`${path(room)}/participants`, { user_id: bob.id }, 409);
    await ann.refused('PATCH', path(room), { title: 'Lobby' }, 'title');
    assert.equal((await bob.patch(path(room), { muted: true })).muted, true);
  });
});

restSuite('the list of conversations', {}, (test) => {
  test('is sorted by the last message, pages without gaps, and knows what is unread', async (world) => {
    const {
      company,
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    const groups = [];
    for (let i = 0; i < 7; i += 1) groups.push(await ann.group(`Group ${i}`, [bob]));
    const said = await bob.say(groups[2], 'newest');
    await bob.say(company.general, 'newer');
    await bob.say(groups[4], 'newest of all');
    const whole = await ann.all(conversations);
    assert.equal(whole.length, 8);
    assert.deepEqual(ids(whole.slice(0, 3)), [groups[4].id, company.general.id, groups[2].id]);
    assert.deepEqual([whole[2].last_message, whole[2].unread_count, whole[2].updated_at], [said, 1, said.created_at]);
    for (const limit of [1, 3, 8]) assert.deepEqual(ids(await ann.all(conversations, limit)), ids(whole));
    assert.deepEqual(await ann.all(`${conversations}?company_id=${company.id}`), whole);
    const other = await world.company(ann);
    assert.deepEqual(ids(await ann.all(`${conversations}?company_id=${other.id}`)), [other.general.id]);
  });

  test('refuses limits out of range and cursors of others', async (world) => {
    const {
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    await ann.group('One', [bob]);
    const { next_cursor: cursor } = await ann.get(`${conversations}?limit=1`);
    for (const query of [
      'limit=0',
      'limit=101',
      'limit=-1',
      'limit=x',
      'limit=1.5',
      'limit=99999999999999999999',
      'cursor=x',
      `cursor=${cursor}x`,
      `cursor=${cursor.slice(1)}`,
      'cursor=%00',
      'company_id=x',
      'company_id=0',
    ])
      await ann.get(`${conversations}?${query}`, 422);
    await ann.get(`${conversations}?limit=%ff`, 400);
    await ann.get(`${conversations}?limit=100&limit=1`);
    await ann.get(`/api/users?cursor=${cursor}`, 422);
  });

  for (const id of [
    '0',
    '-1',
    '01',
    '+1',
    '1.0',
    '1e3',
    'x',
    '',
    '9223372036854775807',
    '9223372036854775808',
    '1e400',
    '%00',
    '%31%00',
    '%EF%BC%91',
    '1%20',
  ]) {
    test(`has none with the id "${id}"`, async (world) => {
      const {
        people: [ann],
      } = await world.colleagues('Ann');
      const answer = await ann.request('GET', `${conversations}/${id}`, { undescribed: true });
      assert.equal(answer.status, 404);
      assert.equal(typeof answer.body.message, 'string');
    });
  }
});
