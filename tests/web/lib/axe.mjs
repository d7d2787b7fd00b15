import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

import { eventually } from '../../lib/deadline.mjs';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Runs in a page: shows everything as it is when it has faded in or out and stands still, until `parleyMove`. */
function holdStill() {
  const still = new CSSStyleSheet();
  still.replaceSync('*, ::before, ::after, ::backdrop { animation: none !important; transition: none !important; }');
  document.adoptedStyleSheets.push(still);
  globalThis.parleyMove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== still);
  };
}

/** Runs in a page: what axe finds, and whether the page stayed as it was while axe looked at it. */
async function lookOnce() {
  let isSame = true;
  const observer = new MutationObserver(() => (isSame = false));
  observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
  isSame &&= observer.takeRecords().length === 0;
  observer.disconnect();
  const found = violations.map(({ id, impact, nodes }) => ({
    id,
    impact,
    where: nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`),
  }));
  return { found, isSame };
}

/** The serious problems that axe finds in what a page shows now; it looks again when the page changed meanwhile. */
async function seriousProblems(page) {
  await page.evaluate(source);
  await page.evaluate(holdStill);
  const { found } = await eventually(
    () => page.evaluate(lookOnce),
    ({ isSame }) => isSame,
    'page that stays as it is while axe looks',
  );
  await page.evaluate(() => globalThis.parleyMove());
  return found.filter(({ impact }) => ['serious', 'critical'].includes(impact));
}

/** Collects what axe finds, so that all of it is told at once. */
export class AccessibilityReport {
  #problems = [];

  /** Looks at what `page` shows now, which is `what`. */
  async look(page, what) {
    for (const problem of await seriousProblems(page)) this.#problems.push({ what, ...problem });
  }

  check() {
    assert.deepEqual(this.#problems, [], 'what axe says');
  }
}
