// Accounts and what moves on them (chat spec, section 5: "Money").
import assert from 'node:assert/strict';

import { ids, restSuite } from './lib/world.mjs';

const deposits = '/api/financial/deposits';
const withdrawals = '/api/financial/withdrawals';
const most = 1_000_000_000_000;

let keys = 0;
const newKey = () => `key-${(keys += 1)}`;

const move = (who, path, body, key = newKey()) =>
  who.request('POST', path, { body, headers: { 'Idempotency-Key': key } });

/** The body of a movement that must have succeeded. */
async function moved(who, path, body, key) {
  const answer = await move(who, path, body, key);
  assert.ok(answer.status < 300, answer.text);
  return answer.body;
}

const decide = (who, { id }, how, key) => move(who, `${withdrawals}/${id}/${how}`, undefined, key);

/** Checks that the ledger adds up to the account. */
async function checkLedger(who) {
  const account = await who.get('/api/financial/account');
  const rows = await who.all('/api/financial/transactions', 3);
  const sum = (fits, sign) => rows.filter(fits).reduce((total, { amount }) => total + sign * amount, 0);
  const held = sum(({ status }) => status === 'pending', 1);
  const balance =
    sum(({ type, status }) => type === 'deposit' && status === 'completed', 1) +
    sum(({ type, status }) => type === 'withdrawal' && status !== 'rejected', -1);
  assert.deepEqual(account, { balance, held, currency: 'USD' });
  return account;
}

restSuite('an account', {}, (test) => {
  test('is empty until it is used, and one’s own', async (world) => {
    const [ann, bob] = await world.people('Ann', 'Bob');
    assert.deepEqual(await ann.get('/api/financial/account'), { balance: 0, held: 0, currency: 'USD' });
    const { transaction, account } = await moved(ann, deposits, { amount: 5000 });
    assert.deepEqual(account, { balance: 5000, held: 0, currency: 'USD' });
    assert.deepEqual(
      { ...transaction, id: 0, created_at: '' },
      { id: 0, type: 'deposit', amount: 5000, status: 'completed', balance_after: 5000, created_at: '' },
    );
    assert.deepEqual(await ann.all('/api/financial/transactions'), [transaction]);
    assert.deepEqual(await bob.all('/api/financial/transactions'), []);
    await checkLedger(bob);
  });

  for (const amount of [0, -1, -5000, 1.5, 1e3 + 0.1, most + 1, 2 ** 53, 'x', '', true, [1], { a: 1 }, null]) {
    test(`takes no deposit or withdrawal of ${JSON.stringify(amount)}`, async (world) => {
      const ann = await world.person();
      await moved(ann, deposits, { amount: 10 });
      for (const path of [deposits, withdrawals]) {
        const answer = await move(ann, path, { amount });
        assert.deepEqual([answer.status, Object.keys(answer.body.errors)], [422, ['amount']]);
      }
      assert.deepEqual(await checkLedger(ann), { balance: 10, held: 0, currency: 'USD' });
    });
  }

  test('takes no amount that is too large to be read', async (world) => {
    const ann = await world.person();
    for (const text of [
      '9223372036854775808',
      '1e400',
      '-1e400',
      '1e3',
      '100000000000000000000000000',
      '0x10',
      '1_000',
      '+5',
      '05',
    ])
      for (const path of [deposits, withdrawals]) {
        const answer = await ann.request('POST', path, {
          raw: `{"amount":${text}}`,
          headers: { 'Idempotency-Key': newKey() },
        });
        assert.ok([400, 422].includes(answer.status), `${text}: ${answer.text}`);
      }
    assert.deepEqual(await checkLedger(ann), { balance: 0, held: 0, currency: 'USD' });
  });

  test('takes an amount at the limit, and never overflows', async (world) => {
    const ann = await world.person();
    for (let i = 0; i < 3; i += 1) await moved(ann, deposits, { amount: most });
    assert.equal((await checkLedger(ann)).balance, 3 * most);
    await moved(ann, withdrawals, { amount: most });
    assert.deepEqual(await checkLedger(ann), { balance: 2 * most, held: most, currency: 'USD' });
  });

  test('is never overdrawn, whatever is asked for at once', async (world) => {
    const ann = await world.person();
    await moved(ann, deposits, { amount: 1000 });
    const answers = await Promise.all(Array.from({ length: 12 }, () => move(ann, withdrawals, { amount: 300 })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 201, 201, ...Array(9).fill(422)]);
    assert.deepEqual(await checkLedger(ann), { balance: 100, held: 900, currency: 'USD' });
  });

  test('of another is paid into by operators alone', async (world) => {
    const {
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    assert.equal((await move(ann, deposits, { amount: 5, user_id: bob.id })).status, 403);
    await moved(ann, deposits, { amount: 5, user_id: ann.id });
    assert.equal((await checkLedger(bob)).balance, 0);
  });
});

restSuite('a repeat', {}, (test) => {
  test('needs its key: 1 to 255 visible characters', async (world) => {
    const ann = await world.person();
    for (const path of [deposits, withdrawals]) {
      assert.equal((await ann.request('POST', path, { body: { amount: 1 } })).status, 400);
      for (const key of ['', ' ', 'a b', 'é', 'x'.repeat(256)])
        assert.equal((await move(ann, path, { amount: 1 }, key)).status, 400, key);
    }
    await moved(ann, deposits, { amount: 1 }, 'x'.repeat(255));
    await moved(ann, deposits, { amount: 1 }, `${'x'.repeat(254)}y`);
    assert.equal((await checkLedger(ann)).balance, 2);
  });

  test('gets the first answer, with another body 409, and is another’s own', async (world) => {
    const [ann, bob] = await world.people('Ann', 'Bob');
    const first = await move(ann, deposits, { amount: 700 }, 'k');
    await moved(ann, deposits, { amount: 1 });
    const again = await move(ann, deposits, { amount: 700 }, 'k');
    assert.deepEqual([again.status, again.body], [first.status, first.body]);
    assert.equal((await move(ann, deposits, { amount: 701 }, 'k')).status, 409);
    await moved(ann, withdrawals, { amount: 700 }, 'k');
    await moved(bob, deposits, { amount: 700 }, 'k');
    assert.deepEqual(await checkLedger(ann), { balance: 1, held: 700, currency: 'USD' });
    assert.equal((await checkLedger(bob)).balance, 700);
  });

  test('at the same time moves money once', async (world) => {
    const ann = await world.person();
    await moved(ann, deposits, { amount: 1000 });
    for (const path of [deposits, withdrawals]) {
      const key = newKey();
      const answers = await Promise.all(Array.from({ length: 20 }, () => move(ann, path, { amount: 10 }, key)));
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]));
      assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
    }
    assert.deepEqual(await checkLedger(ann), { balance: 1000, held: 10, currency: 'USD' });
  });

  test('of what was refused is asked anew', async (world) => {
    const ann = await world.person();
    assert.equal((await move(ann, withdrawals, { amount: 5 }, 'later')).status, 422);
    await moved(ann, deposits, { amount: 5 });
    await moved(ann, withdrawals, { amount: 5 }, 'later');
    assert.deepEqual(await checkLedger(ann), { balance: 0, held: 5, currency: 'USD' });
  });
});

restSuite('a withdrawal', {}, (test) => {
  async function pending(world, amount = 300) {
    const ann = await world.person();
    await moved(ann, deposits, { amount: 1000 });
    const { transaction, account } = await moved(ann, withdrawals, { amount });
    assert.deepEqual(
      [transaction.status, account],
      ['pending', { balance: 1000 - amount, held: amount, currency: 'USD' }],
    );
    return { ann, transaction };
  }

  test('is processed or rejected by an owner of the home company, once', async (world) => {
    const { ann, transaction } = await pending(world);
    const { transaction: second } = await moved(ann, withdrawals, { amount: 200 });
    const processed = await decide(world.first, transaction, 'process');
    assert.deepEqual([processed.status, processed.body.transaction.status], [200, 'processed']);
    assert.deepEqual(processed.body.account, { balance: 500, held: 200, currency: 'USD' });
    for (const how of ['process', 'reject']) assert.equal((await decide(world.first, transaction, how)).status, 409);
    const rejected = await decide(world.first, second, 'reject');
    assert.deepEqual(
      [rejected.body.transaction.status, rejected.body.account],
      ['rejected', { balance: 700, held: 0, currency: 'USD' }],
    );
    assert.deepEqual(await checkLedger(ann), { balance: 700, held: 0, currency: 'USD' });
  });

  test('is decided once when both decisions come at once', async (world) => {
    for (let round = 0; round < 5; round += 1) {
      const { ann, transaction } = await pending(world);
      const answers = await Promise.all(
        ['process', 'reject', 'process', 'reject'].map((how) => decide(world.first, transaction, how)),
      );
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409, 409]);
      await checkLedger(ann);
    }
  });

  test('is decided by nobody else, and by nobody for themselves', async (world) => {
    const { ann, transaction } = await pending(world);
    const {
      people: [boss],
    } = await world.colleagues('Boss');
    await moved(world.first, deposits, { amount: 50 });
    const { transaction: own } = await moved(world.first, withdrawals, { amount: 50 });
    for (const how of ['process', 'reject']) {
      assert.equal((await decide(ann, transaction, how)).status, 403);
      assert.equal((await decide(boss, transaction, how)).status, 404);
      assert.equal((await decide(world.first, own, how)).status, 403);
      assert.equal((await decide(world.first, { id: 999_999 }, how)).status, 404);
    }
    const { transaction: deposit } = await moved(ann, deposits, { amount: 1 });
    assert.equal((await decide(world.first, deposit, 'process')).status, 404);
    assert.equal((await checkLedger(ann)).held, 300);
  });

  test('and another are decided apart under one key', async (world) => {
    const { ann, transaction } = await pending(world);
    const { transaction: second } = await moved(ann, withdrawals, { amount: 200 });
    const key = newKey();
    const one = await decide(world.first, transaction, 'process', key);
    const other = await decide(world.first, second, 'process', key);
    assert.equal(one.body.transaction.id, transaction.id);
    assert.ok(
      other.status === 409 || other.body.transaction.id === second.id,
      `the answer to another withdrawal: ${other.text}`,
    );
    assert.deepEqual((await decide(world.first, transaction, 'process', key)).body, one.body);
  });
});

restSuite('deposits without self_deposit', { 'money.self_deposit': false }, (test) => {
  test('are left to operators, who name a user', async (world) => {
    const ann = await world.person();
    const operator = await world.commandPerson('Operator');
    assert.equal((await move(ann, deposits, { amount: 5 })).status, 403);
    assert.equal((await move(operator, deposits, { amount: 5, user_id: ann.id })).status, 403);
    await world.command(['user', 'operator', operator.email]);
    assert.equal((await operator.get('/api/user')).is_operator, true);
    await moved(operator, deposits, { amount: 5, user_id: ann.id });
    assert.equal((await move(operator, deposits, { amount: 5, user_id: 999_999 })).status, 422);
    assert.equal((await checkLedger(ann)).balance, 5);
    const { transaction } = await moved(ann, withdrawals, { amount: 3 });
    assert.equal((await decide(operator, transaction, 'process')).status, 200);
    await world.command(['user', 'no-operator', operator.email]);
    assert.equal((await move(operator, deposits, { amount: 5, user_id: ann.id })).status, 403);
    assert.deepEqual(await checkLedger(ann), { balance: 2, held: 0, currency: 'USD' });
  });
});

restSuite('the withdrawals of everybody', {}, (test) => {
  test('are for those who decide them, the longest waiting first', async (world) => {
    const [ann, bob] = await world.people('Ann', 'Bob');
    const asked = [];
    for (const who of [ann, bob, ann]) {
      await moved(who, deposits, { amount: 10 });
      asked.push({ ...(await moved(who, withdrawals, { amount: 4 })).transaction, user: who.user });
    }
    const rows = async (status, limit) => world.first.all(`${withdrawals}?status=${status}`, limit);
    const person = ({ id, name, email, avatar_url: avatar }) => ({ id, name, email, avatar_url: avatar });
    const expected = asked.map((row) => ({ ...row, user: person(row.user) }));
    const ours = (list) => list.filter(({ user }) => [ann.id, bob.id].includes(user.id));
    assert.deepEqual(ours(await rows('pending', 2)), expected);
    assert.deepEqual(ours((await world.first.get(withdrawals)).data), expected);
    for (const row of asked.slice(0, 2)) await decide(world.first, row, 'process');
    await decide(world.first, asked[2], 'reject');
    assert.deepEqual(ours(await rows('pending')), []);
    assert.deepEqual(ids(ours(await rows('processed', 1))), [asked[1].id, asked[0].id]);
    assert.deepEqual(ids(ours(await rows('rejected'))), [asked[2].id]);
    assert.equal((await world.first.get('/api/user')).may_decide_withdrawals, true);
    assert.equal((await ann.get('/api/user')).may_decide_withdrawals, false);
    await ann.get(withdrawals, 403);
    for (const query of ['status=completed', 'status=', 'status=x', 'limit=0', 'cursor=x'])
      await world.first.get(`${withdrawals}?${query}`, 422);
    const { next_cursor: cursor } = await world.first.get(`${withdrawals}?status=processed&limit=1`);
    const rejected = await rows('rejected');
    const full = await world.first.get(`${withdrawals}?status=rejected&limit=${rejected.length}`);
    assert.deepEqual(full, { data: rejected, next_cursor: null }, 'a page that is just full is the last');
    await world.first.get(`${withdrawals}?status=rejected&cursor=${cursor}`, 422);
  });
});

restSuite('transactions', {}, (test) => {
  test('are listed newest first, page by page', async (world) => {
    const ann = await world.person();
    for (let i = 1; i <= 5; i += 1) await moved(ann, deposits, { amount: i });
    const rows = await ann.all('/api/financial/transactions');
    assert.deepEqual(
      rows.map(({ amount }) => amount),
      [5, 4, 3, 2, 1],
    );
    for (const limit of [1, 2, 5])
      assert.deepEqual(ids(await ann.all('/api/financial/transactions', limit)), ids(rows));
    for (const query of ['limit=0', 'limit=101', 'cursor=x'])
      await ann.get(`/api/financial/transactions?${query}`, 422);
  });
});

restSuite('a busy day', {}, (test) => {
  test('of deposits, withdrawals, decisions and repeats, all at once, leaves ledgers that add up', async (world) => {
    const people = await world.people('Ann', 'Bob', 'Cid');
    let state = 7;
    const roll = (count) => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((state / 2 ** 31) * count);
    };
    const pending = [];
    for (let round = 0; round < 20; round += 1) {
      const deeds = Array.from({ length: 10 }, () => {
        const who = people[roll(people.length)];
        // Some keys come again, some of them with another amount.
        const key = `round-${round}-${roll(6)}`;
        const thing = roll(4);
        if (thing < 2) return move(who, deposits, { amount: 1 + roll(20) }, key);
        if (thing === 2 || pending.length === 0) return move(who, withdrawals, { amount: 1 + roll(20) }, key);
        return decide(world.first, pending[roll(pending.length)], roll(2) ? 'process' : 'reject');
      });
      for (const { status, body } of await Promise.all(deeds)) {
        assert.ok([200, 201, 409, 422].includes(status), String(status));
        if (body.transaction?.status === 'pending') pending.push(body.transaction);
      }
      for (const who of people) await checkLedger(who);
    }
  });
});
