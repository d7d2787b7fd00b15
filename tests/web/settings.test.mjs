// One's profile, devices, appearance and language.
import assert from 'node:assert/strict';

import { conversationRow } from './lib/chat.mjs';
import { answered } from './lib/complaints.mjs';
import { password } from './lib/person.mjs';
import { webSuite } from './lib/suite.mjs';
import { areShown, becomes, button, dialog, isShown } from './lib/ui.mjs';

const card = (page, name) => page.getByRole('region', { name, exact: true });
const device = (page, name) => page.getByRole('main').getByRole('listitem').filter({ hasText: name });
const root = (page, ask) => page.evaluate(ask);

webSuite('settings', (test) => {
  test('change the name, which everybody sees', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ann.say(talk, 'hi');
    const page = await scene.open(ann, '/settings/profile');
    await card(page, 'Change the name').getByLabel('Name').fill('Ann Renamed');
    await button(page, 'Save the name').click();
    await isShown(page.getByText('Saved.'));
    const there = await scene.open(ben);
    await isShown(conversationRow(there, 'Ann Renamed'));
  });

  test('change the e-mail address only with the password', async (scene) => {
    const [ann] = await scene.people('Ann');
    const page = await scene.open(ann, '/settings/profile');
    const form = card(page, 'Change the e-mail address');
    scene.complaints.expect(answered(422));
    await form.getByLabel('E-mail address').fill('new.ann@example.com');
    await form.getByLabel('Current password').fill('a wrong one');
    await button(form, 'Save the e-mail address').click();
    await becomes(() => form.getByLabel('Current password').getAttribute('aria-invalid'), 'true', 'the refusal');
    await form.getByLabel('Current password').fill(password);
    await button(form, 'Save the e-mail address').click();
    await isShown(page.getByText('Saved.'));
    assert.equal((await ann.get('/api/user')).email, 'new.ann@example.com');
  });

  test('change the password, which signs out all other devices', async (scene) => {
    const [ann] = await scene.people('Ann');
    const page = await scene.open(ann, '/settings/profile');
    const other = await scene.open(await ann.onAnotherDevice());
    await isShown(other.getByRole('navigation', { name: 'Main menu' }));
    scene.complaints.expect(answered(401), answered(403));
    const form = card(page, 'Change the password');
    await form.getByLabel('Current password').fill(password);
    await form.getByLabel('New password').fill('another good password');
    await button(form, 'Save the password').click();
    await isShown(page.getByText('The password is changed.'));
    await isShown(other.getByText(/Your session on this device has ended/));
    assert.equal((await ann.ask('GET', '/api/user')).status, 200);
  });

  test('list the devices, and sign one out, which hears of it at once', async (scene) => {
    const [ann] = await scene.people('Ann');
    const other = await scene.open(await ann.onAnotherDevice('Old tablet'));
    await isShown(other.getByRole('navigation', { name: 'Main menu' }));
    const page = await scene.open(ann, '/settings/devices');
    await isShown(device(page, 'Test').getByText('This device'));
    scene.complaints.expect(answered(401), answered(403));
    await button(page, 'Sign out Old tablet').click();
    await button(dialog(page, 'Sign out'), 'Sign out').click();
    await areShown(device(page, 'Old tablet'), 0);
    await isShown(other.getByText(/Your session on this device has ended/));
  });

  test('sign out all other devices', async (scene) => {
    const [ann] = await scene.people('Ann');
    for (const name of ['One', 'Two']) await ann.onAnotherDevice(name);
    const page = await scene.open(ann, '/settings/devices');
    await areShown(page.getByRole('main').locator('li.device'), 3);
    await button(page, 'Sign out all other devices').click();
    await button(dialog(page, 'Sign out all other devices'), 'Sign out').click();
    await areShown(page.getByRole('main').locator('li.device'), 1);
    await becomes(async () => (await ann.get('/api/auth/tokens')).data.length, 1, 'the one session');
  });

  test('change the theme, at once and from the first paint of the next start', async (scene) => {
    const [ann] = await scene.people('Ann');
    const page = await scene.open(ann, '/settings/appearance', { colorScheme: 'light' });
    const ground = () => root(page, () => getComputedStyle(document.body).backgroundColor);
    await page.getByRole('radio', { name: 'Dark' }).check();
    await becomes(() => root(page, () => document.documentElement.dataset.theme), 'dark', 'the theme');
    const dark = await ground();
    await page.reload({ waitUntil: 'commit' });
    await isShown(page.getByRole('radio', { name: 'Dark' }));
    assert.equal(await ground(), dark);
    await page.getByRole('radio', { name: 'Light' }).check();
    await becomes(async () => (await ground()) !== dark, true, 'the light ground');
    await page.getByRole('radio', { name: 'As the system' }).check();
    await page.emulateMedia({ colorScheme: 'dark' });
    await becomes(ground, dark, 'the dark ground');
  });

  test('change the language, of everything and for good', async (scene) => {
    const [ann] = await scene.people('Ann');
    const page = await scene.open(ann, '/settings/appearance');
    await page.getByRole('main').getByRole('combobox').selectOption('ar');
    await isShown(page.getByRole('heading', { name: 'الإعدادات' }));
    await page.reload();
    await isShown(page.getByRole('heading', { name: 'الإعدادات' }));
    assert.deepEqual(await root(page, () => [document.documentElement.lang, document.documentElement.dir]), [
      'ar',
      'rtl',
    ]);
  });

  test('tell the version, and the licences of what is in it', async (scene) => {
    const [ann] = await scene.people('Ann');
    const page = await scene.open(ann, '/settings/about');
    await isShown(page.getByText(/^Version \d+\.\d+\.\d+$/));
    assert.equal(
      await page.getByRole('link', { name: 'Licences of the libraries in it' }).getAttribute('href'),
      '/licences.txt',
    );
  });
});
