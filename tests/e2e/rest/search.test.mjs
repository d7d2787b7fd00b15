// Full-text search (chat spec, sections 4 and 5: "Search").
import assert from 'node:assert/strict';

import { ids, restSuite } from './lib/world.mjs';

async function scene(world, ...texts) {
  const { company, people } = await world.colleagues('Ann', 'Bob', 'Cid');
  const [ann, bob, cid] = people;
  const direct = await ann.direct(bob);
  const said = [];
  for (const text of texts) said.push(await ann.say(direct, text));
  const search = (q, more = '') => ann.get(`/api/chat/search?q=${encodeURIComponent(q)}${more}`);
  const bodies = async (q, more) => (await search(q, more)).data.map(({ message }) => message.body);
  return { company, ann, bob, cid, direct, said, search, bodies };
}

/** The parts of the snippet that are highlighted, counted in code points. */
const marked = ({ snippet, highlights }) =>
  highlights.map(([start, length]) => [...snippet].slice(start, start + length).join(''));

restSuite('searching', {}, (test) => {
  test('finds messages with all words, the newest first', async (world) => {
    const { bodies } = await scene(world, 'red apple', 'green apple pie', 'apple', 'pie of red apple');
    assert.deepEqual(await bodies('apple'), ['pie of red apple', 'apple', 'green apple pie', 'red apple']);
    assert.deepEqual(await bodies('apple red'), ['pie of red apple', 'red apple']);
    assert.deepEqual(await bodies('"red apple"'), ['pie of red apple', 'red apple']);
    assert.deepEqual(await bodies('"apple red"'), []);
    assert.deepEqual(await bodies('appl'), await bodies('apple'));
    assert.deepEqual(await bodies('appl red'), []);
    assert.deepEqual(await bodies('pple'), []);
  });

  test('does not care for case and diacritics, in any script', async (world) => {
    const { bodies } = await scene(world, 'Crème BRÛLÉE', 'Привет Мир', 'e\u0301clair');
    assert.deepEqual(await bodies('creme brulee'), ['Crème BRÛLÉE']);
    assert.deepEqual(await bodies('ПРИВЕТ'), ['Привет Мир']);
    assert.deepEqual(await bodies('éclair'), ['e\u0301clair']);
    assert.deepEqual(await bodies('ECLAIR'), ['e\u0301clair']);
  });

  test('highlights in code points of the snippet, also behind emoji and combining characters', async (world) => {
    const { search } = await scene(world, '👩🏽‍🚀👨‍👩‍👧‍👦 e\u0301\u0301 \u202e𝒙 Needle and needles \ud83d\ude00 NEEDLE');
    const [hit] = (await search('needle')).data;
    assert.deepEqual(
      marked(hit).map((text) => text.toLowerCase().slice(0, 6)),
      ['needle', 'needle', 'needle'],
    );
  });

  test('shows the part of a long message around the words, as plain text on one line', async (world) => {
    const filler = '😀 filler '.repeat(400);
    const { search, said } = await scene(world, `${filler}\n<b>Needle</b>\n${filler}`);
    const [hit] = (await search('needle')).data;
    assert.ok([...hit.snippet].length <= 162, hit.snippet);
    assert.ok(!hit.snippet.includes('\n'));
    assert.ok(hit.snippet.includes('<b>Needle</b>'));
    assert.deepEqual(marked(hit), ['Needle']);
    assert.equal(hit.message.id, said[0].id);
  });

  test('takes what looks like syntax as text', async (world) => {
    const { ann, bodies } = await scene(world, 'plain text', 'NOT near OR and');
    for (const q of [
      '"',
      '""',
      '"plain',
      'plain"',
      "'plain'",
      'plain*',
      '-plain',
      '(plain',
      'body:plain',
      'plain OR',
      '^plain',
      '{plain}',
      'NEAR(plain text)',
      'plain & text',
      'plain | !',
      'a:*b',
      '\\plain',
      '%',
      '_',
      'plain\u00a0text',
      ';--',
    ])
      await ann.get(`/api/chat/search?q=${encodeURIComponent(q)}`, [200, 422]);
    assert.deepEqual(await bodies('NOT'), ['NOT near OR and']);
  });

  test('refuses what has no word, is too long or does not fit', async (world) => {
    const { ann } = await scene(world);
    for (const query of [
      '',
      'q=',
      'q=%20',
      'q=...',
      `q=${'x'.repeat(201)}`,
      'q=a%00',
      'q=x&from=x',
      'q=x&from=0',
      'q=x&before=x',
      'q=x&after=2026-13-01',
      'q=x&before=2026-02-30',
      'q=x&after=2026-01-20T25:00:00Z',
      'q=x&has=x',
      'q=x&limit=0',
      'q=x&limit=101',
      'q=x&cursor=x',
      'q=x&conversation_id=x',
    ])
      await ann.get(`/api/chat/search?${query}`, 422);
    await ann.get('/api/chat/search?q=%ff', 400);
    await ann.get(`/api/chat/search?q=${encodeURIComponent('é'.repeat(200))}`);
  });

  test('is filtered by company, conversation, sender and moment', async (world) => {
    const { company, ann, bob, direct, said, bodies } = await scene(world, 'word in direct');
    const other = await world.company(ann, bob);
    await bob.say(company.general, 'word by bob');
    await ann.say(other.general, 'word elsewhere');
    const all = ['word elsewhere', 'word by bob', 'word in direct'];
    assert.deepEqual(await bodies('word'), all);
    assert.deepEqual(await bodies('word', `&company_id=${company.id}`), all.slice(1));
    assert.deepEqual(await bodies('word', `&conversation_id=${direct.id}`), all.slice(2));
    assert.deepEqual(await bodies('word', `&from=${bob.id}`), ['word by bob']);
    const from = said[0].created_at;
    assert.deepEqual(await bodies('word', `&before=${from}`), []);
    assert.deepEqual(await bodies('word', `&after=${from}`), all);
    assert.deepEqual(await bodies('word', '&after=2020-01-01&before=2099-01-01'), all);
    assert.deepEqual(await bodies('word', '&before=2020-01-01'), []);
    assert.deepEqual(await bodies('word', '&has=attachment'), []);
  });

  test('shows what one may see now, and not what is deleted, edited away or left', async (world) => {
    const { company, ann, bob, cid, direct, said, bodies } = await scene(
      world,
      'secret one',
      'secret two',
      'secret three',
    );
    const found = async (who, more = '') =>
      (await who.get(`/api/chat/search?q=secret${more}`)).data.map((hit) => hit.message.body);
    for (const more of ['', `&conversation_id=${direct.id}`, `&from=${ann.id}`, `&company_id=${company.id}`])
      assert.deepEqual(await found(cid, more), []);
    await ann.delete(`/api/chat/messages/${said[1].id}`);
    await ann.patch(`/api/chat/messages/${said[0].id}`, { body: 'public one' });
    assert.deepEqual(await found(bob), ['secret three']);
    assert.deepEqual(await bodies('public'), ['public one']);
    const group = await ann.group('Plan', [bob]);
    await ann.say(group, 'secret plan');
    assert.deepEqual(await found(bob), ['secret plan', 'secret three']);
    await bob.delete(`/api/chat/conversations/${group.id}/participants/${bob.id}`);
    assert.deepEqual(await found(bob), ['secret three']);
  });

  test('pages without gaps, whatever is sent meanwhile', async (world) => {
    const { ann, direct, said } = await scene(world, ...Array.from({ length: 9 }, (_, i) => `word ${i}`));
    const wanted = ids(said).reverse();
    for (const limit of [1, 2, 9, 10]) {
      const hits = await ann.all('/api/chat/search?q=word', limit);
      assert.deepEqual(
        hits.map(({ message }) => message.id),
        wanted,
      );
    }
    const { next_cursor: cursor } = await ann.get('/api/chat/search?q=word&limit=4');
    await ann.say(direct, 'word new');
    const rest = await ann.get(`/api/chat/search?q=word&cursor=${encodeURIComponent(cursor)}`);
    assert.deepEqual(
      rest.data.map(({ message }) => message.id),
      wanted.slice(4),
    );
    await ann.get(`/api/chat/search?q=word&cursor=${encodeURIComponent(`${cursor}x`)}`, 422);
  });
});
