// Campaigns (chat spec, section 5: "Campaigns").
import assert from 'node:assert/strict';

import { ids, restSuite } from './lib/world.mjs';

const path = ({ id }) => `/api/campaigns/${id}`;
const limit = 1_000_000_000_000;

restSuite('campaigns', {}, (test) => {
  test('begin as drafts of a company, with members from it', async (world) => {
    const {
      company,
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    const stranger = await world.person('Stranger');
    const made = await ann.post('/api/campaigns', {
      name: ' Spring ',
      budget: 250_000,
      user_ids: [bob.id, bob.id, ann.id],
    });
    const { company_id: companyId, name, status, budget, currency, owner, members, may_change: mayChange } = made;
    assert.deepEqual(
      [companyId, name, status, budget, currency, owner.id, ids(members), mayChange],
      [company.id, 'Spring', 'draft', 250_000, 'USD', ann.id, [bob.id], true],
    );
    const { may_change: his, ...rest } = await bob.get(path(made));
    assert.deepEqual([his, rest], [false, (({ may_change: _, ...other }) => other)(made)]);
    assert.equal((await ann.post('/api/campaigns', { name: 'Zero' })).budget, 0);
    await ann.refused('POST', '/api/campaigns', { name: 'x', user_ids: [stranger.id] }, 'user_ids');
    await ann.refused('POST', '/api/campaigns', { name: ' ' }, 'name');
    await ann.refused('POST', '/api/campaigns', { name: 'x'.repeat(201) }, 'name');
    await ann.post('/api/campaigns', { name: 'x', company_id: 1 }, 404);
    await stranger.refused('POST', '/api/campaigns', { name: 'x' }, 'company_id');
    assert.equal((await ann.all('/api/campaigns')).length, 2);
  });

  test('go from draft to active and inactive and back; anything else is 409', async (world) => {
    const {
      people: [ann],
    } = await world.colleagues('Ann');
    const made = await ann.post('/api/campaigns', { name: 'x' });
    const go = (to, status) => ann.post(`${path(made)}/${to}`, undefined, status);
    await go('deactivate', 409);
    assert.equal((await go('activate', 200)).status, 'active');
    await go('activate', 409);
    assert.equal((await go('deactivate', 200)).status, 'inactive');
    await go('deactivate', 409);
    assert.equal((await go('activate', 200)).status, 'active');
    const both = await Promise.all([1, 2, 3].map(() => ann.request('POST', `${path(made)}/deactivate`)));
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409, 409]);
  });

  test('are changed by their owner and the company’s owners and admins, seen by members, and hidden from others', async (world) => {
    const {
      people: [owner, ann, bob, cid],
    } = await world.colleagues('Owner', 'Ann', 'Bob', 'Cid');
    const stranger = await world.person('Stranger');
    const made = await ann.post('/api/campaigns', { name: 'x', user_ids: [bob.id] });
    const deeds = [
      ['PATCH', path(made), { name: 'y' }],
      ['PUT', `${path(made)}/budget`, { budget: 1 }],
      ['POST', `${path(made)}/members`, { user_id: bob.id }],
      ['DELETE', `${path(made)}/members/${ann.id}`],
    ];
    for (const [method, target, body] of deeds) {
      assert.equal((await bob.request(method, target, { body })).status, 403, target);
      for (const who of [cid, stranger])
        assert.equal((await who.request(method, target, { body })).status, 404, target);
    }
    for (const who of [cid, stranger]) {
      await who.get(path(made), 404);
      await who.post(`${path(made)}/activate`, undefined, 404);
      assert.deepEqual(await who.all('/api/campaigns'), []);
    }
    await bob.post(`${path(made)}/activate`, undefined, 403);
    assert.equal((await owner.patch(path(made), { name: 'Owned' })).name, 'Owned');
    assert.equal((await owner.get(path(made))).may_change, true);
    await ann.post(`${path(made)}/members`, { user_ids: [cid.id, cid.id] }, 200);
    await cid.delete(`${path(made)}/members/${cid.id}`);
    await cid.get(path(made), 404);
    await ann.delete(`${path(made)}/members/${cid.id}`, 404);
    await ann.refused('POST', `${path(made)}/members`, { user_id: stranger.id }, 'user_ids');
  });

  test('have a budget of integers from 0 to the limit', async (world) => {
    const {
      people: [ann],
    } = await world.colleagues('Ann');
    const made = await ann.post('/api/campaigns', { name: 'x', budget: 7 });
    const put = (budget) => ['PUT', `${path(made)}/budget`, { budget }];
    for (const budget of [-1, limit + 1, 2 ** 53, 1.5, 'many', null, true, [1]])
      await ann.refused(...put(budget), 'budget');
    await ann.refused('POST', '/api/campaigns', { name: 'x', budget: -1 }, 'budget');
    await ann.refused('POST', '/api/campaigns', { name: 'x', budget: limit + 1 }, 'budget');
    assert.equal((await ann.get(path(made))).budget, 7);
    for (const budget of [0, limit]) assert.equal((await ann.put(`${path(made)}/budget`, { budget })).budget, budget);
  });

  test('are listed newest first, by company and status, page by page', async (world) => {
    const {
      company,
      people: [ann],
    } = await world.colleagues('Ann');
    const made = [];
    for (let i = 0; i < 5; i += 1) made.unshift(await ann.post('/api/campaigns', { name: `${i}` }));
    await ann.post(`${path(made[1])}/activate`, undefined, 200);
    for (const size of [1, 2, 5]) assert.deepEqual(ids(await ann.all('/api/campaigns', size)), ids(made));
    assert.deepEqual(ids(await ann.all('/api/campaigns?status=active')), [made[1].id]);
    assert.equal((await ann.all(`/api/campaigns?company_id=${company.id}`)).length, 5);
    for (const query of ['status=x', 'company_id=x', 'limit=0', 'limit=101', 'cursor=x'])
      await ann.get(`/api/campaigns?${query}`, 422);
    assert.deepEqual((await ann.get('/api/campaigns?company_id=1', [200, 404])).data ?? [], []);
  });
});

restSuite('campaigns of at most two members', { 'limits.max_campaign_members': 2 }, (test) => {
  test('take no third, and are as before when they refuse', async (world) => {
    const {
      people: [ann, bob, cid, dan],
    } = await world.colleagues('Ann', 'Bob', 'Cid', 'Dan');
    await ann.refused('POST', '/api/campaigns', { name: 'x', user_ids: ids([bob, cid, dan]) }, 'user_ids');
    assert.deepEqual(await ann.all('/api/campaigns'), []);
    const made = await ann.post('/api/campaigns', { name: 'x', user_ids: [bob.id] });
    await ann.refused('POST', `${path(made)}/members`, { user_ids: ids([cid, dan]) }, 'user_ids');
    assert.deepEqual(await ann.get(path(made)), made);
    await ann.post(`${path(made)}/members`, { user_ids: ids([bob, cid]) }, 200);
  });
});
