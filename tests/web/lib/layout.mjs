import assert from 'node:assert/strict';

/** The most that a page may shift in all while people use it; "good" to Core Web Vitals is up to 0.1. */
export const shiftMax = 0.01;

/** Runs in every page before its own code: notes what moves without being moved, also right after input. */
export function recordShifts() {
  const shifts = [];
  globalThis.parleyShifts = shifts;
  const describe = ({ node, previousRect: from, currentRect: to }) => {
    const element = node?.nodeType === 1 ? node : node?.parentElement;
    const name = element ? `${element.tagName.toLowerCase()}.${element.className}` : 'something that is gone';
    return `${name} ${from.x},${from.y} ${from.width}x${from.height} -> ${to.x},${to.y} ${to.width}x${to.height}`;
  };
  new PerformanceObserver((list) => {
    for (const { value, sources } of list.getEntries()) shifts.push({ value, moved: sources.map(describe) });
  }).observe({ type: 'layout-shift', buffered: true });
}

/** Two frames: what has been laid out by then has been painted and measured. */
export const painted = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))));

/** Waits until the list of messages has come to rest: wheels turn on, and rows are measured as they come into the document. */
export const listAtRest = (page) =>
  page.getByRole('feed').evaluate(async (list) => {
    const look = () => `${list.scrollTop} ${list.scrollHeight}`;
    for (let still = 0, before = look(); still < 10; before = look()) {
      await new Promise((done) => requestAnimationFrame(done));
      still = look() === before ? still + 1 : 0;
    }
  });

/** Forgets what has moved so far. */
export async function beginStillness(page) {
  await painted(page);
  await page.evaluate(() => void (globalThis.parleyShifts.length = 0));
}

/** Checks that hardly anything has moved since `beginStillness`, or since the page was opened. */
export async function checkStillness(page, most = shiftMax) {
  await painted(page);
  const shifts = await page.evaluate(() => globalThis.parleyShifts);
  const sum = shifts.reduce((total, { value }) => total + value, 0);
  assert.ok(sum <= most, `moved by ${sum.toFixed(4)}:\n${shifts.flatMap(({ moved }) => moved).join('\n')}`);
  return sum;
}
