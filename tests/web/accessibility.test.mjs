// axe finds no serious problem on any screen or in any dialog: light, dark, and from right to left.
import { AccessibilityReport } from './lib/axe.mjs';
import { composer, message, numbered, saying } from './lib/chat.mjs';
import { picture } from './lib/files.mjs';
import { webSuite } from './lib/suite.mjs';
import { isGone, isShown } from './lib/ui.mjs';

/** Somebody with something on every screen. */
async function somebodyBusy(scene) {
  const [ann, ben, cleo] = await scene.people('Ann', 'Ben', 'Cleo');
  const [talk, group] = [await ann.direct(ben), await ann.group('Choir', ben, cleo)];
  const [first] = await ann.sayAll(talk, ['hello', 'see https://example.com']);
  await ben.say(talk, 'an answer', { reply_to: first.id });
  await ben.put(`/api/chat/messages/${first.id}/reactions/${encodeURIComponent('👍')}`, {});
  const { id } = await ben.upload('view.png', picture(320, 200, [90, 140, 60]), 'image/png');
  await ben.say(talk, 'a picture', { attachment_ids: [id] });
  const { id: notes } = await ann.upload('notes.txt', 'words', 'text/plain');
  await ann.say(talk, 'a file', { attachment_ids: [notes] });
  await ben.sayAll(group, [...numbered(3, 'verse'), `@${ann.name} sing!`]);
  const campaign = await ann.post('/api/campaigns', {
    name: 'Harvest',
    budget: 5_000,
    user_ids: [ben.id],
    company_id: ann.company.id,
  });
  for (const [kind, amount] of [
    ['deposits', 9_000],
    ['withdrawals', 1_000],
  ])
    await ann.post(`/api/financial/${kind}`, { amount }, { 'Idempotency-Key': `axe-${ann.id}-${kind}` });
  await ann.put(`/api/users/${cleo.id}/block`, {});
  return { ann, ben, talk, group, campaign };
}

/** A message, whatever the language. */
const article = (page, text) => saying(page.getByRole('article'), text);

const screens = ({ talk, group, campaign }) => [
  ['/chat', (page) => page.locator('[data-conversation]').first()],
  [`/chat/${talk.id}`, (page) => article(page, 'a file')],
  [`/chat/${group.id}`, (page) => article(page, 'sing!')],
  ['/notifications', (page) => page.getByRole('main').getByRole('listitem').first()],
  ['/campaigns', (page) => page.getByRole('main').getByRole('link').first()],
  [`/campaigns/${campaign.id}`, (page) => page.getByRole('heading', { name: 'Harvest' })],
  ['/money', (page) => page.getByRole('main').getByRole('listitem').first()],
  ['/settings/profile', (page) => page.getByRole('main').getByRole('textbox').first()],
  ['/settings/devices', (page) => page.getByRole('main').locator('li.device').first()],
  ['/settings/appearance', (page) => page.getByRole('radio').first()],
  ['/settings/notifications', (page) => page.getByRole('switch')],
  ['/settings/blocked', (page) => page.getByRole('main').locator('li.person')],
  ['/settings/about', (page) => page.locator('a[href="/licences.txt"]')],
];

async function checkScreens(scene, options) {
  const world = await somebodyBusy(scene);
  const page = await scene.open(world.ann, '/settings/about', options);
  const report = new AccessibilityReport();
  for (const [path, landmark] of screens(world)) {
    await page.goto(scene.url + path);
    await isShown(landmark(page));
    await report.look(page, path);
  }
  report.check();
}

/** Opens something, looks at it, and closes it with the Escape key. */
async function lookAtOpened(report, page, what, open, landmark) {
  await open();
  await isShown(landmark);
  await report.look(page, what);
  await page.keyboard.press('Escape');
  await isGone(landmark);
}

const named = (page, name) => page.getByRole('button', { name, exact: true }).first();

webSuite('accessibility', (test) => {
  test('of every screen in light colours', (scene) => checkScreens(scene, { colorScheme: 'light' }));
  test('of every screen in dark colours', (scene) => checkScreens(scene, { colorScheme: 'dark' }));
  test('of every screen in Arabic', (scene) => checkScreens(scene, { locale: 'ar' }));
  test('of every screen on a telephone', (scene) =>
    checkScreens(scene, { viewport: { width: 390, height: 844 }, hasTouch: true }));

  for (const colorScheme of ['light', 'dark']) {
    test(`of signing in and registering in ${colorScheme} colours`, async (scene) => {
      const report = new AccessibilityReport();
      const page = await scene.open(null, '/sign-in', { colorScheme });
      await isShown(page.getByRole('heading', { name: 'Sign in' }));
      await report.look(page, 'signing in');
      await page.goto(`${scene.url}/register`);
      await isShown(page.getByRole('heading', { name: 'Create an account' }));
      await report.look(page, 'registering');
      report.check();
    });

    test(`of the dialogs of the chat in ${colorScheme} colours`, async (scene) => {
      const { ann, ben, talk, group } = await somebodyBusy(scene);
      const report = new AccessibilityReport();
      const page = await scene.open(ann, `/chat/${talk.id}`, { colorScheme });
      await isShown(message(page, 'a file'));
      const opened = (name) => page.getByRole('dialog', { name, exact: true });
      const menu = async (entry) => {
        await message(page, 'hello').first().hover();
        await named(message(page, 'hello').first(), 'Actions for this message').click();
        if (entry) await page.getByRole('menuitem', { name: entry, exact: true }).click();
      };
      await lookAtOpened(report, page, 'the actions', () => menu(), page.getByRole('menu'));
      await lookAtOpened(report, page, 'deleting', () => menu('Delete'), opened('Delete this message?'));
      await lookAtOpened(report, page, 'receipts', () => menu('Read by'), opened('Read by'));
      await lookAtOpened(
        report,
        page,
        'reacting',
        () => menu('More emoji'),
        opened('Emoji').getByRole('grid').or(opened('Emoji').getByRole('tabpanel')).first(),
      );
      await lookAtOpened(report, page, 'replying', () => menu('Reply'), named(page, 'Cancel the reply'));
      await lookAtOpened(
        report,
        page,
        'a picture',
        () => named(page, 'Picture view.png').click(),
        opened('Picture view.png').getByRole('img'),
      );
      await lookAtOpened(
        report,
        page,
        'new conversation',
        () => named(page, 'New conversation').click(),
        opened('New conversation').getByRole('checkbox').first(),
      );
      const details = async () => {
        await named(page, 'Conversation menu').click();
        await page.getByRole('menuitem', { name: 'Details' }).click();
      };
      await lookAtOpened(report, page, 'details', details, opened(ben.name));
      await page.goto(`${scene.url}/chat/${group.id}`);
      await isShown(composer(page));
      await lookAtOpened(report, page, 'details of a group', details, opened('Choir'));
      await page.getByRole('searchbox').fill('verse');
      // Said when everything has been answered; until then what was found before stands back.
      await isShown(page.getByText('3 messages found.', { exact: true }));
      await report.look(page, 'search');
      report.check();
    });
  }

  test('of the dialogs of campaigns and money', async (scene) => {
    const { ann, campaign } = await somebodyBusy(scene);
    const report = new AccessibilityReport();
    const page = await scene.open(ann, `/campaigns/${campaign.id}`);
    for (const [name, title] of [
      ['Activate', 'Activate'],
      ['Change the budget', 'Change the budget'],
      ['Rename', 'Rename the campaign'],
      ['Add members', 'Add members'],
      ['New campaign', 'New campaign'],
    ])
      await lookAtOpened(
        report,
        page,
        title,
        () => named(page, name).click(),
        page.getByRole('dialog', { name: title, exact: true }),
      );
    await page.goto(`${scene.url}/money`);
    for (const name of ['Deposit', 'Withdraw'])
      await lookAtOpened(
        report,
        page,
        name,
        () => named(page, name).click(),
        page.getByRole('dialog', { name: `${name} money` }),
      );
    const desk = await scene.open(scene.owner, '/money/withdrawals');
    await isShown(named(desk, `Pay out $10.00 to ${ann.name}`));
    await report.look(desk, 'withdrawals');
    await lookAtOpened(
      report,
      desk,
      'paying out',
      () => named(desk, `Pay out $10.00 to ${ann.name}`).click(),
      desk.getByRole('dialog'),
    );
    report.check();
  });
});
