// What was answered survives a crash, and what was not may be repeated (chat spec, section 2).
import assert from 'node:assert/strict';

import { ids, restSuite } from './lib/world.mjs';

/** The answer, or undefined when the server went away before it. */
const unlessGone = (request) =>
  request.catch((error) => (/^no answer/.test(error.message) ? Promise.reject(error) : undefined));

restSuite('after kill -9 under load', {}, (test) => {
  test('every answered message is there once, and the others can be sent again', async (world, scene) => {
    const { company, people } = await world.colleagues('Ann', 'Bob', 'Cid');
    const path = `/api/chat/conversations/${company.general.id}/messages`;
    const [answered, unanswered] = [new Map(), []];
    let killed;
    const busy = people.map(async (who) => {
      for (let i = 0; ; i += 1) {
        const body = { body: `${who.id}: ${i}`, temp_id: `t${i}` };
        const answer = await unlessGone(who.request('POST', path, { body }));
        if (answer === undefined) {
          unanswered.push([who, body]);
          return;
        }
        assert.equal(answer.status, 201, answer.text);
        answered.set(answer.body.id, answer.body);
        if (answered.size === 200) killed = scene.server.kill();
      }
    });
    await Promise.all(busy);
    await killed;
    await scene.restart('kill');
    const before = await people[0].all(path);
    // Others have sent since, which reads what came before.
    const unread = (message) => ({ ...message, read_at: null });
    const found = new Map(before.map((message) => [message.id, unread(message)]));
    for (const [id, message] of answered) assert.deepEqual(found.get(id), unread(message));
    assert.ok(before.length <= answered.size + unanswered.length, 'there are messages that nobody sent');
    for (const [who, body] of unanswered) await who.post(path, body, [200, 201]);
    const after = await people[1].all(path);
    assert.equal(after.length, answered.size + unanswered.length);
    assert.equal(new Set(ids(after)).size, after.length);
  });

  test('money has moved once for every key', async (world, scene) => {
    const ann = await world.person();
    let keys = 0;
    const deposit = (key) =>
      ann.request('POST', '/api/financial/deposits', { body: { amount: 1 }, headers: { 'Idempotency-Key': key } });
    const answered = new Map();
    const open = [];
    let killed;
    const busy = Array.from({ length: 8 }, async () => {
      for (;;) {
        keys += 1;
        const key = `key-${keys}`;
        const answer = await unlessGone(deposit(key));
        if (answer === undefined) {
          open.push(key);
          return;
        }
        answered.set(key, answer);
        if (answered.size === 100) killed = scene.server.kill();
      }
    });
    await Promise.all(busy);
    await killed;
    await scene.restart('kill');
    const repeats = await Promise.all([...answered.keys(), ...open].map(async (key) => [key, await deposit(key)]));
    for (const [key, answer] of repeats) {
      assert.equal(answer.status, 201, answer.text);
      if (answered.has(key)) assert.equal(answer.text, answered.get(key).text);
    }
    assert.equal((await ann.get('/api/financial/account')).balance, repeats.length);
    assert.equal((await ann.all('/api/financial/transactions')).length, repeats.length);
  });
});
