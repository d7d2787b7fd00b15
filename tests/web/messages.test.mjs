// Two people talking: what one says is there for the other at once, in order, and stands still.
import assert from 'node:assert/strict';

import { act, composer, conversationRow, mark, message, messages, numbered, texts, write } from './lib/chat.mjs';
import { beginStillness, checkStillness } from './lib/layout.mjs';
import { highlighted, lookOutFor } from './lib/sightings.mjs';
import { webSuite } from './lib/suite.mjs';
import { areShown, becomes, button, dialog, isGone, isShown } from './lib/ui.mjs';

/** In milliseconds. */
const dayLength = 86_400_000;

/** Both of a pair have their conversation open, in which there is more than fits on the screen. */
async function talking(scene) {
  const { ann, ben, talk } = await scene.pair();
  await ann.sayAll(talk, numbered(25));
  const [here, there] = await Promise.all([ann, ben].map((person) => scene.open(person, `/chat/${talk.id}`)));
  for (const page of [here, there]) await isShown(message(page, 'earlier 25'));
  return { ann, ben, talk, here, there };
}

webSuite('messages', (test) => {
  test('reach the other at once, both ways, and nothing moves but the list', async (scene) => {
    const { here, there } = await talking(scene);
    for (const page of [here, there]) await beginStillness(page);
    for (let round = 1; round <= 4; round += 1) {
      await write(here, `question ${round}`);
      await isShown(message(there, `question ${round}`));
      await write(there, `answer ${round}`);
      await isShown(message(here, `answer ${round}`));
    }
    const wanted = [1, 2, 3, 4].flatMap((round) => [`question ${round}`, `answer ${round}`]);
    for (const page of [here, there]) {
      await becomes(() => texts(page, /question|answer/), wanted, 'each once, in order');
      await checkStillness(page);
    }
  });

  test('keep their element from the moment of writing until they are read', async (scene) => {
    const { here, there } = await talking(scene);
    await here.route('**/messages', async (route) => {
      await isShown(mark(message(here, 'the same element'), 'Waiting to be sent'));
      await message(here, 'the same element').evaluate((element) => (element.tag = 'tagged'));
      await route.continue();
    });
    await there.evaluate(() => document.activeElement.blur());
    await write(here, 'the same element');
    const row = message(here, 'the same element');
    await isShown(mark(row, 'Read'));
    assert.equal(await row.evaluate((element) => element.tag), 'tagged');
    await areShown(row, 1);
  });

  test('come to all devices of their sender', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    const [first, second] = [
      await scene.open(ann, `/chat/${talk.id}`),
      await scene.open(await ann.onAnotherDevice(), `/chat/${talk.id}`),
    ];
    for (const page of [first, second]) await isShown(composer(page));
    await write(first, 'from the first device');
    await isShown(mark(message(second, 'from the first device'), 'Sent'));
    await ben.say(talk, 'heard');
    for (const page of [first, second]) await isShown(message(page, 'heard'));
    await areShown(messages(first), 2);
  });

  test('may have several lines; Enter sends and Shift+Enter does not', async (scene) => {
    const { here, there, talk, ann } = await talking(scene);
    await composer(here).fill('first line');
    await composer(here).press('Shift+Enter');
    await composer(here).pressSequentially('second line');
    await composer(here).press('Enter');
    await isShown(message(there, 'second line'));
    assert.equal((await ann.messages(talk)).at(-1).body, 'first line\nsecond line');
    assert.equal(await composer(here).inputValue(), '');
  });

  test('are edited with the arrow key, and the other sees it', async (scene) => {
    const { here, there } = await talking(scene);
    await write(here, 'a mistkae');
    await isShown(mark(message(here, 'a mistkae'), 'Read'));
    await composer(here).press('ArrowUp');
    await isShown(here.getByText('Edit message'));
    await becomes(() => composer(here).inputValue(), 'a mistkae', 'the text to be edited');
    await composer(here).fill('a mistake');
    await composer(here).press('Enter');
    for (const page of [here, there]) {
      await isShown(message(page, 'a mistake').getByText('edited'));
      await areShown(message(page, 'a mistkae'), 0);
    }
  });

  test('are deleted after a question, and keep their place', async (scene) => {
    const { here, there } = await talking(scene);
    await write(here, 'to be deleted');
    await isShown(message(there, 'to be deleted'));
    await write(there, 'what follows');
    await isShown(message(here, 'what follows'));
    await act(here, message(here, 'to be deleted'), 'Delete');
    await button(dialog(here, 'Delete this message?'), 'Delete').click();
    for (const page of [here, there]) {
      await isShown(message(page, 'This message was deleted.'));
      await areShown(message(page, 'to be deleted'), 0);
      const all = await messages(page).allInnerTexts();
      assert.match(all.at(-2), /deleted/);
    }
  });

  test('offer nothing that one may not do', async (scene) => {
    const { there } = await talking(scene);
    await message(there, 'earlier 25').hover();
    await button(message(there, 'earlier 25'), 'Actions for this message').click();
    const menu = there.getByRole('menu');
    await isShown(menu.getByRole('menuitem', { name: 'Reply' }));
    for (const name of ['Edit', 'Delete']) await areShown(menu.getByRole('menuitem', { name, exact: true }), 0);
  });

  test('answer others, and the quote leads to its message', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    const [first] = await ann.sayAll(talk, ['the question itself', ...numbered(60)]);
    await ben.say(talk, 'my answer', { reply_to: first.id });
    const page = await scene.open(ben, `/chat/${talk.id}`);
    const reached = await lookOutFor(page, highlighted, 'the question itself');
    await message(page, 'my answer')
      .getByRole('button', { name: /^In reply to.*the question itself/ })
      .click();
    await reached();
    await isShown(message(page, 'the question itself').first());
  });

  test('are answered from their menu', async (scene) => {
    const { here, there, ann } = await talking(scene);
    await act(there, message(there, 'earlier 24'), 'Reply');
    await isShown(there.getByText(`Reply to ${ann.name}`));
    await write(there, 'to number 24');
    await isShown(message(here, 'to number 24').getByRole('button', { name: /^In reply to.*earlier 24/ }));
    await areShown(there.getByText(`Reply to ${ann.name}`, { exact: true }), 0);
  });

  test('stand together when one person says several, under the day they were said on', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ann.sayAll(talk, ['one', 'two']);
    await ben.say(talk, 'three');
    const page = await scene.open(ben, `/chat/${talk.id}`);
    await isShown(message(page, 'three'));
    assert.deepEqual(await messages(page).evaluateAll((rows) => rows.map((row) => row.classList.contains('head'))), [
      true,
      false,
      true,
    ]);
    await isShown(messages(page).first().getByText('Today'));
  });

  test('of today are of yesterday after midnight, also while one looks at them', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ann.say(talk, 'as the day ends');
    const page = await (await scene.profile(ben)).newPage();
    await page.clock.install();
    await page.goto(`${scene.url}/chat/${talk.id}`);
    await isShown(message(page, 'as the day ends').getByText('Today'));
    await page.clock.setSystemTime(Date.now() + dayLength);
    await page.clock.runFor(60_000);
    await isShown(message(page, 'as the day ends').getByText('Yesterday'));
    await isShown(conversationRow(page, ann.name).getByText('Yesterday'));
  });

  test('that are new stand under a marker, which stays while one reads', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ann.sayAll(talk, numbered(40, 'old'));
    await ben.read(talk);
    await ann.sayAll(talk, numbered(3, 'fresh'));
    const page = await scene.open(ben, `/chat/${talk.id}`);
    const marked = messages(page).filter({ has: page.getByText('New messages', { exact: true }) });
    await isShown(marked);
    assert.match(await marked.innerText(), /fresh 1/);
    await isShown(message(page, 'fresh 3'));
    await becomes(async () => (await ben.get(`/api/chat/conversations/${talk.id}`)).unread_count, 0, 'reading');
    await isShown(marked);
  });

  test('show links as links and nothing else as more than text', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ann.say(talk, 'see https://example.com/a?b=1 and mailto:ann@example.com');
    const page = await scene.open(ben, `/chat/${talk.id}`);
    const link = message(page, 'see').getByRole('link').first();
    await isShown(link);
    assert.equal(await link.getAttribute('href'), 'https://example.com/a?b=1');
    assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
    assert.equal(await link.getAttribute('target'), '_blank');
  });

  test('can be copied', async (scene) => {
    const { ann, talk } = await scene.pair();
    await ann.say(talk, 'worth keeping');
    const page = await scene.open(ann, `/chat/${talk.id}`, { permissions: ['clipboard-read', 'clipboard-write'] });
    await act(page, message(page, 'worth keeping'), 'Copy text');
    await isShown(page.getByText('Copied.'));
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'worth keeping');
  });

  test('that were deleted meanwhile are told when a link leads to them', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    const [said] = await ann.sayAll(talk, ['short-lived', 'the rest']);
    await ann.delete(`/api/chat/messages/${said.id}`);
    const page = await scene.open(ben, `/chat/${talk.id}/${said.id}`);
    await isShown(message(page, 'This message was deleted.'));
    await isGone(message(page, 'short-lived'));
  });
});
