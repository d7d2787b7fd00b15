// Search over people and messages, and the way to what was found.
import assert from 'node:assert/strict';

import { composer, message, numbered } from './lib/chat.mjs';
import { highlighted, lookOutFor } from './lib/sightings.mjs';
import { webSuite } from './lib/suite.mjs';
import { areShown, becomes, button, hasFocus, isShown } from './lib/ui.mjs';

const field = (page) => page.getByRole('searchbox', { name: 'Search people and messages' });
const hits = (page) => page.getByRole('region', { name: 'Messages' }).getByRole('link');
const found = (page) => page.getByRole('region', { name: 'People' }).getByRole('button');

async function asked(scene, person, words, path) {
  const page = await scene.open(person, path);
  // The field for a message takes the focus when it comes.
  await isShown(path ? composer(page) : field(page));
  await field(page).fill(words);
  return page;
}

webSuite('search', (test) => {
  test('finds messages, marks the words, and leads to the message in its place', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ann.sayAll(talk, numbered(70));
    const said = await ben.say(talk, 'the blue elephant is in the garden');
    await ann.sayAll(talk, numbered(120, 'later'));
    const page = await asked(scene, ann, 'elephant');
    await isShown(hits(page).filter({ hasText: ben.name }));
    assert.equal(await hits(page).locator('mark').innerText(), 'elephant');
    const reached = await lookOutFor(page, highlighted, 'blue elephant');
    await hits(page).click();
    await reached();
    await isShown(message(page, 'blue elephant'));
    assert.equal(new URL(page.url()).pathname, `/chat/${talk.id}/${said.id}`);
    await isShown(message(page, 'earlier 70'));
    await isShown(page.getByText('later 1', { exact: true }));
    await page.getByRole('button', { name: /^Go to the newest message/ }).click();
    await isShown(message(page, 'later 120'));
  });

  test('finds people and begins to talk with them', async (scene) => {
    const [ann, ben] = await scene.people('Ann', 'Benedict');
    const page = await asked(scene, ann, 'bened');
    await found(page).filter({ hasText: ben.name }).click();
    await isShown(page.getByRole('textbox', { name: `Message to ${ben.name}` }));
  });

  test('is done by keyboard alone', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ben.sayAll(talk, ['a needle here', 'another needle there']);
    const page = await scene.open(ann, `/chat/${talk.id}`);
    await isShown(message(page, 'another needle'));
    await page.keyboard.press('Control+k');
    await hasFocus(field(page));
    await page.keyboard.type('needle');
    // Said when everything that was typed has been answered.
    await isShown(page.getByText('2 messages found.', { exact: true }));
    await page.keyboard.press('ArrowDown');
    await hasFocus(hits(page).first());
    await page.keyboard.press('ArrowDown');
    await hasFocus(hits(page).last());
    const reached = await lookOutFor(page, highlighted, 'a needle here');
    await page.keyboard.press('Enter');
    await reached();
    await page.getByRole('feed').click({ position: { x: 5, y: 5 } });
    await page.keyboard.press('/');
    await hasFocus(field(page));
    await page.keyboard.press('Escape');
    await areShown(hits(page), 0);
  });

  test('is narrowed down to a conversation, a person, and files', async (scene) => {
    const [ann, ben, cleo] = await scene.people('Ann', 'Ben', 'Cleo');
    const [first, second] = [await ann.direct(ben), await ann.direct(cleo)];
    const { id } = await ben.upload('map.txt', 'x', 'text/plain');
    await ben.say(first, 'treasure with a map', { attachment_ids: [id] });
    await ann.say(first, 'treasure of mine');
    await cleo.say(second, 'treasure island');
    const page = await asked(scene, ann, 'treasure');
    await areShown(hits(page), 3);
    await page.getByRole('checkbox', { name: 'Only with files' }).check();
    await areShown(hits(page), 1);
    await page.getByRole('checkbox', { name: 'Only with files' }).uncheck();
    await page.getByRole('combobox', { name: 'From' }).selectOption(cleo.name);
    await areShown(hits(page), 1);
    await isShown(hits(page).filter({ hasText: 'treasure island' }));
    await page.goto(`${scene.url}/chat/${first.id}`);
    await button(page, 'Search in this conversation').click();
    await field(page).fill('treasure');
    await areShown(hits(page), 2);
  });

  test('shows what others have written as text, also in snippets', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ben.say(talk, 'danger <img src=x onerror=alert(1)> <mark>zone</mark>');
    const page = await asked(scene, ann, 'danger');
    await isShown(hits(page).filter({ hasText: '<img src=x onerror=alert(1)>' }));
    assert.equal(await hits(page).locator('img').count(), 0);
    assert.equal(await hits(page).locator('mark').count(), 1);
  });

  test('says when nothing is found, and goes on where it was when it is left', async (scene) => {
    const { ann, talk } = await scene.pair();
    const page = await asked(scene, ann, 'nowhere to be seen', `/chat/${talk.id}`);
    await isShown(page.getByText('Nothing found.').last());
    await button(page, 'Leave the search').click();
    await isShown(page.getByRole('navigation', { name: 'Conversations' }));
    await isShown(composer(page));
  });

  test('pages through many', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ben.sayAll(talk, numbered(70, 'many'));
    const page = await asked(scene, ann, 'many');
    await isShown(hits(page).first());
    const before = await hits(page).count();
    assert.ok(before < 70);
    for (let count = before; count < 70; count = await hits(page).count()) {
      await button(page, 'Older messages').click();
      await becomes(async () => (await hits(page).count()) > count, true, 'more of them');
    }
    await areShown(hits(page), 70);
    await areShown(button(page, 'Older messages'), 0);
  });
});
