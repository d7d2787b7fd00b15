// Signing in and out, and making an account.
import assert from 'node:assert/strict';

import { answered } from './lib/complaints.mjs';
import { composer, conversationRow } from './lib/chat.mjs';
import { password, Person } from './lib/person.mjs';
import { webSuite } from './lib/suite.mjs';
import { becomes, button, isShown } from './lib/ui.mjs';

const email = (page) => page.getByRole('textbox', { name: 'E-mail address' });
const passwordField = (page) => page.getByLabel('Password', { exact: true });
const path = (page) => new URL(page.url()).pathname;

async function signIn(page, person, words = password) {
  await email(page).fill(person.email);
  await passwordField(page).fill(words);
  await button(page, 'Sign in').click();
}

webSuite('signing in', (test) => {
  test('leads to the page that was asked for', async (scene) => {
    const { ann, talk } = await scene.pair();
    const page = await scene.open(null, `/chat/${talk.id}`);
    await becomes(() => path(page), '/sign-in', 'the sign-in page');
    await signIn(page, ann);
    await isShown(composer(page));
    assert.equal(path(page), `/chat/${talk.id}`);
  });

  test('never leads to another site', async (scene) => {
    const [ann] = await scene.people('Ann');
    const page = await scene.open(null, '/sign-in?next=//example.com/chat');
    await signIn(page, ann);
    await becomes(() => page.url(), `${scene.url}/chat`, 'the chat');
  });

  test('says what is wrong beside the field, and lets one try again', async (scene) => {
    const [ann] = await scene.people('Ann');
    const page = await scene.open(null, '/sign-in');
    scene.complaints.expect(answered(422));
    await signIn(page, ann, 'something else');
    await isShown(page.locator('p.errors'));
    assert.equal(await email(page).getAttribute('aria-invalid'), 'true');
    assert.equal(await email(page).inputValue(), ann.email);
    await signIn(page, ann);
    await isShown(page.getByRole('navigation', { name: 'Main menu' }));
  });

  test('helps password managers, and shows the password when asked', async (scene) => {
    const page = await scene.open(null, '/sign-in');
    assert.equal(await email(page).getAttribute('autocomplete'), 'username');
    assert.equal(await passwordField(page).getAttribute('autocomplete'), 'current-password');
    await passwordField(page).fill('visible');
    await button(page, 'Show the password').click();
    await becomes(() => passwordField(page).getAttribute('type'), 'text', 'the visible password');
  });

  test('is remembered over reloads and in other tabs', async (scene) => {
    const [ann] = await scene.people('Ann');
    const profile = await scene.profile(null);
    const page = await profile.newPage();
    await page.goto(`${scene.url}/sign-in`);
    await signIn(page, ann);
    const list = page.getByRole('navigation', { name: 'Conversations' });
    await isShown(list);
    await page.reload();
    await isShown(list);
    const other = await profile.newPage();
    await other.goto(`${scene.url}/chat`);
    await isShown(other.getByRole('navigation', { name: 'Conversations' }));
  });

  test('makes an account, and tells the list of devices what it was made on', async (scene) => {
    const page = await scene.open(null, '/sign-in');
    await page.getByRole('link', { name: 'Create an account' }).click();
    await page.getByLabel('Name').fill('Noor Newcomer');
    await email(page).fill('noor@example.com');
    await passwordField(page).fill(password);
    await button(page, 'Create account').click();
    await isShown(page.getByRole('navigation', { name: 'Main menu' }));
    await page.goto(`${scene.url}/settings/devices`);
    await isShown(page.getByText(/Chrom.*Linux/));
  });

  test('refuses a taken address and a short password when an account is made', async (scene) => {
    const [ann] = await scene.people('Ann');
    const page = await scene.open(null, '/register');
    scene.complaints.expect(answered(422));
    await page.getByLabel('Name').fill('Another Ann');
    await email(page).fill(ann.email);
    await passwordField(page).fill(password);
    await button(page, 'Create account').click();
    await becomes(() => email(page).getAttribute('aria-invalid'), 'true', 'the refusal');
    assert.equal(path(page), '/register');
    assert.equal(await passwordField(page).getAttribute('minlength'), '8');
  });

  test('is possible in another language', async (scene) => {
    const page = await scene.open(null, '/sign-in');
    await page.getByRole('combobox', { name: 'Language' }).selectOption('ar');
    await becomes(() => page.evaluate(() => document.documentElement.dir), 'rtl', 'the other direction');
    await isShown(page.getByRole('heading', { name: 'تسجيل الدخول' }));
  });

  test('out ends the session here and on the server', async (scene) => {
    const [ann] = await scene.people('Ann');
    const page = await scene.open(ann, '/chat');
    await page.getByRole('button', { name: `Account of ${ann.name}` }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await isShown(email(page));
    assert.equal((await ann.ask('GET', '/api/user')).status, 401);
    assert.equal(await page.evaluate(() => localStorage.getItem('parley.session')), null);
    await page.goto(`${scene.url}/chat`);
    await isShown(email(page));
  });

  test('out in one tab ends all tabs', async (scene) => {
    const [ann] = await scene.people('Ann');
    const profile = await scene.profile(ann);
    const tabs = [await profile.newPage(), await profile.newPage()];
    for (const tab of tabs) {
      await tab.goto(`${scene.url}/chat`);
      await isShown(tab.getByRole('navigation', { name: 'Conversations' }));
    }
    await tabs[0].getByRole('button', { name: `Account of ${ann.name}` }).click();
    await tabs[0].getByRole('menuitem', { name: 'Sign out' }).click();
    for (const tab of tabs) await isShown(email(tab));
  });

  test('is asked for again at once when another device ends the session', async (scene) => {
    const { ann, talk } = await scene.pair();
    const page = await scene.open(await ann.onAnotherDevice('Lost telephone'), `/chat/${talk.id}`);
    await isShown(composer(page));
    scene.complaints.expect(answered(401), answered(403));
    const { data: devices } = await ann.get('/api/auth/tokens');
    const lost = devices.find(({ device_name: name }) => name === 'Lost telephone');
    await ann.delete(`/api/auth/tokens/${lost.id}`);
    await isShown(page.getByText(/Your session on this device has ended/));
    await signIn(page, ann);
    await isShown(composer(page));
    assert.equal(path(page), `/chat/${talk.id}`);
  });
});

webSuite(
  'a server for trying out',
  (test) => {
    test('offers its people, each with one press', async (scene) => {
      await scene.server.command('demo');
      const page = await scene.open(null, '/chat');
      await isShown(page.getByRole('heading', { name: 'This is a demo' }));
      await button(page, 'Continue as Ada Lovelace').click();
      await isShown(conversationRow(page, 'Launch'));
    });
  },
  { words: ['--demo'], nobody: true },
);

webSuite(
  'a server where nobody registers',
  (test) => {
    test('says so', async (scene) => {
      const page = await scene.open(null, '/register');
      await isShown(page.getByText(/Nobody can create an account here/));
      const refused = await new Person(scene.server, null).ask('POST', '/api/auth/register', {
        name: 'Nobody',
        email: 'nobody@example.com',
        password: 'long enough',
      });
      assert.equal(refused.status, 403);
    });
  },
  { settings: { 'chat.registration': 'off' }, nobody: true },
);
