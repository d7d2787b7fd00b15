// Without a connection: what one writes is kept and sent once; what was missed is caught up with.
import assert from 'node:assert/strict';

import { composer, mark, message, messages, numbered, storedMark, texts, write } from './lib/chat.mjs';
import { noConnection } from './lib/complaints.mjs';
import { beginStillness, checkStillness } from './lib/layout.mjs';
import { lookOutFor, notices } from './lib/sightings.mjs';
import { isKept } from './lib/storage.mjs';
import { webSuite } from './lib/suite.mjs';
import { areShown, becomes, isGone, isShown } from './lib/ui.mjs';

const bodies = async (person, conversation) => (await person.messages(conversation)).map(({ body }) => body);
const offlineBanner = (page) => page.getByText('You are offline. Messages are sent when you are back.');
const backBanner = (page) => page.getByText(/^Connected again/);

/** The pages have the app itself kept: the service worker has taken it all. */
async function isInstalled(page) {
  await page.evaluate(() => navigator.serviceWorker.ready);
}

webSuite('offline', (test) => {
  test('two messages wait, and arrive once each and in order when the connection is back', async (scene) => {
    scene.complaints.expect(noConnection);
    const { ann, ben, talk } = await scene.pair();
    await ann.sayAll(talk, numbered(25));
    const [here, there] = [await scene.open(ann, `/chat/${talk.id}`), await scene.open(ben, `/chat/${talk.id}`)];
    for (const page of [here, there]) await isShown(message(page, 'earlier 25'));
    await there.context().setOffline(true);
    await isShown(offlineBanner(there));
    await write(there, 'written on the train');
    await write(there, 'and in the tunnel');
    for (const text of ['written on the train', 'and in the tunnel'])
      await isShown(mark(message(there, text), 'Waiting to be sent'));
    await ann.say(talk, 'meanwhile at home');
    assert.equal((await bodies(ann, talk)).filter((body) => /train|tunnel/.test(body)).length, 0);
    const back = await lookOutFor(there, notices, 'Connected again');
    await there.context().setOffline(false);
    await back();
    await isShown(message(here, 'and in the tunnel'));
    const wanted = ['meanwhile at home', 'written on the train', 'and in the tunnel'];
    for (const page of [here, there])
      await becomes(() => texts(page, /home|train|tunnel/), wanted, 'each once, in order');
    assert.deepEqual((await bodies(ann, talk)).slice(-3), wanted);
    await isShown(storedMark(message(there, 'and in the tunnel')));
  });

  test('the banner says how many messages were caught up with, and nothing moves', async (scene) => {
    scene.complaints.expect(noConnection);
    const { ann, ben, talk } = await scene.pair();
    await ann.sayAll(talk, numbered(25));
    const line = await scene.line();
    const page = await scene.open(ben, `/chat/${talk.id}`, { line });
    await isShown(message(page, 'earlier 25'));
    await beginStillness(page);
    await line.cut();
    await isShown(offlineBanner(page));
    await ann.sayAll(talk, numbered(3, 'missed'));
    const back = await lookOutFor(page, notices, 'Connected again: caught up with 3 messages.');
    await line.mend();
    await back();
    await isShown(message(page, 'missed 3'));
    await becomes(() => texts(page, /missed/), ['missed 1', 'missed 2', 'missed 3'], 'each once, in order');
    await isGone(backBanner(page));
    await checkStillness(page);
  });

  test('edits, deletions and readings of that time are caught up with, too', async (scene) => {
    scene.complaints.expect(noConnection);
    const { ann, ben, talk } = await scene.pair();
    const [kept, gone] = await ann.sayAll(talk, ['first version', 'soon gone']);
    await ben.say(talk, 'read me');
    const page = await scene.open(ben, `/chat/${talk.id}`);
    await isShown(mark(message(page, 'read me'), 'Sent'));
    await page.context().setOffline(true);
    await isShown(offlineBanner(page));
    await ann.patch(`/api/chat/messages/${kept.id}`, { body: 'second version' });
    await ann.delete(`/api/chat/messages/${gone.id}`);
    await ann.read(talk);
    await page.context().setOffline(false);
    await isShown(message(page, 'second version'));
    await isShown(message(page, 'This message was deleted.'));
    await isShown(mark(message(page, 'read me'), 'Read'));
    await areShown(messages(page), 3);
  });

  test('a server that is started again is found again, with what it was told meanwhile', async (scene) => {
    scene.complaints.expect(noConnection);
    const { ann, ben, talk } = await scene.pair();
    await ann.say(talk, 'before');
    const page = await scene.open(ben, `/chat/${talk.id}`);
    await isShown(message(page, 'before'));
    const { start } = await scene.stopServer();
    await isShown(offlineBanner(page));
    await write(page, 'while it was away');
    await isShown(mark(message(page, 'while it was away'), 'Waiting to be sent'));
    const back = await lookOutFor(page, notices, 'Connected again');
    await start();
    await ann.sayAll(talk, ['after one', 'after two']);
    await isShown(message(page, 'after two'));
    await isShown(storedMark(message(page, 'while it was away')));
    await back();
    assert.equal((await bodies(ann, talk)).filter((body) => body === 'while it was away').length, 1);
    await ann.say(talk, 'live again');
    await isShown(message(page, 'live again'));
    await areShown(messages(page), 5);
  });

  test('a server that was killed loses nothing', async (scene) => {
    scene.complaints.expect(noConnection);
    const { ann, ben, talk } = await scene.pair();
    const page = await scene.open(ben, `/chat/${talk.id}`);
    await isShown(composer(page));
    const texts = numbered(5, 'kept');
    for (const text of texts) await write(page, text);
    const { start } = await scene.stopServer('kill');
    await start();
    await areShown(page.getByRole('img', { name: 'Sent', exact: true }), 5);
    assert.deepEqual(await bodies(ann, talk), texts);
  });

  test('the app opens again after a reload, with what waits', async (scene) => {
    scene.complaints.expect(noConnection);
    const { ann, ben, talk } = await scene.pair();
    const page = await scene.open(ben, `/chat/${talk.id}`, { serviceWorkers: 'allow' });
    await isShown(composer(page));
    await isInstalled(page);
    await page.context().setOffline(true);
    await isShown(offlineBanner(page));
    await write(page, 'survives');
    await isShown(mark(message(page, 'survives'), 'Waiting to be sent'));
    await isKept(page, 'survives');
    await page.reload();
    await isShown(page.getByRole('navigation', { name: 'Main menu' }));
    assert.deepEqual(await bodies(ann, talk), []);
    await page.context().setOffline(false);
    await isShown(mark(message(page, 'survives'), 'Sent'));
    assert.deepEqual(await bodies(ann, talk), ['survives']);
  });

  test('a file waits, too, over a reload', async (scene) => {
    scene.complaints.expect(noConnection);
    const { ann, ben, talk } = await scene.pair();
    const page = await scene.open(ben, `/chat/${talk.id}`, { serviceWorkers: 'allow' });
    await isShown(composer(page));
    await isInstalled(page);
    await page.context().setOffline(true);
    await isShown(offlineBanner(page));
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('words') });
    await write(page, 'with a file');
    await isShown(mark(message(page, 'with a file'), 'Waiting to be sent'));
    await isKept(page, 'with a file');
    await page.reload();
    await isShown(page.getByRole('navigation', { name: 'Main menu' }));
    await page.context().setOffline(false);
    await isShown(mark(message(page, 'with a file'), 'Sent'));
    const [stored] = await ann.messages(talk);
    assert.deepEqual(
      stored.attachments.map(({ name }) => name),
      ['notes.txt'],
    );
  });

  test('signing out asks first when something waits', async (scene) => {
    scene.complaints.expect(noConnection);
    const { ann, talk } = await scene.pair();
    const page = await scene.open(ann, `/chat/${talk.id}`, { serviceWorkers: 'allow' });
    await isShown(composer(page));
    await isInstalled(page);
    await page.context().setOffline(true);
    await isShown(offlineBanner(page));
    await write(page, 'unsent');
    await page.getByRole('button', { name: `Account of ${ann.name}` }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await isShown(page.getByText(/Some of your messages have not been sent/));
    await page.getByRole('button', { name: 'Sign out all the same' }).click();
    await isShown(page.getByText(/The server could not be told/));
    await page.context().setOffline(false);
    assert.deepEqual(await bodies(ann, talk), []);
  });
});
