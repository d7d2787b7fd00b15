// Everything by keyboard: lists, messages, menus, dialogs; and what screen readers are told.
import assert from 'node:assert/strict';

import { composer, conversationRow, message, messages, numbered, said } from './lib/chat.mjs';
import { isLive } from './lib/live.mjs';
import { webSuite } from './lib/suite.mjs';
import { becomes, button, dialog, focused, hasFocus, isGone, isShown } from './lib/ui.mjs';

webSuite('keyboard', (test) => {
  test('skips the navigation', async (scene) => {
    const [ann] = await scene.people('Ann');
    const page = await scene.open(ann, '/money');
    await isShown(page.getByRole('heading', { name: 'Money' }));
    await page.keyboard.press('Tab');
    await becomes(() => focused(page), 'Skip to the content', 'the focus');
    await page.keyboard.press('Enter');
    await hasFocus(page.getByRole('main'));
  });

  test('goes through the conversations with the arrows, and opens one', async (scene) => {
    const [ann, ben, cleo] = await scene.people('Ann', 'Ben', 'Cleo');
    for (const other of [ben, cleo]) await ann.say(await ann.direct(other), 'hello');
    const page = await scene.open(ann);
    await conversationRow(page, cleo.name).focus();
    await page.keyboard.press('ArrowDown');
    await hasFocus(conversationRow(page, ben.name));
    await page.keyboard.press('Home');
    await hasFocus(conversationRow(page, cleo.name));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await isShown(page.getByRole('textbox', { name: `Message to ${ben.name}` }));
  });

  test('goes through the messages, one tab stop for all, and opens their actions', async (scene) => {
    const { ann, talk } = await scene.pair();
    await ann.sayAll(talk, numbered(30));
    const page = await scene.open(ann, `/chat/${talk.id}`);
    await hasFocus(composer(page));
    await isShown(said(page, 'earlier 30'));
    assert.equal(await messages(page).evaluateAll((rows) => rows.filter((row) => row.tabIndex === 0).length), 1);
    await messages(page).last().focus();
    await page.keyboard.press('ArrowUp');
    await hasFocus(said(page, 'earlier 29'));
    await page.keyboard.press('Home');
    await hasFocus(said(page, 'earlier 1'));
    await page.keyboard.press('End');
    await hasFocus(said(page, 'earlier 30'));
    await page.keyboard.press('Enter');
    await isShown(page.getByRole('menu', { name: 'Actions for this message' }));
    await page.keyboard.press('Escape');
    await hasFocus(said(page, 'earlier 30'));
  });

  test('keeps the focus in dialogs and gives it back afterwards', async (scene) => {
    const [ann] = await scene.people('Ann', 'Ben');
    const page = await scene.open(ann, '/campaigns');
    const opener = button(page, 'New campaign');
    await opener.focus();
    await page.keyboard.press('Enter');
    const form = dialog(page, 'New campaign');
    await isShown(form);
    for (let press = 0; press < 12; press += 1) {
      await page.keyboard.press('Tab');
      assert.ok(
        await page.evaluate(
          () => document.activeElement === document.body || Boolean(document.activeElement.closest('dialog')),
        ),
      );
    }
    await page.keyboard.press('Escape');
    await isGone(form);
    await hasFocus(opener);
  });

  test('leaves a reply with Escape', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ben.say(talk, 'question');
    const page = await scene.open(ann, `/chat/${talk.id}`);
    await message(page, 'question').focus();
    await page.keyboard.press('Enter');
    await hasFocus(page.getByRole('menu', { name: 'Actions for this message' }).getByRole('menuitem').first());
    await page.getByRole('menuitem', { name: 'Reply' }).press('Enter');
    await hasFocus(composer(page));
    await isShown(button(page, 'Cancel the reply'));
    await page.keyboard.press('Escape');
    await isGone(button(page, 'Cancel the reply'));
    await hasFocus(composer(page));
  });

  test('moves through menus with the arrows', async (scene) => {
    const { ann, talk } = await scene.pair();
    const page = await scene.open(ann, `/chat/${talk.id}`);
    const opener = button(page, 'Conversation menu');
    await opener.press('Enter');
    await hasFocus(page.getByRole('menuitem', { name: 'Details' }));
    await page.keyboard.press('ArrowDown');
    await hasFocus(page.getByRole('menuitem', { name: 'Mute' }));
    await page.keyboard.press('ArrowDown');
    await hasFocus(page.getByRole('menuitem', { name: 'Details' }));
    await page.keyboard.press('Escape');
    await hasFocus(opener);
  });

  test('tells screen readers of new messages of others, and of the connection', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ann.say(talk, 'old');
    const page = await scene.open(ann, `/chat/${talk.id}`);
    await isShown(message(page, 'old'));
    await isLive(page, ann);
    await ben.say(talk, 'spoken aloud');
    await isShown(message(page, 'spoken aloud'));
    const live = page.locator('[aria-live=polite], [role=status]');
    await becomes(
      async () => (await live.allTextContents()).some((text) => text.includes(`${ben.name}: spoken aloud`)),
      true,
      'the words',
    );
    assert.match(
      await message(page, 'spoken aloud').getAttribute('aria-label'),
      new RegExp(`^${ben.name}, .*: spoken aloud$`),
    );
    assert.ok((await page.getByRole('status').count()) > 0);
  });

  test('does not send while an input method composes', async (scene) => {
    const { ann, talk } = await scene.pair();
    const page = await scene.open(ann, `/chat/${talk.id}`);
    await composer(page).fill('にほ');
    await composer(page).evaluate((field) => {
      field.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }),
      );
    });
    assert.equal(await composer(page).inputValue(), 'にほ');
    await composer(page).press('Enter');
    await isShown(message(page, 'にほ'));
    await becomes(async () => (await ann.messages(talk)).length, 1, 'the one message as it is stored');
  });
});
