// Where one reads stays where it is, whatever is loaded or arrives.
import assert from 'node:assert/strict';

import { composer, conversationRow, message, numbered, said, topOf, write } from './lib/chat.mjs';
import { beginStillness, checkStillness, listAtRest } from './lib/layout.mjs';
import { highlighted, lookOutFor } from './lib/sightings.mjs';
import { webSuite } from './lib/suite.mjs';
import { areShown, becomes, button, isShown } from './lib/ui.mjs';

/** What the eye forgives, in pixels. */
const tolerance = 2;

const feed = (page) => page.getByRole('feed');
const newest = (page) => page.getByRole('button', { name: /^Go to the newest message/ });

/** The first message that is wholly on the screen: its text, and where its top is. */
const topmost = (page) =>
  feed(page).evaluate((list) => {
    const edge = list.getBoundingClientRect().top;
    const row = [...list.querySelectorAll('article')].find((article) => article.getBoundingClientRect().top >= edge);
    return { text: row.querySelector('.text').textContent, top: row.getBoundingClientRect().top };
  });

/** Checks that the message of `before` has not moved. */
async function checkPlace(page, before) {
  const row = said(page, before.text);
  const top = await topOf(row);
  assert.ok(Math.abs(top - before.top) <= tolerance, `${before.text} has moved from ${before.top} to ${top}`);
}

/** Waits until all of a message is seen above the field for a new one. */
const isAboveComposer = (page, row) =>
  becomes(
    async () => {
      const [box, field] = [await row.boundingBox(), await composer(page).boundingBox()];
      return box !== null && box.y + box.height <= field.y;
    },
    true,
    'the message above the field',
  );

async function wheel(page, distance) {
  const box = await feed(page).boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.wheel(0, distance);
  await isShown(newest(page));
  await listAtRest(page);
}

/** Whether any of `row` is on the screen. */
const isInSight = (row) =>
  row.evaluateAll((elements) =>
    elements.some((element) => {
      const [box, screen] = [element, element.closest('[role=feed]')].map((one) => one.getBoundingClientRect());
      return box.bottom > screen.top && box.top < screen.bottom;
    }),
  );

/** Runs in a page before its own code: timers run late, as they may on a busy machine, except for those that run at once. */
function delayTimers() {
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (run, time = 0, ...rest) => setTimeout(run, time > 0 ? time + 60_000 : 0, ...rest);
}

/** A conversation of 10 messages that Ann has read and 150 that she has not, open at the first of those. */
async function unread(scene, viewport) {
  const { ann, ben, talk } = await scene.pair();
  await ben.sayAll(talk, numbered(10));
  await ann.read(talk);
  await ben.sayAll(talk, numbered(150, 'unread'));
  const page = await scene.open(ann, `/chat/${talk.id}`, { viewport });
  await isShown(message(page, 'unread 1'));
  await listAtRest(page);
  return { ann, ben, talk, page };
}

/** A conversation of 140 messages of different heights, open at its end. `script` runs in the page before its own code. */
async function reading(scene, script = () => undefined) {
  const { ann, ben, talk } = await scene.pair();
  const bodies = numbered(140).map((text, index) =>
    index % 5 === 0 ? `${text} ${'and more words '.repeat(index % 30)}` : text,
  );
  await ben.sayAll(talk, bodies);
  await ann.read(talk);
  const profile = await scene.profile(ann);
  await profile.addInitScript(script);
  const page = await profile.newPage();
  await page.goto(`${scene.url}/chat/${talk.id}`);
  await isShown(said(page, /earlier 140\b/));
  return { ann, ben, talk, page };
}

webSuite('scrolling', (test) => {
  test('leaves the message at the top where it is when older ones load', async (scene) => {
    const { page } = await reading(scene);
    let release;
    const released = new Promise((done) => (release = done));
    await page.route(/messages\?.*before=/, async (route) => {
      await released;
      await route.continue();
    });
    await feed(page).evaluate((list) => list.scrollTo(0, 300));
    await listAtRest(page);
    const before = await topmost(page);
    await beginStillness(page);
    const loaded = page.waitForResponse(/messages\?.*before=/);
    release();
    await loaded;
    await page.waitForFunction((list) => list.scrollTop > 1_000, await feed(page).elementHandle());
    await listAtRest(page);
    await checkPlace(page, before);
    await checkStillness(page);
  });

  for (const [viewport, reducedMotion] of [
    [{ width: 1280, height: 800 }, 'no-preference'],
    [{ width: 390, height: 844 }, 'reduce'],
  ]) {
    test(`begins where the unread ones do, or at the end if all fit, on ${viewport.width} pixels`, async (scene) => {
      const [ann, ben, cleo] = await scene.people('Ann', 'Ben', 'Cleo');
      const group = await ann.group('Talkative', ben, cleo);
      const lines = (count) => 'several words of a longer message '.repeat(count).trim();
      let asked = null;
      for (const [index, text] of numbered(10).entries()) {
        const speaker = index % 2 === 0 ? ben : cleo;
        asked = await speaker.say(group, `${text} ${lines(index % 4)}`, {
          reply_to: index % 3 === 2 ? asked.id : null,
        });
        if (index % 4 === 1) await ann.put(`/api/chat/messages/${asked.id}/reactions/${encodeURIComponent('👍')}`, {});
      }
      await ann.read(group);
      await ben.say(group, 'fresh 1');
      await cleo.say(group, `fresh 2 ${lines(3)}`, { reply_to: asked.id });
      const page = await scene.open(ann, `/chat/${group.id}`, { viewport, reducedMotion });
      await isShown(message(page, 'fresh 1'));
      await listAtRest(page);
      const marker = await page.getByText('New messages', { exact: true }).boundingBox();
      const [list, last] = [await feed(page).boundingBox(), await message(page, 'fresh 2').last().boundingBox()];
      assert.ok(marker.y >= list.y && marker.y < list.y + list.height, `the marker is on the screen, at ${marker.y}`);
      assert.ok(
        last.y + last.height <= list.y + list.height + tolerance,
        `the last message ends at ${last.y + last.height}`,
      );
    });
  }

  test('leaves the messages where they are when new ones come while one reads above', async (scene) => {
    const { ben, talk, page } = await reading(scene);
    await wheel(page, -1_500);
    const before = await topmost(page);
    await beginStillness(page);
    await ben.sayAll(talk, numbered(3, 'new'));
    await isShown(page.getByRole('button', { name: 'Go to the newest message, 3 new' }));
    await checkPlace(page, before);
    await checkStillness(page);
    await newest(page).click();
    await isShown(message(page, 'new 3'));
    await areShown(newest(page), 0);
  });

  test('leaves the messages where they are when one above is edited to be longer', async (scene) => {
    const { ben, talk, page } = await reading(scene);
    const all = await ben.messages(talk);
    await wheel(page, -400);
    const before = await topmost(page);
    const above = all.find(({ body }) => body === before.text.trim()) ?? all.at(-20);
    const target = all[all.indexOf(above) - 2];
    await ben.patch(`/api/chat/messages/${target.id}`, { body: `${target.body} ${'grown '.repeat(120)}` });
    await page.waitForFunction((text) => document.body.textContent.includes(text), 'grown grown');
    await listAtRest(page);
    await checkPlace(page, before);
  });

  test('follows new messages at the end, and one’s own from anywhere', async (scene) => {
    const { ben, talk, page } = await reading(scene);
    await ben.sayAll(talk, numbered(5, 'follows'));
    await isShown(message(page, 'follows 5'));
    await isAboveComposer(page, message(page, 'follows 5'));
    await wheel(page, -2_000);
    await write(page, 'mine');
    await isShown(message(page, 'mine'));
    await areShown(newest(page), 0);
  });

  for (const [timers, script] of [
    ['in time', undefined],
    ['late', delayTimers],
  ]) {
    test(`lets one go away from the end at the very moment in which a message comes, timers ${timers}`, async (scene) => {
      const { ben, talk, page } = await reading(scene, script);
      await feed(page).evaluate((list) => {
        const leave = () => (list.scrollTop -= 1_200);
        new MutationObserver((_changes, observer) => {
          if (!list.textContent.includes('comes in between')) return;
          observer.disconnect();
          setTimeout(leave);
        }).observe(list, { subtree: true, childList: true });
      });
      await ben.say(talk, `comes in between ${'with many words '.repeat(20)}`);
      await isShown(newest(page));
      await listAtRest(page);
      assert.equal(await isInSight(said(page, /earlier 140\b/)), false, 'the end that was left is not in sight');
      assert.equal(await isInSight(message(page, 'comes in between')), false, 'nor is the new one');
    });
  }

  test('lets one go away from a message right after one has gone to it', async (scene) => {
    const { ben, talk, page } = await reading(scene, delayTimers);
    // What is loaded above would move everything.
    await page.route(/messages\?.*before=/, () => undefined);
    const all = await ben.messages(talk);
    const goal = all.find(({ body }) => /earlier 120\b/.test(body));
    await ben.say(talk, 'an answer', { reply_to: goal.id });
    const quote = message(page, 'an answer').getByRole('button', { name: /^In reply to/ });
    // Not by a click: messages take none until a timer says that the list is at rest.
    await quote.press('Enter');
    await becomes(() => isInSight(said(page, /earlier 120\b/)), true, 'the message that one goes to');
    await feed(page).evaluate((list) => (list.scrollTop -= 700));
    await listAtRest(page);
    const before = await topmost(page);
    const longer = `${before.text.trim()} ${'grown '.repeat(120)}`;
    await ben.patch(`/api/chat/messages/${all.find(({ body }) => body === before.text.trim()).id}`, { body: longer });
    await isShown(message(page, 'grown grown'));
    await listAtRest(page);
    await checkPlace(page, { ...before, text: /grown grown/ });
    assert.equal(await isInSight(said(page, /earlier 120\b/)), false, 'the message that was left is not in sight');
  });

  test('follows the end still after one has gone to a message that is in sight', async (scene) => {
    const { ben, talk, page } = await reading(scene);
    const goal = (await ben.messages(talk)).at(-2);
    await ben.say(talk, 'an answer', { reply_to: goal.id });
    const reached = await lookOutFor(page, highlighted, goal.body);
    await message(page, 'an answer')
      .getByRole('button', { name: /^In reply to/ })
      .click();
    await reached();
    await ben.sayAll(talk, numbered(3, 'follows'));
    await isAboveComposer(page, message(page, 'follows 3'));
    await areShown(newest(page), 0);
  });

  test('stays at the first unread message on a tall screen that shows all that is loaded at first', async (scene) => {
    const { ann, talk, page } = await unread(scene, { width: 900, height: 2_400 });
    await isShown(newest(page));
    await listAtRest(page);
    assert.equal(await isInSight(message(page, 'unread 1')), true, 'the first unread message');
    const { unread_count } = await ann.get(`/api/chat/conversations/${talk.id}`);
    assert.ok(unread_count > 0, 'what is below has not been read');
  });

  test('stays where it is, and loads nothing, while the search is in its place', async (scene) => {
    const { ben, talk, page } = await unread(scene, { width: 390, height: 800 });
    const asked = [];
    await button(page, 'Search in this conversation').click();
    await areShown(feed(page), 0);
    page.on('request', (request) => asked.push(request.url()));
    await ben.say(talk, 'comes meanwhile');
    await button(page, 'Leave the search').click();
    await isShown(page.getByRole('button', { name: /^Go to the newest message, / }));
    await listAtRest(page);
    assert.equal(await isInSight(message(page, 'unread 1')), true, 'the first unread message');
    assert.ok(asked.filter((url) => url.includes('after=')).length < 2, asked.join(' '));
  });

  test('keeps the end in sight when the window becomes smaller', async (scene) => {
    const { page } = await reading(scene);
    await page.setViewportSize({ width: 900, height: 420 });
    await becomes(async () => (await feed(page).boundingBox()).height < 420, true, 'the smaller list');
    await isAboveComposer(page, said(page, /earlier 140\b/));
  });

  test('keeps following the end when the window becomes larger', async (scene) => {
    const { ben, talk, page } = await reading(scene);
    await page.setViewportSize({ width: 1280, height: 1000 });
    await becomes(async () => (await feed(page).boundingBox()).height > 800, true, 'the larger list');
    await listAtRest(page);
    await ben.say(talk, 'seen at the end');
    await isAboveComposer(page, message(page, 'seen at the end'));
    await areShown(newest(page), 0);
  });

  test('says when messages could not be loaded, and loads them when asked again', async (scene) => {
    const { page } = await reading(scene);
    scene.complaints.expect(/status of 500/);
    await page.route(/messages\?.*before=/, (route) =>
      route.fulfill({ status: 500, json: { message: 'Broken.', code: 'internal' } }),
    );
    await feed(page).evaluate((list) => list.scrollTo(0, 0));
    await isShown(page.getByText('More messages could not be loaded.'));
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.waitForFunction((list) => list.scrollTop > 500, await feed(page).elementHandle());
  });

  test('leaves the conversation as it was found when one comes back to it', async (scene) => {
    const { ann, page, talk } = await reading(scene);
    await conversationRow(page, 'Firm').click();
    await isShown(page.getByText('No messages yet. Say hello!'));
    await page.goBack();
    await isShown(said(page, /earlier 140\b/));
    assert.equal((await ann.get(`/api/chat/conversations/${talk.id}`)).unread_count, 0);
  });
});
