// The list of notifications, its count, and notifications of the browser.
import assert from 'node:assert/strict';

import { message } from './lib/chat.mjs';
import { isLive } from './lib/live.mjs';
import { webSuite } from './lib/suite.mjs';
import { areShown, becomes, button, isShown } from './lib/ui.mjs';

const place = (page) =>
  page.getByRole('navigation', { name: 'Main menu' }).getByRole('link', { name: /^Notifications/ });
const rows = (page) => page.getByRole('main').getByRole('listitem').getByRole('button');

/** In place of the browser's own notifications, which nobody sees here: notes what is shown. */
function noteNotifications() {
  globalThis.parleyNotified = [];
  globalThis.Notification = class {
    static permission = 'granted';
    static requestPermission = async () => 'granted';
    constructor(title, { body, tag }) {
      globalThis.parleyNotified.push({ title, body, tag });
      globalThis.parleyLast = this;
    }
    addEventListener(_type, listener) {
      this.onclick = listener;
    }
    close() {}
  };
  Object.defineProperty(document, 'hasFocus', { value: () => globalThis.parleyAttends === true });
}

webSuite('notifications', (test) => {
  test('are counted live, listed, and lead to their message, which reads them', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    const page = await scene.open(ann);
    await isShown(place(page));
    const said = await ben.say(talk, 'come here');
    await isShown(place(page).getByText('1 unread'));
    await place(page).click();
    const row = rows(page).filter({ hasText: `${ben.name} has written to you` });
    await isShown(row.getByText('come here'));
    await isShown(row.getByRole('img', { name: 'Unread' }));
    await row.click();
    await isShown(message(page, 'come here'));
    assert.equal(new URL(page.url()).pathname, `/chat/${talk.id}/${said.id}`);
    await areShown(place(page).getByText('1 unread'), 0);
  });

  test('tell of mentions in groups', async (scene) => {
    const [ann, ben, cleo] = await scene.people('Ann', 'Ben', 'Cleo');
    const group = await ann.group('Planning', ben, cleo);
    const page = await scene.open(ann, '/notifications');
    await isShown(page.getByText('Nothing yet. Direct messages and mentions of you are listed here.'));
    await ben.say(group, `what do you think, @${ann.name}?`);
    await isShown(rows(page).filter({ hasText: `${ben.name} has mentioned you in Planning` }));
  });

  test('are all read at once, on all devices', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ben.sayAll(talk, ['one', 'two', 'three']);
    const [page, other] = [await scene.open(ann, '/notifications'), await scene.open(ann, '/notifications')];
    for (const tab of [page, other]) await areShown(rows(tab).getByRole('img', { name: 'Unread' }), 3);
    await button(page, 'Mark all as read').click();
    for (const tab of [page, other]) await areShown(rows(tab).getByRole('img', { name: 'Unread' }), 0);
    await areShown(place(other).getByText(/unread/), 0);
  });

  test('of the browser come when nobody looks, once, and lead to the conversation', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    const profile = await scene.profile(ann, { preferences: { browserNotifications: true } });
    await profile.addInitScript(noteNotifications);
    const page = await profile.newPage();
    await page.goto(`${scene.url}/settings`);
    await isLive(page, ann);
    await ben.say(talk, 'look at this');
    await becomes(() => page.evaluate(() => globalThis.parleyNotified.length), 1, 'one notification');
    const [{ title, body, tag }] = await page.evaluate(() => globalThis.parleyNotified);
    assert.ok(title.includes(ben.name), title);
    assert.match(body, /look at this|New message/);
    assert.ok(tag.includes(String(talk.id)), tag);
    await page.evaluate(() => globalThis.parleyLast.onclick(new Event('click', { cancelable: true })));
    await isShown(message(page, 'look at this'));
  });

  test('of the browser stay away for muted conversations and while one looks', async (scene) => {
    const [ann, ben, cleo] = await scene.people('Ann', 'Ben', 'Cleo');
    const [muted, open] = [await ann.direct(ben), await ann.direct(cleo)];
    await ann.patch(`/api/chat/conversations/${muted.id}`, { muted: true });
    const profile = await scene.profile(ann, { preferences: { browserNotifications: true } });
    await profile.addInitScript(noteNotifications);
    const page = await profile.newPage();
    await page.goto(`${scene.url}/settings`);
    await isLive(page, ann);
    await ben.say(muted, 'not for the ears');
    await page.evaluate(() => (globalThis.parleyAttends = true));
    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await cleo.say(open, 'seen anyway');
    await isShown(place(page).getByText('1 unread'));
    await page.evaluate(() => (globalThis.parleyAttends = false));
    await page.evaluate(() => dispatchEvent(new Event('blur')));
    await cleo.say(open, 'the only one');
    await becomes(() => page.evaluate(() => globalThis.parleyNotified.length), 1, 'one notification');
  });

  test('of the browser are turned on by a press alone, and off again', async (scene) => {
    const [ann] = await scene.people('Ann');
    const page = await scene.open(ann, '/notifications', { permissions: ['notifications'] });
    await page.getByRole('complementary').getByRole('button', { name: 'Turn on' }).click();
    await isShown(page.getByText('Browser notifications are on.'));
    await page.goto(`${scene.url}/settings/notifications`);
    const toggle = page.getByRole('switch', { name: 'Show notifications on this device' });
    assert.ok(await toggle.isChecked());
    await toggle.uncheck();
    await page.reload();
    assert.ok(!(await toggle.isChecked()));
  });
});
