// Who has read what, and when.
import assert from 'node:assert/strict';

import { act, mark, message } from './lib/chat.mjs';
import { webSuite } from './lib/suite.mjs';
import { dialog, isShown } from './lib/ui.mjs';

webSuite('receipts', (test) => {
  test('change the check mark when the other reads, without a reload', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ann.say(talk, 'seen?');
    const here = await scene.open(ann, `/chat/${talk.id}`);
    await isShown(mark(message(here, 'seen?'), 'Sent'));
    await scene.open(ben, `/chat/${talk.id}`);
    await isShown(mark(message(here, 'seen?'), 'Read'));
  });

  test('wait until the message was on the screen of somebody who looks', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ann.say(talk, 'not yet');
    const profile = await scene.profile(ben);
    const page = await profile.newPage();
    await page.addInitScript(() =>
      Object.defineProperty(document, 'hasFocus', { value: () => globalThis.attends === true }),
    );
    await page.goto(`${scene.url}/chat/${talk.id}`);
    await isShown(message(page, 'not yet'));
    // What is asked for after it would have been answered after it.
    const unread = async () => (await ben.get(`/api/chat/conversations/${talk.id}`)).unread_count;
    await page.clock.install();
    await page.clock.fastForward(5_000);
    assert.equal(await unread(), 1);
    const told = page.waitForRequest(/\/read$/);
    await page.evaluate(() => {
      globalThis.attends = true;
      dispatchEvent(new Event('focus'));
    });
    await page.clock.fastForward(1_000);
    await told;
    const here = await scene.open(ann, `/chat/${talk.id}`);
    await isShown(mark(message(here, 'not yet'), 'Read'));
  });

  test('name everybody of a group who has read, and when', async (scene) => {
    const [ann, ben, cleo] = await scene.people('Ann', 'Ben', 'Cleo');
    const group = await ann.group('Readers', ben, cleo);
    await ann.say(group, 'who has read this?');
    await ben.read(group);
    const page = await scene.open(ann, `/chat/${group.id}`);
    await isShown(mark(message(page, 'who has read'), 'Sent'));
    await act(page, message(page, 'who has read'), 'Read by');
    const receipts = dialog(page, 'Read by');
    await isShown(
      receipts
        .getByRole('listitem')
        .filter({ hasText: ben.name })
        .getByText(/\d:\d\d/),
    );
    assert.equal(await receipts.getByText(cleo.name).count(), 0);
    await page.keyboard.press('Escape');
    await cleo.read(group);
    await isShown(mark(message(page, 'who has read'), 'Read'));
  });

  test('say that nobody has read it yet', async (scene) => {
    const { ann, talk } = await scene.pair();
    await ann.say(talk, 'alone');
    const page = await scene.open(ann, `/chat/${talk.id}`);
    await act(page, message(page, 'alone'), 'Read by');
    await isShown(dialog(page, 'Read by').getByText('Nobody has read it yet.'));
  });
});
