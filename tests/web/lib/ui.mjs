import assert from 'node:assert/strict';

import { eventually } from '../../lib/deadline.mjs';

export const isShown = (locator) => locator.waitFor({ state: 'visible' });
export const isGone = (locator) => locator.waitFor({ state: 'hidden' });

/** Waits until exactly `count` are drawn. */
export const areShown = (locator, count) =>
  eventually(
    () => locator.count(),
    (now) => now === count,
    `${count} of ${locator}`,
  );

/** Waits until `ask`, a function of the page, answers with `wanted`. */
export async function becomes(ask, wanted, what) {
  let last;
  const asking = eventually(
    async () => (last = await ask()),
    (answer) => JSON.stringify(answer) === JSON.stringify(wanted),
    what,
  );
  await asking.catch((error) => assert.deepEqual(last, wanted, error.message));
}

/** A dialog by its title. */
export const dialog = (page, name) => page.getByRole('dialog', { name, exact: true });

export const button = (place, name) => place.getByRole('button', { name, exact: true });

/** A word that came up at the edge of the screen. */
export const toast = (page, text) => page.getByRole('status').or(page.getByRole('alert')).filter({ hasText: text });

/** What has the focus: its name, else its text. */
export const focused = (page) =>
  page.evaluate(() => {
    const { activeElement: element } = document;
    return element.getAttribute('aria-label') ?? element.textContent.trim();
  });

/** Waits until this element has the focus. */
export const hasFocus = (locator) =>
  becomes(() => locator.evaluate((element) => element === document.activeElement), true, `focus of ${locator}`);

/** Whether something is wider than the screen, so that one has to scroll sideways. */
export const overflowsSideways = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
