// How much the first load of the chat takes.
import assert from 'node:assert/strict';
import http from 'node:http';

import { composer, conversationRow, message } from './lib/chat.mjs';
import { webSuite } from './lib/suite.mjs';
import { isShown } from './lib/ui.mjs';

const firstLoadMax = 120 * 1024;

/** What is of the app itself: neither data nor icons. */
const isApp = (path) => !/^\/(api|broadcasting|web)\//.test(path) && !/\.(svg|png|webmanifest)$/.test(path);

/** How many bytes the body of an answer has on its way, compressed by gzip. */
function transferSize(url) {
  return new Promise((done, failed) => {
    const asked = http.get(url, { headers: { 'Accept-Encoding': 'gzip' } }, (answer) => {
      let size = 0;
      answer.on('data', (chunk) => (size += chunk.length));
      answer.on('end', () => done(size));
    });
    asked.on('error', failed);
  });
}

/** The files that a page has loaded from the server, and has whole. */
const fetched = (page) =>
  page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({ name, transferSize }) => name.includes('/assets/') && transferSize > 0)
      .map(({ name }) => name),
  );

webSuite('size', (test) => {
  test('of all that the chat needs to show a conversation is under 120 KB', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ben.say(talk, 'hello');
    // Without a service worker: what that one keeps for later is no part of the first load.
    const profile = await scene.profile(ann, { serviceWorkers: 'block' });
    const loaded = new Map();
    profile.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (isApp(pathname)) loaded.set(pathname, request.url());
    });
    const page = await profile.newPage();
    await page.goto(`${scene.url}/chat/${talk.id}`);
    await isShown(conversationRow(page, ben.name));
    await isShown(message(page, 'hello'));
    const sizes = await Promise.all([...loaded].map(async ([path, url]) => [path, await transferSize(url)]));
    const sum = sizes.reduce((total, [, size]) => total + size, 0);
    const table = sizes.sort(([, a], [, b]) => b - a).map(([path, size]) => `${String(size).padStart(7)} ${path}`);
    console.log(`first load of the chat: ${(sum / 1024).toFixed(1)} KB in ${sizes.length} files\n${table.join('\n')}`);
    assert.ok(sum < firstLoadMax, `${sum} bytes`);
  });

  test('of what stays the same is loaded once: the second time it comes from the cache', async (scene) => {
    const { ann, talk } = await scene.pair();
    const page = await scene.open(ann, `/chat/${talk.id}`);
    await isShown(composer(page));
    const before = await fetched(page);
    assert.ok(before.length > 5, before.join(' '));
    await page.goto(`${scene.url}/chat`);
    await page.goto(`${scene.url}/chat/${talk.id}`);
    await isShown(composer(page));
    // What comes later, when the page has come to rest, may come now for the first time.
    assert.deepEqual(
      (await fetched(page)).filter((name) => before.includes(name)),
      [],
    );
  });
});
