// Sending, editing, deleting and reacting (chat spec, section 5: "Messages").
import assert from 'node:assert/strict';

import { ids, restSuite } from './lib/world.mjs';

const messages = ({ id }) => `/api/chat/conversations/${id}/messages`;
const message = ({ id }) => `/api/chat/messages/${id}`;
const reaction = (of, emoji) => `${message(of)}/reactions/${encodeURIComponent(emoji)}`;

async function scene(world, ...others) {
  const { company, people } = await world.colleagues('Ann', 'Bob', ...others);
  return { company, people, ann: people[0], bob: people[1], direct: await people[0].direct(people[1]) };
}

restSuite('sending', {}, (test) => {
  test('answers with the message object', async (world) => {
    const { company, ann, bob, direct } = await scene(world);
    const said = await ann.say(direct, ' Hello!\n', { temp_id: 'c1-77' });
    const { id, created_at: createdAt } = said;
    assert.deepEqual(said, {
      id,
      conversation_id: direct.id,
      company_id: company.id,
      sender_id: ann.id,
      receiver_id: bob.id,
      body: 'Hello!',
      content: 'Hello!',
      message: 'Hello!',
      temp_id: 'c1-77',
      reply_to: null,
      sender: { id: ann.id, name: 'Ann', email: ann.email, avatar_url: null },
      attachments: [],
      reactions: [],
      read_at: null,
      edited_at: null,
      deleted_at: null,
      created_at: createdAt,
      updated_at: createdAt,
    });
    assert.deepEqual((await bob.get(messages(direct))).data, [said]);
    assert.deepEqual((await bob.get(`/api/chat/conversations/${direct.id}`)).last_message, said);
    assert.equal((await ann.say(company.general, 'x')).receiver_id, null);
  });

  test('reads the body from body, message or content, the first that is there', async (world) => {
    const { ann, direct } = await scene(world);
    const send = (body) => ann.post(messages(direct), body);
    assert.equal((await send({ content: 'c' })).body, 'c');
    assert.equal((await send({ content: 'c', message: 'm' })).body, 'm');
    assert.equal((await send({ content: 'c', message: 'm', body: 'b' })).body, 'b');
    const form = { raw: 'message=a%20%26+b&tempId=7', type: 'application/x-www-form-urlencoded' };
    const { body, temp_id: tempId } = await ann.post(messages(direct), undefined, 201, form);
    assert.deepEqual([body, tempId], ['a & b', '7']);
  });

  for (const text of [
    '👩🏽‍🚀👨‍👩‍👧‍👦🏳️‍🌈',
    'e\u0301 \u0915\u094d\u0937 \u0e01\u0e33',
    '\u202eRTL\u202c \u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd',
    'a\u200d\u200cb\ufeffc\u2060d',
    'a\n\tb',
    '<script>alert(1)</script> & "quotes" \\ /',
    "'; DROP TABLE messages; --",
    '\ud83d\ude00'.repeat(10_000),
    '\uffff\u{10ffff}\ufdd0',
    '{"a":"\\u0000"}',
  ]) {
    test(`keeps ${JSON.stringify(text.slice(0, 12))}… byte for byte`, async (world) => {
      const { ann, bob, direct } = await scene(world);
      await ann.say(direct, text);
      assert.equal((await bob.get(messages(direct))).data[0].body, text);
    });
  }

  test('trims White_Space, all of it and nothing else', async (world) => {
    const { ann, direct } = await scene(world);
    const space = '\t\n \u00a0\u1680\u2000\u2009\u2028\u2029\u202f\u205f\u3000';
    assert.equal((await ann.say(direct, `${space}a${space}b${space}`)).body, `a${space}b`);
    for (const kept of ['\u200b', '\ufeff', '\u2060']) assert.equal((await ann.say(direct, ` ${kept} `)).body, kept);
    await ann.refused('POST', messages(direct), { body: space }, 'body');
  });

  test('refuses what is empty, too long, or has control characters', async (world) => {
    const { ann, bob, direct } = await scene(world);
    for (const body of [
      '',
      ' ',
      undefined,
      '𝒙'.repeat(10_001),
      'a\u0000b',
      'a\u0007b',
      'a\rb',
      'a\u001b[31m',
      'a\u007fb',
      'a\u0085b',
      'a\u009fb',
    ])
      await ann.refused('POST', messages(direct), { body }, 'body');
    await ann.say(direct, `  ${'𝒙'.repeat(10_000)}  `);
    assert.equal((await bob.get(messages(direct))).data.length, 1);
  });

  test('of a temp_id that was sent before answers with the first message', async (world) => {
    const { company, ann, bob, direct } = await scene(world);
    const first = await ann.say(direct, 'first', { temp_id: 'x' });
    assert.deepEqual(await ann.post(messages(direct), { body: 'second', tempId: 'x' }, 200), first);
    assert.deepEqual(await ann.post(messages(company.general), { body: 'third', temp_id: 'x' }, 200), first);
    assert.deepEqual(await ann.post('/api/chat/messages', { message: 'third', temp_id: 'x' }, 200), first);
    assert.deepEqual(
      await ann.post('/api/chat/messages/private', { recipient_id: bob.id, message: '4', temp_id: 'x' }, 200),
      first,
    );
    assert.notEqual((await bob.say(direct, 'mine', { temp_id: 'x' })).id, first.id);
    const number = await ann.say(direct, 'number', { temp_id: 77 });
    assert.equal(number.temp_id, '77');
    assert.equal((await ann.post(messages(direct), { body: 'x', temp_id: '77' }, 200)).id, number.id);
    assert.equal((await ann.get(messages(direct))).data.length, 3);
    assert.equal((await ann.get(messages(company.general))).data.length, 0);
  });

  test('of one temp_id many times at once sends one message', async (world) => {
    const { ann, bob, direct } = await scene(world);
    for (let round = 0; round < 5; round += 1) {
      const body = { body: 'x', temp_id: `round-${round}` };
      const sends = Array.from({ length: 20 }, () => ann.request('POST', messages(direct), { body }));
      const answers = await Promise.all(sends);
      assert.equal(answers.filter(({ status }) => status === 201).length, 1);
      assert.equal(answers.filter(({ status }) => status === 200).length, 19);
      assert.equal(new Set(answers.map(({ body: { id } }) => id)).size, 1);
    }
    const { data } = await bob.get(messages(direct));
    assert.equal(data.length, 5);
    assert.equal((await bob.get(`/api/chat/conversations/${direct.id}`)).unread_count, 5);
  });

  test('takes temp_ids of up to 64 characters, and none', async (world) => {
    const { ann, direct } = await scene(world);
    await ann.say(direct, 'x', { temp_id: '𝒙'.repeat(64) });
    await ann.say(direct, 'x', { temp_id: -9223372036854775n.toString() });
    for (const none of ['', null]) assert.equal((await ann.say(direct, 'x', { temp_id: none })).temp_id, null);
    for (const wrong of ['𝒙'.repeat(65), 'a\u0000', 'a\nb'])
      await ann.refused('POST', messages(direct), { body: 'x', temp_id: wrong }, 'temp_id');
    for (const wrong of [true, 1.5, [], {}])
      await ann.refused('POST', messages(direct), { body: 'x', temp_id: wrong }, 'temp_id');
  });

  test('replies to messages of the same conversation alone', async (world) => {
    const { company, ann, bob, direct } = await scene(world);
    const [first, elsewhere] = [await bob.say(direct, 'a'), await bob.say(company.general, 'b')];
    assert.equal((await ann.say(direct, 'c', { reply_to: first.id })).reply_to, first.id);
    for (const wrong of [elsewhere.id, 999_999])
      await ann.refused('POST', messages(direct), { body: 'x', reply_to: wrong }, 'reply_to');
    await bob.delete(message(first));
    const after = await ann.request('POST', messages(direct), { body: { body: 'd', reply_to: first.id } });
    assert.ok([201, 422].includes(after.status));
  });

  test('privately makes the direct conversation once, also simultaneously', async (world) => {
    const {
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    const stranger = await world.person('Stranger');
    const send = (from, to, text) => from.post('/api/chat/messages/private', { recipient_id: to.id, message: text });
    const said = await Promise.all(
      Array.from({ length: 10 }, (_, i) => (i % 2 ? send(ann, bob, 'a') : send(bob, ann, 'b'))),
    );
    assert.equal(new Set(said.map((each) => each.conversation_id)).size, 1);
    for (const recipient of [stranger.id, ann.id, 999_999])
      await ann.refused(
        'POST',
        '/api/chat/messages/private',
        { recipient_id: recipient, message: 'x' },
        'recipient_id',
      );
    await ann.refused('POST', '/api/chat/messages/private', { message: 'x' }, 'recipient_id');
    await ann.refused('POST', '/api/chat/messages/private', { recipient_id: bob.id, message: ' ' }, 'body');
  });

  test('with a body that is refused makes no conversation', async (world) => {
    const {
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    await ann.refused('POST', '/api/chat/messages/private', { recipient_id: bob.id, message: ' ' }, 'body');
    await ann.refused(
      'POST',
      '/api/chat/messages/private',
      { recipient_id: bob.id, message: 'x', attachment_ids: ['nope'] },
      'attachment_ids',
    );
    assert.equal((await bob.all('/api/chat/conversations')).length, 1);
  });

  test('by many at once gives ids in one order for everybody', async (world) => {
    const { company, ann, bob } = await scene(world);
    const sends = Array.from({ length: 60 }, (_, i) => (i % 2 ? ann : bob).say(company.general, `${i}`));
    const sent = ids(await Promise.all(sends)).sort((a, b) => a - b);
    assert.deepEqual(ids((await ann.get(`${messages(company.general)}?limit=100`)).data), sent);
    assert.deepEqual(ids((await bob.get(`${messages(company.general)}?limit=100`)).data), sent);
  });
});

restSuite('reading pages', {}, (test) => {
  test('before, after and around an id are ascending and know their ends', async (world) => {
    const { company, ann } = await scene(world);
    const all = [];
    for (let i = 0; i < 9; i += 1) all.push((await ann.say(company.general, `${i}`)).id);
    const page = async (query) => {
      const {
        data,
        has_more_before: before,
        has_more_after: after,
      } = await ann.get(`${messages(company.general)}?${query}`);
      return [
        ids(data)
          .map((id) => all.indexOf(id))
          .join(''),
        before,
        after,
      ];
    };
    assert.deepEqual(await page('limit=3'), ['678', true, false]);
    assert.deepEqual(await page('limit=9'), ['012345678', false, false]);
    assert.deepEqual(await page('limit=8'), ['12345678', true, false]);
    assert.deepEqual(await page(`before=${all[6]}&limit=3`), ['345', true, true]);
    assert.deepEqual(await page(`before=${all[3]}&limit=3`), ['012', false, true]);
    assert.deepEqual(await page(`before=${all[0]}&limit=3`), ['', false, true]);
    assert.deepEqual(await page('before=0'), ['', false, true]);
    assert.deepEqual(await page(`before=${2n ** 62n}&limit=2`), ['78', true, false]);
    assert.deepEqual(await page('after=0&limit=3'), ['012', false, true]);
    assert.deepEqual(await page(`after=${all[2]}&limit=3`), ['345', true, true]);
    assert.deepEqual(await page(`after=${all[5]}&limit=3`), ['678', true, false]);
    assert.deepEqual(await page(`after=${all[8]}`), ['', true, false]);
    assert.deepEqual(await page(`after=${2n ** 62n}`), ['', true, false]);
    assert.deepEqual((await page(`around=${all[4]}&limit=4`))[0].includes('4'), true);
    assert.deepEqual(await page(`around=${all[0]}&limit=20`), ['012345678', false, false]);
    assert.deepEqual((await page(`around=${all[8]}&limit=2`))[2], false);
  });

  test('goes on by the cursor in either direction', async (world) => {
    const { company, ann } = await scene(world);
    const all = [];
    for (let i = 0; i < 7; i += 1) all.push((await ann.say(company.general, `${i}`)).id);
    const pages = async (query) => {
      const found = [];
      for (let next = query; next !== undefined;) {
        const { data, next_cursor: cursor } = await ann.get(`${messages(company.general)}?${next}`);
        found.push(ids(data));
        next = cursor === null ? undefined : `limit=2&cursor=${encodeURIComponent(cursor)}`;
      }
      return found;
    };
    assert.deepEqual((await pages('limit=2')).reverse().flat(), all);
    assert.deepEqual((await pages(`limit=2&before=${all[5]}`)).reverse().flat(), all.slice(0, 5));
    assert.deepEqual((await pages('limit=2&after=0')).flat(), all);
  });

  test('refuses several places at once, and limits out of range', async (world) => {
    const { company, ann } = await scene(world);
    for (const query of [
      'before=1&after=1',
      'before=1&around=1',
      'limit=0',
      'limit=101',
      'limit=',
      'before=x',
      'after=-1',
      'around=1.5',
      'after=9223372036854775808',
      'before=1e400',
      'cursor=x',
    ])
      await ann.get(`${messages(company.general)}?${query}`, 422);
  });

  test('marks nothing as read', async (world) => {
    const { ann, bob, direct } = await scene(world);
    await ann.say(direct, 'x');
    await bob.get(messages(direct));
    assert.equal((await bob.get(`/api/chat/conversations/${direct.id}`)).unread_count, 1);
    assert.equal((await ann.get(messages(direct))).data[0].read_at, null);
  });

  test('again without anything new is 304', async (world) => {
    const { ann, bob, direct } = await scene(world);
    const last = await ann.say(direct, 'x');
    const poll = `${messages(direct)}?after=${last.id}`;
    const first = await bob.request('GET', poll, { headers: { 'If-None-Match': '"x"' } });
    assert.equal(first.status, 200);
    const etag = first.headers.etag;
    assert.match(etag, /^(W\/)?"[^"]+"$/);
    for (const value of [etag, `W/${etag}`, `"a", ${etag}`, '*'])
      assert.equal((await bob.request('GET', poll, { headers: { 'If-None-Match': value } })).status, 304, value);
    await ann.say(direct, 'y');
    const answer = await bob.request('GET', poll, { headers: { 'If-None-Match': etag } });
    assert.equal(answer.status, 200);
    assert.notEqual(answer.headers.etag, etag);
  });
});

restSuite('editing and deleting', {}, (test) => {
  test('an edit is by the sender, and is seen by all', async (world) => {
    const { company, ann, bob } = await scene(world);
    const said = await bob.say(company.general, 'Helo', { temp_id: 'e' });
    await ann.patch(message(said), { body: 'mine' }, 403);
    const edited = await bob.patch(message(said), { message: ' Hello ' });
    assert.equal(edited.body, 'Hello');
    assert.ok(edited.edited_at >= said.created_at);
    assert.deepEqual(
      { ...edited, edited_at: null, updated_at: null },
      { ...said, body: 'Hello', content: 'Hello', message: 'Hello', updated_at: null },
    );
    assert.deepEqual((await ann.get(messages(company.general))).data, [edited]);
    assert.deepEqual(await bob.patch(message(said), { body: 'Hello' }), edited);
    await bob.refused('PATCH', message(said), { body: ' ' }, 'body');
    await bob.refused('PATCH', message(said), { body: 'x'.repeat(10_001) }, 'body');
    await bob.refused('PATCH', message(said), {}, 'body');
  });

  test('a deletion keeps the place and loses the rest; again it is nothing', async (world) => {
    const {
      company,
      people: [owner, ann, bob],
    } = await world.colleagues('Owner', 'Ann', 'Bob');
    const said = await ann.say(company.general, 'secret', { temp_id: 'd' });
    await bob.put(reaction(said, '👍'), undefined, 204);
    await bob.delete(message(said), 403);
    for (let i = 0; i < 2; i += 1) await ann.delete(message(said));
    const [left] = (await bob.get(messages(company.general))).data;
    assert.deepEqual(
      [left.id, left.body, left.content, left.message, left.reactions, left.temp_id],
      [said.id, '', '', '', [], 'd'],
    );
    assert.notEqual(left.deleted_at, null);
    assert.equal((await ann.post(messages(company.general), { body: 'again', temp_id: 'd' }, 200)).id, said.id);
    await ann.patch(message(said), { body: 'x' }, 409);
    await ann.put(reaction(said, '👍'), undefined, 409);
    assert.equal((await bob.get(`/api/chat/conversations/${company.general.id}`)).unread_count, 0);
    const second = await ann.say(company.general, 'x');
    await owner.delete(message(second));
  });

  test('what one may not see does not exist', async (world) => {
    const {
      ann,
      direct,
      people: [, , cid],
    } = await scene(world, 'Cid');
    const said = await ann.say(direct, 'x');
    for (const each of [said, { id: 999_999 }]) {
      await cid.patch(message(each), { body: 'y' }, 404);
      await cid.delete(message(each), 404);
      await cid.put(reaction(each, '👍'), undefined, 404);
      await cid.delete(reaction(each, '👍'), 404);
      await cid.post(`${message(each)}/read`, undefined, 404);
    }
  });
});

restSuite('reacting', {}, (test) => {
  test('is once per user and emoji, and is taken back', async (world) => {
    const { ann, bob, direct } = await scene(world);
    const said = await ann.say(direct, 'x');
    for (let i = 0; i < 2; i += 1) await ann.put(reaction(said, '👍'), undefined, 204);
    await bob.put(reaction(said, '👍'), undefined, 204);
    await bob.put(reaction(said, '❤️'), undefined, 204);
    const [seen] = (await ann.get(messages(direct))).data;
    assert.deepEqual(seen.reactions, [
      { emoji: '👍', count: 2, user_ids: [ann.id, bob.id] },
      { emoji: '❤️', count: 1, user_ids: [bob.id] },
    ]);
    for (let i = 0; i < 2; i += 1) await ann.delete(reaction(said, '👍'));
    await ann.delete(reaction(said, '🎉'));
    assert.deepEqual(
      (await ann.get(messages(direct))).data[0].reactions.map(({ count }) => count),
      [1, 1],
    );
  });

  test('takes one grapheme cluster with an emoji in it, at most 32 bytes', async (world) => {
    const { ann, direct } = await scene(world);
    const said = await ann.say(direct, 'x');
    for (const emoji of ['👩🏽‍🚀', '👨‍👩‍👧‍👦', '🇩🇪', '1️⃣', '©️', '🏴󠁧󠁢󠁥󠁮󠁧󠁿']) await ann.put(reaction(said, emoji), undefined, 204);
    for (const wrong of ['a', '1', '👍👍', '👍a', 'ab', ' ', '\u200d', `👍${'\ufe0f'.repeat(12)}`, '<', '\u0000', '🇩'])
      assert.ok([404, 422].includes((await ann.request('PUT', reaction(said, wrong))).status), JSON.stringify(wrong));
    for (const raw of ['%ff', '%F0%9F%91', '%ED%A0%80', '%zz', ''])
      assert.ok(
        [400, 404, 422].includes(
          (await ann.request('PUT', `${message(said)}/reactions/${raw}`, { undescribed: true })).status,
        ),
        raw,
      );
    assert.equal((await ann.get(messages(direct))).data[0].reactions.length, 6);
  });
});

restSuite('two emoji per message', { 'limits.max_reactions_per_message': 2 }, (test) => {
  test('are the limit for new ones, not for more of the same', async (world) => {
    const { ann, bob, direct } = await scene(world);
    const said = await ann.say(direct, 'x');
    for (const emoji of ['👍', '🎉']) await ann.put(reaction(said, emoji), undefined, 204);
    await bob.put(reaction(said, '❤️'), undefined, 409);
    await bob.put(reaction(said, '👍'), undefined, 204);
    await ann.delete(reaction(said, '🎉'));
    await bob.put(reaction(said, '❤️'), undefined, 204);
  });
});

restSuite('messages a second', { 'limits.max_messages_per_second': 1, 'limits.max_message_burst': 3 }, (test) => {
  test('are limited per user; repeats of a temp_id and refused ones tell when to come back', async (world) => {
    const { ann, bob, direct } = await scene(world);
    const answers = [];
    for (let i = 0; i < 12; i += 1)
      answers.push(await ann.request('POST', messages(direct), { body: { body: `${i}` } }));
    const sent = answers.filter(({ status }) => status === 201).length;
    assert.ok(sent >= 3 && sent < 12, `${sent} were sent`);
    const late = answers.find(({ status }) => status === 429);
    assert.equal(late.headers['retry-after'], '1');
    await bob.say(direct, 'not me');
    assert.equal((await bob.get(messages(direct))).data.length, sent + 1);
  });
});
