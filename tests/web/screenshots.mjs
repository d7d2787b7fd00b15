// npm run screenshots: makes docs/screenshots, the main screens with the demo data.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { chromiumOptions } from '../lib/chromium.mjs';
import { Server } from '../lib/server.mjs';
import { composer } from './lib/chat.mjs';
import { isShown } from './lib/ui.mjs';

const folder = fileURLToPath(new URL('../../docs/screenshots', import.meta.url));
const wide = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

/** Opens a conversation of the list, in any language. */
const conversation = (title) => async (page) => {
  await page.locator('[data-conversation]', { hasText: title }).first().click();
  await isShown(page.getByRole('article').last());
};

async function openCampaign(page) {
  await page.getByRole('link').filter({ hasText: 'Spring launch' }).click();
  await isShown(page.getByRole('heading', { name: 'Spring launch' }));
}

/** Each picture: who is seen, where, on what kind of screen, and what is done before. */
const pictures = {
  chat: { path: '/chat', act: conversation('Launch') },
  'chat-dark': { path: '/chat', colorScheme: 'dark', act: conversation('Grace Hopper') },
  'chat-phone': { path: '/chat', viewport: phone, isMobile: true, hasTouch: true, act: conversation('Launch') },
  'list-phone': { path: '/chat', viewport: phone, isMobile: true, hasTouch: true },
  'chat-arabic': { path: '/chat', locale: 'ar', act: conversation('Grace Hopper') },
  search: { path: '/chat', act: search },
  campaigns: { path: '/campaigns', act: openCampaign },
  money: { who: 'linus', path: '/money' },
  withdrawals: { path: '/money/withdrawals' },
};

async function search(page) {
  await conversation('Launch')(page);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('the');
  await isShown(page.locator('mark').first());
}

async function signIn(server, name) {
  const body = JSON.stringify({
    email: `${name}@example.com`,
    password: 'parley-demo',
    device_name: 'Firefox on Linux',
  });
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(`http://${server.origin}/api/auth/login`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`${name} cannot sign in: ${answer.status}`);
  return answer.json();
}

async function take(browser, server, name, { who = 'ada', path, act, ...options }) {
  const localStorage = [{ name: 'parley.session', value: JSON.stringify(await signIn(server, who)) }];
  const origin = `http://${server.origin}`;
  const context = await browser.newContext({
    locale: 'en-US',
    timezoneId: 'UTC',
    viewport: wide,
    reducedMotion: 'reduce',
    serviceWorkers: 'block',
    storageState: { cookies: [], origins: [{ origin, localStorage }] },
    ...options,
  });
  const page = await context.newPage();
  await page.goto(origin + path);
  await isShown(page.getByRole('main'));
  await page.waitForLoadState('networkidle');
  await act?.(page);
  await page.waitForFunction(() => !document.querySelector('[aria-busy=true], .renewing'));
  const field = composer(page);
  if (await field.isVisible()) await field.blur();
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
  await context.close();
}

const directory = await mkdtemp(join(tmpdir(), 'parley-screenshots-'));
const server = await Server.start({ words: ['--demo'], directory });
const browser = await chromium.launch(chromiumOptions);
try {
  await server.command('demo');
  await mkdir(folder, { recursive: true });
  for (const [name, options] of Object.entries(pictures)) await take(browser, server, name, options);
} finally {
  await browser.close();
  await server.stop();
  await rm(directory, { recursive: true, force: true });
}
