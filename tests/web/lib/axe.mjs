import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What fades in or out has come to its end; what goes on for ever is left alone. */
const fadesEnded = (page) =>
  page.evaluate(async () => {
    const ending = document.getAnimations().filter(({ effect }) => Number.isFinite(effect.getComputedTiming().endTime));
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });

/** The serious problems that axe finds in what a page shows now. */
async function seriousProblems(page) {
  await fadesEnded(page);
  await page.evaluate(source);
  const violations = await page.evaluate(async () => {
    const { violations: found } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return found.map(({ id, impact, nodes }) => ({
      id,
      impact,
      where: nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`),
    }));
  });
  return violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
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
