// Telephones from 320 pixels on to wide screens, dark colours, writing from right to left.
import assert from 'node:assert/strict';

import { composer, conversationRow, message, numbered, saying, write } from './lib/chat.mjs';
import { picture } from './lib/files.mjs';
import { isLive } from './lib/live.mjs';
import { webSuite } from './lib/suite.mjs';
import { becomes, button, isGone, isShown, overflowsSideways } from './lib/ui.mjs';

const sizes = [
  { width: 320, height: 640 },
  { width: 390, height: 844 },
  { width: 1920, height: 1080 },
];
const long = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(3);
/** The least that a finger hits, in pixels. */
const targetMin = 40;

async function furnished(scene) {
  const [ann, ben] = await scene.people('Ann', 'Ben');
  const talk = await ann.direct(ben);
  await ben.sayAll(talk, [...numbered(12), long]);
  const { id } = await ben.upload('wide.png', picture(1600, 300, [20, 90, 140]), 'image/png');
  await ben.say(talk, 'wide', { attachment_ids: [id] });
  const campaign = await ann.post('/api/campaigns', {
    name: long.slice(0, 90),
    budget: 1e11,
    company_id: ann.company.id,
  });
  await ann.post('/api/financial/deposits', { amount: 1e11 }, { 'Idempotency-Key': `layout-${ann.id}` });
  return { ann, ben, talk, campaign };
}

/** The buttons and links on the screen that are too small for a finger, apart from links within text. */
const smallTargets = (page, least) =>
  page.evaluate((size) => {
    const all = [...document.querySelectorAll('button, a[href], select, textarea, input:not([type=file])')];
    return all
      .filter(
        (element) => !element.closest('.text') && !element.closest('.visually-hidden') && !element.matches('.skip'),
      )
      .map((element) => ({ element, box: (element.closest('label') ?? element).getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && box.height > 0 && (box.width < size - 0.5 || box.height < size - 0.5))
      .map(
        ({ element, box }) => `${element.outerHTML.slice(0, 90)} ${Math.round(box.width)}x${Math.round(box.height)}`,
      );
  }, least);

webSuite('layout', (test) => {
  for (const viewport of sizes) {
    test(`fits ${viewport.width} by ${viewport.height} on every page`, async (scene) => {
      const { ann, talk, campaign } = await furnished(scene);
      const isTouch = viewport.width < 800;
      const page = await scene.open(ann, '/settings/about', { viewport, hasTouch: isTouch, isMobile: isTouch });
      const pages = [
        '/chat',
        `/chat/${talk.id}`,
        '/notifications',
        '/campaigns',
        `/campaigns/${campaign.id}`,
        '/money',
        '/settings',
        '/settings/profile',
        '/settings/devices',
      ];
      const faults = [];
      for (const path of pages) {
        await page.goto(scene.url + path);
        await isShown(page.getByRole('main'));
        await page.waitForLoadState('networkidle');
        if (await overflowsSideways(page)) faults.push(`${path} is wider than the screen`);
        if (isTouch)
          faults.push(...(await smallTargets(page, targetMin)).map((target) => `too small on ${path}: ${target}`));
      }
      assert.deepEqual(faults, []);
    });
  }

  test('shows one thing at a time on a telephone, and the way back', async (scene) => {
    const { ann, ben } = await furnished(scene);
    const page = await scene.open(ann, '/chat', { viewport: sizes[0], hasTouch: true, isMobile: true });
    const list = page.getByRole('navigation', { name: 'Conversations' });
    await isShown(list);
    await conversationRow(page, ben.name).tap();
    await isShown(composer(page));
    await isGone(list);
    await isGone(page.getByRole('navigation', { name: 'Main menu' }));
    await page.getByRole('link', { name: 'All conversations' }).tap();
    await isShown(list);
    await isShown(page.getByRole('navigation', { name: 'Main menu' }));
  });

  test('begins a line with Enter on a telephone, and sends with the button', async (scene) => {
    const { ann, talk } = await furnished(scene);
    const page = await scene.open(ann, `/chat/${talk.id}`, { viewport: sizes[1], hasTouch: true, isMobile: true });
    await composer(page).tap();
    await page.keyboard.type('one');
    await page.keyboard.press('Enter');
    await page.keyboard.type('two');
    await button(page, 'Send').tap();
    await isShown(message(page, 'two'));
    await becomes(async () => (await ann.messages(talk)).at(-1).body, 'one\ntwo', 'the message as it is stored');
  });

  test('grows the field with the text up to a limit, and the end stays in sight', async (scene) => {
    const { ann, talk } = await furnished(scene);
    const page = await scene.open(ann, `/chat/${talk.id}`, { viewport: { width: 800, height: 600 } });
    await isShown(message(page, 'wide'));
    const height = async () => (await composer(page).boundingBox()).height;
    const one = await height();
    await composer(page).fill('a\nb\nc');
    await becomes(async () => (await height()) > one, true, 'a higher field');
    await composer(page).fill(numbered(40).join('\n'));
    await becomes(async () => (await height()) > 150, true, 'a much higher field');
    assert.ok((await height()) < 260);
    await composer(page).fill('');
    await becomes(height, one, 'the height of one line');
    await write(page, 'at the end');
    await isShown(message(page, 'at the end'));
  });

  test('turns everything round where people write from right to left', async (scene) => {
    const { ann, ben, talk } = await furnished(scene);
    await ben.say(talk, 'مرحبا بالجميع');
    await ann.say(talk, 'English in between');
    const page = await scene.open(ann, `/chat/${talk.id}`, { locale: 'ar' });
    const own = saying(page.getByRole('article'), 'English in between');
    const other = saying(page.getByRole('article'), 'مرحبا');
    await isShown(own);
    assert.deepEqual(await page.evaluate(() => [document.documentElement.dir, document.documentElement.lang]), [
      'rtl',
      'ar',
    ]);
    const side = async (row) => (await row.locator('.bubble').boundingBox()).x;
    assert.ok((await side(own)) < (await side(other)), 'own messages are on the left');
    const [list, pane] = [page.locator('.side'), page.locator('.pane')];
    assert.ok((await list.boundingBox()).x > (await pane.boundingBox()).x, 'the list is on the right');
    const direction = (row) => row.locator('.text').evaluate((text) => getComputedStyle(text).direction);
    assert.deepEqual([await direction(own), await direction(other)], ['ltr', 'rtl']);
    assert.ok(!(await overflowsSideways(page)));
  });

  test('speaks Arabic on every page', async (scene) => {
    const { ann, talk, campaign } = await furnished(scene);
    const page = await scene.open(ann, '/chat', { locale: 'ar', viewport: sizes[1] });
    for (const path of [
      '/chat',
      `/chat/${talk.id}`,
      '/notifications',
      `/campaigns/${campaign.id}`,
      '/money',
      '/settings/profile',
    ]) {
      await page.goto(scene.url + path);
      await isShown(page.getByRole('main'));
      await page.waitForLoadState('networkidle');
      const names = await page.evaluate(() =>
        [...document.querySelectorAll('main button, main a, main h1, main h2')].map(
          (element) => element.getAttribute('aria-label') ?? element.textContent,
        ),
      );
      // What people have written themselves stays as it is.
      const english = names.filter((name) =>
        /\b(the|Show|Save|Search|New|Settings|Money|Message|Actions|Close|Back)\b/.test(name),
      );
      assert.deepEqual(english, [], path);
      assert.ok(!(await overflowsSideways(page)), path);
    }
  });

  test('is dark where the system is dark, light where it is light, and follows when that changes', async (scene) => {
    const { ann, talk } = await furnished(scene);
    const page = await scene.open(ann, `/chat/${talk.id}`, { colorScheme: 'dark' });
    await isShown(composer(page));
    const brightness = () =>
      page.evaluate(() => {
        const [red, green, blue] = getComputedStyle(document.body)
          .backgroundColor.match(/[\d.]+/g)
          .map(Number);
        return (red + green + blue) / 3;
      });
    await becomes(async () => (await brightness()) < 80, true, 'a dark page');
    await page.emulateMedia({ colorScheme: 'light' });
    await becomes(async () => (await brightness()) > 200, true, 'a light page');
  });

  test('moves nothing for those who do not want motion', async (scene) => {
    const { ann, ben, talk } = await furnished(scene);
    const page = await scene.open(ann, `/chat/${talk.id}`, { reducedMotion: 'reduce' });
    await isShown(composer(page));
    await isLive(page, ann);
    await ben.post('/api/chat/typing', { conversation_id: talk.id });
    await isShown(page.getByText(`${ben.name} is typing…`));
    const seen = () =>
      page.evaluate(() => [document.querySelectorAll('.typing .dots').length, document.getAnimations().length]);
    await becomes(seen, [1, 0], 'somebody typing and nothing that moves');
  });
});
