// What strangers, and colleagues who take part in nothing, may see and do: nothing of others (chat spec, section 4).
import assert from 'node:assert/strict';

import { exampleRequests, makeExamples, secret, snapshot } from './lib/examples.mjs';
import { Client, restSuite } from './lib/world.mjs';

const entries = (examples) =>
  Object.entries(exampleRequests(examples)).map(([operation, request]) => {
    const [method, path] = operation.split(' ');
    return { operation, method, path, target: path, ...request };
  });

/** What the two sides of a company have, to be compared after the intruders. */
const everything = async ({ ann, bob }) => [await snapshot(ann), await snapshot(bob)];

restSuite('of every operation', {}, (test) => {
  test('there is an example, and of nothing else', async (world) => {
    const examples = await makeExamples(world);
    const described = world.description.operations.map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(Object.keys(exampleRequests(examples)).sort(), described.sort());
  });

  test('nobody without a token gets anything', async (world) => {
    const examples = await makeExamples(world);
    const before = await everything(examples);
    const wrong = new Client(world, { token: `1|${'x'.repeat(40)}` });
    for (const { operation, method, target, open, ...request } of entries(examples)) {
      if (open) continue;
      for (const who of [world.nobody, wrong]) {
        const answer = await who.request(method, target, request);
        assert.equal(answer.status, 401, `${operation}: ${answer.text}`);
        assert.equal(answer.headers['www-authenticate'], 'Bearer', operation);
      }
    }
    assert.deepEqual(await everything(examples), before);
  });

  for (const role of ['stranger', 'colleague']) {
    test(`a ${role} sees and changes nothing of others`, async (world) => {
      const examples = await makeExamples(world);
      const intruder = role === 'colleague' ? examples.cid : await world.person('Stranger');
      if (role === 'stranger') await world.company(intruder);
      const before = await everything(examples);
      const wrong = [];
      for (const entry of entries(examples)) {
        const { operation, method, target, open, ...request } = entry;
        if (open || (entry[role] === 'own' && role === 'colleague')) continue;
        const who = await world.device(intruder);
        const answer = await who.request(method, target, { ...request, lenient: true });
        const expected = entry[role] ?? entry.stranger ?? 404;
        if (answer.text.includes(secret)) wrong.push(`${operation} shows ${answer.text}`);
        if (role === 'stranger' && answer.text.includes(examples.ann.email))
          wrong.push(`${operation} shows ${answer.text}`);
        const fits = expected === 'own' ? answer.status < 300 : [expected].flat().includes(answer.status);
        if (!fits) wrong.push(`${operation}: ${answer.status} in place of ${expected}: ${answer.text}`);
      }
      assert.deepEqual(wrong, []);
      assert.deepEqual(await everything(examples), before);
    });
  }

  test('what is not there and what one may not see look the same', async (world) => {
    const examples = await makeExamples(world);
    const intruder = await world.person('Stranger');
    await world.company(intruder);
    for (const entry of entries(examples)) {
      const { operation, method, path, target, open, stranger = 404, ...request } = entry;
      if (open || stranger !== 404 || path === target) continue;
      const nothing = path
        .replace(
          /{(id|userId)}/g,
          path.startsWith('/api/notifications') ? '00000000-0000-4000-8000-000000000000' : '999999999',
        )
        .replace('{emoji}', '%F0%9F%91%8D');
      const one = await intruder.request(method, target, request);
      const none = await intruder.request(method, nothing, request);
      assert.deepEqual([one.status, one.text], [none.status, none.text], operation);
    }
  });
});

restSuite('ids of others', {}, (test) => {
  test('in a body or query are refused as ids of nothing', async (world) => {
    const examples = await makeExamples(world);
    const { ann, group, said, attachment, company } = examples;
    const [eve, fay] = await world.people('Eve', 'Fay');
    const home = await world.company(eve, fay);
    const room = `/api/chat/conversations/${home.general.id}`;
    const before = await everything(examples);
    for (const [method, target, name, theirs, nothing, more = {}] of [
      ['POST', '/api/chat/conversations', 'user_id', ann.id, 999_999, { type: 'direct' }],
      [
        'POST',
        '/api/chat/conversations',
        'user_ids',
        [fay.id, ann.id],
        [fay.id, 999_999],
        { type: 'group', title: 'x' },
      ],
      [
        'POST',
        '/api/chat/conversations',
        'company_id',
        company.id,
        999_999,
        { type: 'group', title: 'x', user_ids: [fay.id] },
      ],
      ['POST', `${room}/messages`, 'reply_to', said.id, 999_999, { body: 'x' }],
      [
        'POST',
        `${room}/messages`,
        'attachment_ids',
        [attachment.id],
        ['00000000-0000-4000-8000-000000000000'],
        { body: 'x' },
      ],
      ['POST', `${room}/read`, 'message_ids', [said.id], [999_999]],
      ['POST', '/api/chat/messages', 'company_id', company.id, 999_999, { message: 'x' }],
      ['POST', '/api/chat/messages/private', 'recipient_id', ann.id, 999_999, { message: 'x' }],
      ['POST', '/api/chat/messages/private', 'company_id', company.id, 999_999, { message: 'x', recipient_id: fay.id }],
      ['POST', '/api/chat/typing', 'conversation_id', group.id, 999_999],
      ['POST', '/api/chat/typing', 'company_id', company.id, 999_999],
      ['POST', `/api/companies/${home.id}/members`, 'user_id', ann.id, 999_999],
      ['POST', '/api/campaigns', 'user_ids', [ann.id], [999_999], { name: 'x' }],
      ['POST', '/api/campaigns', 'company_id', company.id, 999_999, { name: 'x' }],
    ]) {
      const one = await eve.request(method, target, { body: { ...more, [name]: theirs } });
      const none = await eve.request(method, target, { body: { ...more, [name]: nothing } });
      assert.ok([404, 422].includes(one.status), `${target} ${name}: ${one.status} ${one.text}`);
      assert.deepEqual([one.status, one.text], [none.status, none.text], `${target} ${name}`);
    }
    for (const query of [
      `/api/users?company_id=`,
      '/api/chat/conversations?company_id=',
      '/api/campaigns?company_id=',
      '/api/chat/search?q=body&company_id=',
    ]) {
      const one = await eve.request('GET', `${query}${company.id}`, { undescribed: true });
      const none = await eve.request('GET', `${query}999999`, { undescribed: true });
      assert.deepEqual([one.status, one.text], [none.status, none.text], query);
    }
    const hits = await eve.get(`/api/chat/search?q=${secret}&conversation_id=${group.id}&from=${ann.id}`, [200, 404]);
    assert.deepEqual(hits.data ?? [], []);
    assert.deepEqual(await everything(examples), before);
  });
});
