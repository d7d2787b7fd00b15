// Files: chosen, dropped or pasted; uploaded with a message; shown, enlarged and downloaded.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { composer, conversationRow, mark, message, messages, numbered, storedMark, topOf, write } from './lib/chat.mjs';
import { bring, file, picture } from './lib/files.mjs';
import { beginStillness, checkStillness } from './lib/layout.mjs';
import { lookOutFor } from './lib/sightings.mjs';
import { webSuite } from './lib/suite.mjs';
import { areShown, becomes, button, isGone, isShown } from './lib/ui.mjs';

const chooser = (page) => page.locator('input[type=file]');
const chips = (page) => page.getByRole('list', { name: 'Attached files' }).getByRole('listitem');
const photo = (name, colour = [40, 90, 60]) => file(name, 'image/png', picture(640, 480, colour));
const viewer = (page, name) => page.getByRole('dialog', { name: `Picture ${name}` });

async function opened(scene, person, talk) {
  const page = await scene.open(person, `/chat/${talk.id}`);
  await isShown(composer(page));
  return page;
}

webSuite('attachments', (test) => {
  test('are chosen by a button, sent with a message, and downloaded by the other', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    const [here, there] = [await opened(scene, ann, talk), await opened(scene, ben, talk)];
    const [choice] = await Promise.all([here.waitForEvent('filechooser'), button(here, 'Attach files').click()]);
    await choice.setFiles(file('report.txt', 'text/plain', 'all is well'));
    await isShown(chips(here).filter({ hasText: 'report.txt' }));
    await write(here, 'the report');
    await isShown(storedMark(message(here, 'report.txt')));
    await isShown(message(there, 'report.txt').getByText('11 bytes'));
    const [download] = await Promise.all([
      there.waitForEvent('download'),
      button(there, 'Download report.txt').click(),
    ]);
    assert.equal(download.suggestedFilename(), 'report.txt');
    assert.equal(await readFile(await download.path(), 'utf8'), 'all is well');
    await areShown(chips(here), 0);
  });

  test('may be dropped anywhere on the conversation', async (scene) => {
    const { ann, talk } = await scene.pair();
    const page = await opened(scene, ann, talk);
    const zone = page.locator('[data-drop-zone]');
    // Whoever hovers says so again and again; after a second of silence it goes.
    const invited = await lookOutFor(page, '.drop-zone', 'Drop files here to attach them');
    await bring(zone, 'dragover', [photo('dropped.png')]);
    await invited();
    await bring(zone, 'drop', [photo('dropped.png')]);
    await isShown(chips(page).filter({ hasText: 'dropped.png' }));
    await isGone(page.getByText('Drop files here to attach them'));
    await button(page, 'Send').click();
    await isShown(button(messages(page), 'Picture dropped.png'));
  });

  test('may be pasted, and taken off again', async (scene) => {
    const { ann, talk } = await scene.pair();
    const page = await opened(scene, ann, talk);
    await bring(composer(page), 'paste', [photo('one.png'), photo('two.png')]);
    await areShown(chips(page), 2);
    await button(page, 'Remove one.png').click();
    await areShown(chips(page), 1);
    await button(page, 'Send').click();
    await isShown(button(messages(page), 'Picture two.png'));
    const [stored] = await ann.messages(talk);
    assert.deepEqual(
      stored.attachments.map(({ name }) => name),
      ['two.png'],
    );
  });

  test('show how far their upload is', async (scene) => {
    const { ann, talk } = await scene.pair();
    const page = await opened(scene, ann, talk);
    const session = await page.context().newCDPSession(page);
    // Slow enough for everybody to see it under way.
    const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 20_000 };
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', slow);
    await chooser(page).setInputFiles(file('long.bin', 'application/octet-stream', Buffer.alloc(400_000, 7)));
    await write(page, 'wait for it');
    const progress = page.getByRole('progressbar', { name: 'Uploading long.bin' });
    await isShown(progress.first());
    await page.waitForFunction(() => {
      const bar = document.querySelector('progress');
      return bar && bar.value > 0 && bar.value < 1;
    });
    await session.send('Network.emulateNetworkConditions', { ...slow, uploadThroughput: -1 });
    await isShown(mark(message(page, 'wait for it'), 'Sent'));
    await areShown(progress, 0);
  });

  test('that are too large or too many are told before they are sent', async (scene) => {
    const { ann, talk } = await scene.pair();
    const page = await opened(scene, ann, talk);
    const many = Array.from({ length: 12 }, (_, index) => file(`${index}.txt`, 'text/plain', 'x'));
    await chooser(page).setInputFiles(many);
    await isShown(page.getByText(/^A message may have \d+ files at most\.$/));
    await chooser(page).setInputFiles(file('empty.txt', 'text/plain', ''));
    await isShown(page.getByText(/^empty\.txt is empty\.|^A message may have/).first());
  });

  test('that are pictures are shown small, with their size kept free while they load', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ann.sayAll(talk, numbered(20));
    const { id } = await ann.upload('landscape.png', picture(1200, 800, [60, 120, 180]), 'image/png');
    await ann.say(talk, 'look', { attachment_ids: [id] });
    await ann.sayAll(talk, numbered(3, 'after'));
    const profile = await scene.profile(ben);
    const page = await profile.newPage();
    let release;
    const released = new Promise((done) => (release = done));
    await page.route('**/api/chat/attachments/**', async (route) => {
      await released;
      await route.continue().catch(() => undefined);
    });
    await page.goto(`${scene.url}/chat/${talk.id}`);
    await isShown(message(page, 'after 3'));
    const before = await topOf(message(page, 'look'));
    await beginStillness(page);
    release();
    await isShown(
      button(message(page, 'look'), 'Picture landscape.png')
        .getByRole('presentation')
        .or(message(page, 'look').locator('img')),
    );
    await page.waitForFunction(() => document.querySelector('.picture img')?.complete);
    await checkStillness(page, 0);
    assert.ok(Math.abs((await topOf(message(page, 'look'))) - before) <= 1);
  });

  test('that are pictures are enlarged, and one goes from one to the next by keys', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    for (const name of ['first.png', 'second.png', 'third.png']) {
      const { id } = await ann.upload(name, picture(300, 200, [name.length * 9, 80, 80]), 'image/png');
      await ann.say(talk, '', { attachment_ids: [id] });
    }
    const page = await opened(scene, ben, talk);
    await button(page, 'Picture second.png').click();
    await isShown(viewer(page, 'second.png').getByRole('img', { name: 'Picture second.png' }));
    await isShown(page.getByText('2 of 3'));
    await page.keyboard.press('ArrowRight');
    await isShown(viewer(page, 'third.png').getByRole('img', { name: 'Picture third.png' }));
    assert.ok(await button(page, 'Next picture').isDisabled());
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await isShown(viewer(page, 'first.png'));
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      button(viewer(page, 'first.png'), 'Download first.png').click(),
    ]);
    assert.equal(download.suggestedFilename(), 'first.png');
    await page.keyboard.press('Escape');
    await areShown(page.getByRole('dialog'), 0);
  });

  test('are listed by their kind in the list of conversations', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    const page = await scene.open(ben);
    const { id } = await ann.upload('p.png', picture(30, 20, [1, 2, 3]), 'image/png');
    await ann.say(talk, '', { attachment_ids: [id] });
    await isShown(conversationRow(page, 'Photo'));
  });

  test('go on after their upload was interrupted by a reload', async (scene) => {
    const { ann, talk } = await scene.pair();
    const page = await opened(scene, ann, talk);
    const stalled = [];
    await page.route('**/api/chat/attachments', (route) => void stalled.push(route));
    await chooser(page).setInputFiles(photo('again.png'));
    await write(page, 'goes on');
    await isShown(mark(message(page, 'goes on'), 'Waiting to be sent'));
    await becomes(() => stalled.length > 0, true, 'the upload');
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.reload();
    await isShown(mark(message(page, 'goes on'), 'Sent'));
    await isShown(button(messages(page), 'Picture again.png'));
    await areShown(messages(page), 1);
  });
});
