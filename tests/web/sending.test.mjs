// Optimistic sending: shown at once, marked when stored and when read, kept when refused, never stored twice.
import assert from 'node:assert/strict';

import { composer, mark, message, messages, numbered, texts, write } from './lib/chat.mjs';
import { answered } from './lib/complaints.mjs';
import { beginStillness, checkStillness, listAtRest } from './lib/layout.mjs';
import { webSuite } from './lib/suite.mjs';
import { areShown, becomes, button, isShown } from './lib/ui.mjs';

const bodies = async (person, conversation) => (await person.messages(conversation)).map(({ body }) => body);

/** Holds the requests that send messages back; `release` lets them and all later ones go on. */
async function holdBack(page) {
  let release;
  const released = new Promise((done) => (release = done));
  const held = [];
  await page.route('**/api/chat/conversations/*/messages', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    held.push(route.request().postDataJSON());
    await released;
    // The page may have been left meanwhile, and its requests with it.
    return route.continue().catch(() => undefined);
  });
  return { release, held };
}

webSuite('sending', (test) => {
  test('shows a message at once, with a clock, then a check, then two', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    const page = await scene.open(ann, `/chat/${talk.id}`);
    await isShown(composer(page));
    const { release } = await holdBack(page);
    await write(page, 'on its way');
    const row = message(page, 'on its way');
    await isShown(mark(row, 'Waiting to be sent'));
    assert.deepEqual(await bodies(ann, talk), []);
    release();
    await isShown(mark(row, 'Sent'));
    await ben.read(talk);
    await isShown(mark(row, 'Read'));
    assert.deepEqual(await bodies(ann, talk), ['on its way']);
  });

  test('moves nothing when a message is stored', async (scene) => {
    const { ann, talk } = await scene.pair();
    await ann.sayAll(talk, numbered(25));
    const page = await scene.open(ann, `/chat/${talk.id}`);
    await isShown(message(page, 'earlier 25'));
    const { release } = await holdBack(page);
    await write(page, 'stands still');
    await isShown(mark(message(page, 'stands still'), 'Waiting to be sent'));
    await listAtRest(page);
    const before = await message(page, 'stands still').boundingBox();
    await beginStillness(page);
    release();
    await isShown(mark(message(page, 'stands still'), 'Sent'));
    await checkStillness(page, 0);
    assert.deepEqual(await message(page, 'stands still').boundingBox(), before);
  });

  test('keeps the order of writing, however slow the first is', async (scene) => {
    const { ann, talk } = await scene.pair();
    const page = await scene.open(ann, `/chat/${talk.id}`);
    await isShown(composer(page));
    const { release, held } = await holdBack(page);
    for (const text of ['first', 'second', 'third']) await write(page, text);
    await areShown(messages(page), 3);
    await becomes(() => held.map(({ body }) => body), ['first'], 'one after the other');
    release();
    await areShown(page.getByRole('img', { name: 'Sent', exact: true }), 3);
    assert.deepEqual(await bodies(ann, talk), ['first', 'second', 'third']);
    assert.deepEqual(await texts(page, /./), ['first', 'second', 'third']);
  });

  test('stores a message once though the answer was lost', async (scene) => {
    const { ann, talk } = await scene.pair();
    const page = await scene.open(ann, `/chat/${talk.id}`);
    await isShown(composer(page));
    scene.complaints.expect(/net::ERR_FAILED/);
    let lost = 0;
    await page.route('**/api/chat/conversations/*/messages', async (route) => {
      if (route.request().method() !== 'POST' || lost > 0) return route.continue();
      lost += 1;
      await route.fetch();
      return route.abort('failed');
    });
    await write(page, 'only once');
    await isShown(mark(message(page, 'only once'), 'Sent'));
    await areShown(message(page, 'only once'), 1);
    assert.deepEqual(await bodies(ann, talk), ['only once']);
    assert.equal(lost, 1);
  });

  test('goes on after a reload in the middle of it, and stores one message', async (scene) => {
    const { ann, talk } = await scene.pair();
    const page = await scene.open(ann, `/chat/${talk.id}`);
    await isShown(composer(page));
    const { held } = await holdBack(page);
    await write(page, 'survives a reload');
    await becomes(() => held.length, 1, 'the request');
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.reload();
    await isShown(mark(message(page, 'survives a reload'), 'Sent'));
    await areShown(message(page, 'survives a reload'), 1);
    assert.deepEqual(await bodies(ann, talk), ['survives a reload']);
  });

  test('keeps what was refused, with the reason, and sends it when asked again', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    const page = await scene.open(ann, `/chat/${talk.id}`);
    await isShown(composer(page));
    await ben.put(`/api/users/${ann.id}/block`, {});
    scene.complaints.expect(answered(403));
    await write(page, 'please listen');
    const row = message(page, 'please listen');
    await isShown(mark(row, 'Not sent'));
    await isShown(row.getByText(/^Not sent: ./));
    assert.deepEqual(await bodies(ann, talk), []);
    await page.reload();
    await isShown(mark(row, 'Not sent'));
    await ben.delete(`/api/users/${ann.id}/block`);
    await button(row, 'Try again').click();
    await isShown(mark(row, 'Sent'));
    assert.deepEqual(await bodies(ann, talk), ['please listen']);
  });

  test('gives up what was refused, and what follows goes on', async (scene) => {
    const { ann, talk } = await scene.pair();
    const page = await scene.open(ann, `/chat/${talk.id}`);
    await isShown(composer(page));
    scene.complaints.expect(answered(422));
    await page.route('**/api/chat/conversations/*/messages', (route) => {
      const refused = route.request().method() === 'POST' && route.request().postDataJSON().body === 'refused';
      if (!refused) return route.continue();
      return route.fulfill({ status: 422, json: { message: 'Not like this.', code: 'validation_failed', errors: {} } });
    });
    await write(page, 'refused');
    await write(page, 'and on we go');
    await isShown(mark(message(page, 'and on we go'), 'Sent'));
    const kept = message(page, 'refused');
    await isShown(kept.getByText('Not sent: Not like this.'));
    await button(kept, 'Discard').click();
    await areShown(messages(page), 1);
    assert.deepEqual(await bodies(ann, talk), ['and on we go']);
  });

  test('waits as long as the server says when that is too much for it', async (scene) => {
    const { ann, talk } = await scene.pair();
    const page = await scene.open(ann, `/chat/${talk.id}`);
    await isShown(composer(page));
    scene.complaints.expect(answered(429));
    const times = [];
    await page.route('**/api/chat/conversations/*/messages', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      times.push(performance.now());
      const json = { message: 'Too many.', code: 'too_many_requests' };
      if (times.length === 1) return route.fulfill({ status: 429, headers: { 'Retry-After': '1' }, json });
      await isShown(mark(message(page, 'a second later'), 'Waiting to be sent'));
      return route.continue();
    });
    await write(page, 'a second later');
    await isShown(mark(message(page, 'a second later'), 'Sent'));
    assert.equal(times.length, 2);
    assert.ok(times[1] - times[0] >= 1_000, `${times[1] - times[0]} ms later`);
  });

  test('shows the same in two tabs of a browser', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    const profile = await scene.profile(ann);
    const tabs = [await profile.newPage(), await profile.newPage()];
    for (const tab of tabs) {
      await tab.goto(`${scene.url}/chat/${talk.id}`);
      await isShown(composer(tab));
    }
    await write(tabs[0], 'from the first tab');
    await isShown(message(tabs[1], 'from the first tab'));
    await write(tabs[1], 'from the second tab');
    await isShown(message(tabs[0], 'from the second tab'));
    await ben.say(talk, 'to both');
    const wanted = ['from the first tab', 'from the second tab', 'to both'];
    for (const tab of tabs) await becomes(() => texts(tab, /./), wanted, 'the same in both tabs');
    assert.deepEqual(await bodies(ann, talk), wanted);
  });

  test('counts the characters near the limit and does not send past it', async (scene) => {
    const { ann, talk } = await scene.pair();
    const page = await scene.open(ann, `/chat/${talk.id}`);
    await composer(page).fill('é'.repeat(9_999));
    await isShown(page.getByText('1 character left'));
    await composer(page).fill('é'.repeat(10_002));
    await isShown(page.getByText('2 characters too many'));
    assert.ok(await button(page, 'Send').isDisabled());
    await composer(page).press('Enter');
    await composer(page).fill('short');
    await composer(page).press('Enter');
    await isShown(mark(message(page, 'short'), 'Sent'));
    assert.deepEqual(await bodies(ann, talk), ['short']);
  });

  test('keeps a draft for each conversation, over reloads', async (scene) => {
    const [ann, ben, cleo] = await scene.people('Ann', 'Ben', 'Cleo');
    const [first, second] = [await ann.direct(ben), await ann.direct(cleo)];
    const page = await scene.open(ann, `/chat/${first.id}`);
    // Over reloads one may tell of one's typing twice in a second.
    scene.complaints.expect(answered(429));
    await composer(page).fill('half a thought');
    await page.goto(`${scene.url}/chat/${second.id}`);
    await isShown(page.getByRole('textbox', { name: `Message to ${cleo.name}` }));
    assert.equal(await composer(page).inputValue(), '');
    await page.goto(`${scene.url}/chat/${first.id}`);
    await becomes(() => composer(page).inputValue(), 'half a thought', 'the draft');
    await write(page, 'a whole one');
    await isShown(mark(message(page, 'a whole one'), 'Sent'));
    await page.reload();
    await isShown(message(page, 'a whole one'));
    assert.equal(await composer(page).inputValue(), '');
  });

  test('tells what cannot be answered: the other one has left', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ann.say(talk, 'goodbye');
    await ann.delete(`/api/companies/${ann.company.id}/members/${ben.id}`);
    const page = await scene.open(ann, `/chat/${talk.id}`);
    await isShown(page.getByText('The other one takes part in this conversation no longer.'));
    await areShown(composer(page), 0);
  });
});
