// A conversation of 100,000 messages: it opens at its end, scrolls both ways without gaps, and keeps little of it.
import assert from 'node:assert/strict';

import { eventually } from '../lib/deadline.mjs';
import { composer, said } from './lib/chat.mjs';
import { listAtRest } from './lib/layout.mjs';
import { isLive } from './lib/live.mjs';
import { fillHistory } from './lib/long_history.mjs';
import { highlighted, lookOutFor } from './lib/sightings.mjs';
import { webSuite } from './lib/suite.mjs';
import { becomes, isShown } from './lib/ui.mjs';

const total = 100_000;
const middle = total / 2;
/** More rows than this are never in the document: a screen, and what lies close to it. */
const rowsMax = 120;

/** How long the wheel is turned at most to get somewhere, in milliseconds; meanwhile many pages are loaded. */
const wheelPatience = 120_000;

/** Notes the time between frames from now on; the returned function ends that and tells it in milliseconds. */
async function measureFrames(page) {
  await page.evaluate(() => {
    const gaps = [];
    globalThis.parleyFrames = gaps;
    let last = performance.now();
    const look = (now) => {
      gaps.push(now - last);
      last = now;
      if (globalThis.parleyFrames) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  return async () => {
    const gaps = await page.evaluate(() => {
      const measured = globalThis.parleyFrames;
      globalThis.parleyFrames = null;
      return measured.sort((a, b) => a - b);
    });
    const at = (part) => Math.round(gaps[Math.min(gaps.length - 1, Math.floor(gaps.length * part))]);
    return `${gaps.length} frames: median ${at(0.5)} ms, 95% ${at(0.95)} ms, longest ${at(1)} ms`;
  };
}

/** The numbers of the messages in the document, in the order of the document. */
const numbers = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('[role=feed] article .text')].map((text) => Number(/\d+/.exec(text.textContent)[0])),
  );

/** Checks that no message is missing among those in the document, and none is there twice. */
function checkWhole(seen) {
  assert.ok(seen.length > 0 && seen.length <= rowsMax, `${seen.length} rows`);
  for (const [index, number] of seen.entries()) {
    // A row that has the focus stays in the document wherever it is.
    if (index > 0 && index < seen.length - 1) assert.equal(number, seen[index - 1] + 1, seen.join(' '));
  }
}

/** Turns the wheel until the message `wanted` has been reached, and checks the rows all the way. */
async function scrollTo(page, wanted, step) {
  const box = await page.getByRole('feed').boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const turn = async () => {
    await page.mouse.wheel(0, step);
    const seen = (await numbers(page)).slice(1, -1);
    checkWhole(seen);
    return seen;
  };
  // A step may be longer than what is drawn.
  const isReached = (seen) => (step < 0 ? seen[0] <= wanted : seen.at(-1) >= wanted);
  await eventually(turn, isReached, `message ${wanted}`, wheelPatience);
}

/** The messages on the screen, and where their tops are. */
const onScreen = (page) =>
  page.getByRole('feed').evaluate((list) => {
    const edge = list.getBoundingClientRect();
    return [...list.querySelectorAll('article')]
      .map((row) => ({ text: row.querySelector('.text').textContent, box: row.getBoundingClientRect() }))
      .filter(({ box }) => box.bottom > edge.top && box.top < edge.bottom)
      .map(({ text, box }) => `${text} at ${box.top}`);
  });

/** Everything that the tests of this file share. */
const world = {};

async function begin(scene) {
  if (!world.talk) {
    Object.assign(world, await scene.pair());
    const { start } = await scene.stopServer();
    Object.assign(world, await fillHistory(scene.directory, world.talk, [world.ann, world.ben], total));
    await start();
  }
}

async function opened(scene, path = '') {
  await begin(scene);
  return scene.open(world.ann, `/chat/${world.talk.id}${path}`);
}

/** Opened at the message in the middle, which stands out for a moment. */
async function openedInTheMiddle(scene) {
  await begin(scene);
  const page = await (await scene.profile(world.ann)).newPage();
  const reached = await lookOutFor(page, highlighted, `number ${middle}`);
  await page.goto(`${scene.url}/chat/${world.talk.id}/${world.first + middle - 1}`);
  await reached();
  return page;
}

webSuite('a history of 100,000 messages', (test) => {
  test('opens at its end, with few rows in the document', async (scene) => {
    const page = await opened(scene);
    await isShown(said(page, `number ${total}`));
    checkWhole(await numbers(page));
  });

  test('scrolls back over a thousand messages and forth again, without gaps', async (scene) => {
    const page = await opened(scene);
    await isShown(said(page, `number ${total}`));
    const measured = await measureFrames(page);
    await scrollTo(page, total - 1_500, -1_800);
    await scrollTo(page, total - 1, 1_800);
    console.log(`scrolling by wheel over 1,500 messages and back: ${await measured()}`);
    await isShown(said(page, `number ${total}`));
  });

  test('keeps a bounded part of it: the way back is loaded again', async (scene) => {
    const page = await opened(scene);
    await isShown(said(page, `number ${total}`));
    await scrollTo(page, total - 1_500, -2_400);
    const isNewest = (url) => url.includes(`/${world.talk.id}/messages?`) && !/[?&](before|after|around)=/.test(url);
    const asked = page.waitForResponse((answer) => isNewest(answer.url()));
    await page.getByRole('button', { name: /^Go to the newest message/ }).click();
    await asked;
    await isShown(said(page, `number ${total}`));
  });

  test('goes to its very beginning and back to its end', async (scene) => {
    await begin(scene);
    const page = await opened(scene, `/${world.first}`);
    await isShown(said(page, 'number 1'));
    const seen = await numbers(page);
    assert.equal(seen[0], 1);
    checkWhole(seen);
    await scrollTo(page, 200, 1_200);
    await page.getByRole('button', { name: /^Go to the newest message/ }).click();
    await isShown(said(page, `number ${total}`));
    checkWhole(await numbers(page));
  });

  test('goes on by keys, and from the middle in both directions', async (scene) => {
    const page = await openedInTheMiddle(scene);
    checkWhole(await numbers(page));
    await said(page, `number ${middle}`).focus();
    for (let press = 0; press < 90; press += 1) await page.keyboard.press('ArrowUp');
    const reached = () => page.evaluate(() => /\d+/.exec(document.activeElement.querySelector('.text').textContent)[0]);
    await becomes(reached, String(middle - 90), 'the message 90 before');
    await page.keyboard.press('End');
    await isShown(said(page, `number ${total}`));
  });

  test('takes new messages at its end while one reads far above, and nothing moves', async (scene) => {
    const page = await openedInTheMiddle(scene);
    await isLive(page, world.ann);
    await listAtRest(page);
    const before = await onScreen(page);
    assert.ok(
      before.some((row) => row.startsWith(`number ${middle} at`)),
      before.join(', '),
    );
    await world.ben.say(world.talk, 'number 100001');
    await isShown(page.getByRole('button', { name: 'Go to the newest message, 1 new' }));
    assert.deepEqual(await onScreen(page), before);
    await page.getByRole('button', { name: 'Go to the newest message, 1 new' }).click();
    await isShown(said(page, 'number 100001'));
    await isShown(composer(page));
  });
});
