import { chromium } from 'playwright-core';

import { chromiumOptions } from '../../lib/chromium.mjs';

/** A browser with a new, empty profile. */
export function launchBrowser() {
  return chromium.launch(chromiumOptions);
}

/** Opens `url` in a profile of its own. `complaints` collects what the page reports as wrong. */
export async function openPage(browser, url, { complaints = [], session = {}, ...options } = {}) {
  const context = await browser.newContext(options);
  await context.addInitScript((items) => {
    for (const [name, value] of Object.entries(items)) sessionStorage.setItem(name, value);
  }, session);
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('requestfailed', (request) => complaints.push(`${request.url()}: ${request.failure().errorText}`));
  await page.goto(url);
  return page;
}
