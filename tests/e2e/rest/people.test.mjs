// People, companies and blocks (chat spec, section 5: "Companies and registration").
import assert from 'node:assert/strict';

import { ids, restSuite } from './lib/world.mjs';

restSuite('people', {}, (test) => {
  test('are the members of my companies, by id, each once', async (world) => {
    const {
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    const [cid] = await world.people('Cid');
    await world.company(ann, bob, cid);
    const stranger = await world.person('Stranger');
    assert.deepEqual(ids(await ann.all('/api/users', 1)), [ann.id, bob.id, cid.id]);
    assert.deepEqual(ids(await ann.all('/api/users', 3)), [ann.id, bob.id, cid.id]);
    assert.deepEqual(
      (await stranger.get('/api/users')).data.filter(({ id }) => id !== stranger.id),
      [],
    );
  });

  test('are found by a part of the name or address, in either case, wildcards being text', async (world) => {
    const {
      company,
      people: [ann, , cid],
    } = await world.colleagues('Ann%_', 'Bob\\x', 'ÉMILE Zola');
    const find = async (text) => ids((await ann.get(`/api/users?search=${encodeURIComponent(text)}`)).data);
    assert.deepEqual(await find('ann%'), [ann.id]);
    assert.deepEqual(await find('%'), [ann.id]);
    assert.deepEqual(await find('_'), [ann.id]);
    assert.equal((await find('\\')).length, 1);
    assert.deepEqual(await find('zola'), [cid.id]);
    assert.deepEqual(await find(ann.email.toUpperCase()), [ann.id]);
    assert.deepEqual(await find("' OR 1=1 --"), []);
    assert.equal((await ann.get(`/api/users?company_id=${company.id}`)).data.length, 3);
    await ann.get('/api/users?company_id=1', 404);
    await ann.get('/api/users?company_id=0', 422);
    await ann.get(`/api/users?search=${'x'.repeat(200)}`);
    await ann.get(`/api/users?search=${'x'.repeat(201)}`, 422);
  });

  test('see no e-mail address of a stranger', async (world) => {
    const {
      people: [ann],
    } = await world.colleagues('Ann');
    const stranger = await world.person('Stranger');
    for (const path of ['/api/users', `/api/users?search=${stranger.email}`])
      assert.ok(!JSON.stringify(await ann.get(path)).includes(stranger.email));
  });

  test('can be blocked: they neither begin a conversation nor send, and are heard again after', async (world) => {
    const {
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    const direct = await ann.direct(bob);
    for (let i = 0; i < 2; i += 1) await ann.put(`/api/users/${bob.id}/block`, undefined, 204);
    assert.deepEqual(ids(await ann.all('/api/blocks')), [bob.id]);
    assert.deepEqual(ids(await bob.all('/api/blocks')), []);
    await bob.post(`/api/chat/conversations/${direct.id}/messages`, { body: 'x' }, 403);
    await bob.post('/api/chat/messages/private', { recipient_id: ann.id, message: 'x' }, 403);
    await bob.post('/api/chat/typing', { conversation_id: direct.id }, 403);
    for (let i = 0; i < 2; i += 1) await ann.delete(`/api/users/${bob.id}/block`);
    await bob.say(direct, 'heard');
    await ann.put(`/api/users/${ann.id}/block`, undefined, 422);
  });

  test('who are strangers cannot be blocked, and look like nobody', async (world) => {
    const {
      people: [ann],
    } = await world.colleagues('Ann');
    const stranger = await world.person('Stranger');
    const one = await ann.request('PUT', `/api/users/${stranger.id}/block`);
    const none = await ann.request('PUT', '/api/users/999999/block');
    assert.deepEqual([one.status, one.body], [404, none.body]);
  });
});

restSuite('companies', {}, (test) => {
  test('are made with their general room and belong to their maker', async (world) => {
    const ann = await world.person();
    const company = await ann.post('/api/companies', { name: ' Acme ' });
    assert.deepEqual([company.name, company.role, company.member_count], ['Acme', 'owner', 1]);
    const room = await ann.get(`/api/chat/conversations/${company.general_conversation_id}`);
    assert.deepEqual(
      [room.type, room.company_id, room.participants, room.participant_count],
      ['general', company.id, [], 1],
    );
    const second = await ann.post('/api/companies', { name: '𝒙'.repeat(200) });
    assert.deepEqual(ids(await ann.all('/api/companies', 1)), [company.id, second.id]);
    await ann.refused('POST', '/api/companies', { name: 'x'.repeat(201) }, 'name');
    await ann.refused('POST', '/api/companies', { name: '\u00a0' }, 'name');
  });

  test('take members by address and by id, with a role, once', async (world) => {
    const {
      company,
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    const [cid, stranger] = await world.people('Cid', 'Stranger');
    const members = `/api/companies/${company.id}/members`;
    assert.equal((await ann.post(members, { email: cid.email.toUpperCase(), role: 'admin' })).role, 'admin');
    assert.equal((await ann.post(members, { email: cid.email }, 200)).role, 'admin');
    assert.equal((await ann.post(members, { user_id: bob.id, role: 'admin' }, 200)).role, 'admin');
    await ann.refused('POST', members, { user_id: stranger.id }, 'user_id');
    await ann.refused('POST', members, { user_id: 999_999 }, 'user_id');
    await ann.refused('POST', members, { role: 'king', email: cid.email }, 'role');
    await ann.refused('POST', members, {}, 'email');
    assert.deepEqual(ids(await ann.all(members, 2)), [ann.id, bob.id, cid.id]);
    await stranger.get(members, 404);
  });

  test('are ruled by owners and admins; owners are made and unmade by owners alone', async (world) => {
    const {
      company,
      people: [owner, admin, member],
    } = await world.colleagues('Owner', 'Admin', 'Member');
    const members = `/api/companies/${company.id}/members`;
    const dan = await world.person('Dan');
    await owner.post(members, { user_id: admin.id, role: 'admin' }, 200);
    await member.post(members, { email: dan.email }, 403);
    await member.delete(`${members}/${admin.id}`, 403);
    await admin.post(members, { email: dan.email, role: 'owner' }, 403);
    await admin.post(members, { user_id: admin.id, role: 'owner' }, 403);
    await admin.post(members, { user_id: owner.id, role: 'member' }, 403);
    await admin.delete(`${members}/${owner.id}`, 403);
    await admin.post(members, { email: world.email(), role: 'owner' }, 403);
    await admin.post(members, { email: dan.email });
    await admin.delete(`${members}/${dan.id}`);
    await owner.post(members, { user_id: admin.id, role: 'owner' }, 200);
    await admin.post(members, { user_id: owner.id, role: 'member' }, 200);
    await owner.post(members, { email: dan.email }, 403);
  });

  test('keep their last owner', async (world) => {
    const {
      company,
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    const members = `/api/companies/${company.id}/members`;
    await ann.delete(`${members}/${ann.id}`, 409);
    await ann.post(members, { user_id: ann.id, role: 'admin' }, 409);
    await ann.post(members, { user_id: bob.id, role: 'owner' }, 200);
    const both = await Promise.all([ann, bob].map((each) => each.request('DELETE', `${members}/${each.id}`)));
    assert.deepEqual(both.map(({ status }) => status).sort(), [204, 409]);
  });

  test('that one has left cannot be seen any more, with all that is in them', async (world) => {
    const {
      company,
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    const direct = await ann.direct(bob);
    const group = await bob.group('Plan', [ann]);
    const message = await ann.say(group, 'hello');
    await bob.delete(`/api/companies/${company.id}/members/${bob.id}`);
    for (const path of [
      `/api/companies/${company.id}/members`,
      `/api/chat/conversations/${company.general.id}`,
      `/api/chat/conversations/${direct.id}`,
      `/api/chat/conversations/${group.id}/messages`,
    ])
      await bob.get(path, 404);
    await bob.patch(`/api/chat/messages/${message.id}`, { body: 'x' }, 404);
    assert.deepEqual((await bob.get('/api/chat/conversations')).data, []);
    assert.deepEqual((await bob.get('/api/chat/search?q=hello')).data, []);
    await bob.delete(`/api/companies/${company.id}/members/${bob.id}`, 404);
    await ann.delete(`/api/companies/${company.id}/members/${bob.id}`, 404);
    assert.deepEqual(ids((await ann.get(`/api/chat/conversations/${group.id}`)).participants), [ann.id]);
  });

  test('that take somebody back give back the direct conversation with its messages', async (world) => {
    const {
      company,
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    const direct = await ann.direct(bob);
    await ann.say(direct, 'before');
    await ann.delete(`/api/companies/${company.id}/members/${bob.id}`);
    await ann.post(`/api/companies/${company.id}/members`, { email: bob.email });
    assert.equal((await bob.direct(ann)).id, direct.id);
    const { data } = await bob.get(`/api/chat/conversations/${direct.id}/messages`);
    assert.deepEqual(
      data.map(({ body }) => body),
      ['before'],
    );
  });

  test('invite addresses that nobody has; who registers with one is a member', async (world) => {
    const {
      company,
      people: [ann],
    } = await world.colleagues('Ann');
    const email = world.email('Late');
    const members = `/api/companies/${company.id}/members`;
    await ann.post(members, { email, role: 'member' }, 202);
    await ann.post(members, { email: email.toUpperCase() }, 202);
    for (const role of ['admin', 'owner']) await ann.refused('POST', members, { email: world.email(), role }, 'role');
    const late = await world.person('Late', email);
    assert.deepEqual(
      (await late.get('/api/companies')).data.map(({ id, role }) => [id, role]),
      [[company.id, 'member']],
    );
    await late.get(`/api/chat/conversations/${company.general.id}`);
  });

  test('are asked for where one is in several, none of them the home company', async (world) => {
    const ann = await world.person();
    await ann.refused('POST', '/api/chat/messages', { message: 'x' }, 'company_id');
    const first = await world.company(ann);
    assert.equal((await ann.post('/api/chat/messages', { message: 'x' })).company_id, first.id);
    const second = await world.company(ann);
    await ann.refused('POST', '/api/chat/messages', { message: 'x' }, 'company_id');
    const said = await ann.post('/api/chat/messages', { message: 'x', company_id: second.id });
    assert.equal(said.company_id, second.id);
    await ann.post('/api/chat/messages', { message: 'x', company_id: 999_999 }, 404);
  });
});
