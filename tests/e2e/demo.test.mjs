// The demo page, by hand and in a browser.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { app } from '../lib/server.mjs';
import { launchBrowser, openPage } from './lib/browser.mjs';
import { suite } from './lib/suite.mjs';

const form = (fields) => new URLSearchParams(fields).toString();
const policy = [
  "base-uri 'none'",
  "connect-src 'self' ws: wss:",
  "default-src 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "img-src 'self' data:",
  "script-src 'self'",
  "style-src 'self'",
];

let browser;

/** The page, in a profile of its own. */
async function open(scene, options) {
  const page = await openPage(browser, `http://${scene.server.origin}/`, options);
  scene.atEnd(() => page.context().close());
  await page.locator('#send:enabled').waitFor();
  await page.locator('#people li').first().waitFor();
  return page;
}

/** Two people on the page; `check` has to leave nothing to complain of. */
async function withTwoPages(scene, check) {
  const complaints = [];
  const ann = await open(scene, { complaints, session: { 'parley.name': 'Ann' } });
  const bo = await open(scene, { complaints, session: { 'parley.name': 'Bo' } });
  for (const page of [ann, bo]) await page.locator('#people li').nth(1).waitFor();
  await check(ann, bo);
  assert.deepEqual(complaints, []);
}

const people = (page) => page.locator('#people li > span:nth-child(2)').allTextContents();
const send = async (page, text) => {
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
};

suite('the demo', { words: ['--demo'] }, (test) => {
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser?.close());

  for (const [path, type] of [
    ['/', 'text/html; charset=utf-8'],
    ['/assets/demo.css', 'text/css; charset=utf-8'],
    ['/assets/demo.js', 'text/javascript; charset=utf-8'],
    ['/assets/parley.svg', 'image/svg+xml'],
    ['/assets/pusher.min.js', 'text/javascript; charset=utf-8'],
  ]) {
    test(`serves ${path} under a strict policy, once`, async (scene) => {
      const answer = await scene.request({ target: path });
      assert.deepEqual([answer.status, answer.headers['content-type']], [200, type]);
      assert.deepEqual(answer.headers['content-security-policy'].split('; ').sort(), policy);
      const again = await scene.request({ target: path, headers: { 'If-None-Match': answer.headers.etag } });
      assert.deepEqual([again.status, again.text], [304, '']);
    });
  }

  test('tells its page the key and no secret', async (scene) => {
    const answer = await scene.request({ target: '/demo/config.json' });
    assert.deepEqual(answer.body, { key: app.key, path_prefix: '' });
  });

  test('signs its two channels for everybody, and no other', async (scene) => {
    const socket = await scene.connect();
    const ask = (fields) =>
      scene.request({ method: 'POST', target: '/demo/auth', body: form({ socket_id: socket.socketId, ...fields }) });
    const { body: secret } = await ask({ channel_name: 'private-demo' });
    await socket.subscribe('private-demo', { auth: secret.auth });
    const { body: presence } = await ask({ channel_name: 'presence-demo', user_id: '1', user_name: 'Zoë "Z" <b>' });
    const {
      presence: { hash },
    } = await socket.subscribe('presence-demo', { auth: presence.auth, channelData: presence.channel_data });
    assert.deepEqual(hash, { 1: { name: 'Zoë "Z" <b>' } });
    for (const name of ['private-other', 'presence-demo2', 'private-demo:x', '', 'demo']) {
      const { status, text } = await ask({ channel_name: name, user_id: '1', user_name: 'x' });
      assert.ok(status >= 400 && !text.includes(`${app.key}:`), `${name}: ${status} ${text}`);
    }
  });

  test('does not sign for a socket id that could be something else', async (scene) => {
    for (const socketId of ['', '1', '1.1:private-x', 'x']) {
      const body = form({ socket_id: socketId, channel_name: 'private-demo' });
      assert.equal((await scene.request({ method: 'POST', target: '/demo/auth', body })).status, 400);
    }
  });

  for (const [bytes, status] of [
    [4096, 400],
    [4097, 413],
  ]) {
    test(`answers a form of ${bytes} bytes with ${status}`, async (scene) => {
      const body = 'socket_id='.padEnd(bytes, 'x');
      assert.equal((await scene.request({ method: 'POST', target: '/demo/auth', body })).status, status);
    });
  }

  test('passes messages between two tabs, as text', async (scene) => {
    await withTwoPages(scene, async (ann, bo) => {
      await send(ann, 'Hello Bo <b>not bold</b> 🦊');
      await bo.locator('.message .words', { hasText: 'Hello Bo <b>not bold</b> 🦊' }).waitFor();
      await bo.locator('.message .who', { hasText: 'Ann' }).waitFor();
      assert.equal(await bo.locator('.message b', { hasText: 'not bold' }).count(), 0);
      await send(bo, 'Hello Ann');
      await ann.locator('.message:not(.mine) .words', { hasText: 'Hello Ann' }).waitFor();
      assert.equal(await ann.locator('.message.mine').count(), 1);
    });
  });

  test('shows who is here, and who has gone', async (scene) => {
    await withTwoPages(scene, async (ann, bo) => {
      assert.deepEqual((await people(ann)).sort(), ['Ann', 'Bo']);
      assert.deepEqual((await people(bo)).sort(), ['Ann', 'Bo']);
      await bo.context().close();
      await ann.getByText('Bo left').waitFor();
      assert.deepEqual(await people(ann), ['Ann']);
    });
  });

  test('shows who is typing, and no longer when the message is there', async (scene) => {
    await withTwoPages(scene, async (ann, bo) => {
      await bo.getByLabel('Message', { exact: true }).pressSequentially('Hm');
      await ann.getByText('Bo is typing…').waitFor();
      await bo.keyboard.press('Enter');
      await ann.locator('.message .words', { hasText: 'Hm' }).waitFor();
      await ann.locator('#typing:empty').waitFor({ state: 'attached' });
    });
  });

  test('forgets who stopped typing', async (scene) => {
    await withTwoPages(scene, async (ann, bo) => {
      await bo.getByLabel('Message', { exact: true }).pressSequentially('H');
      await ann.getByText('Bo is typing…').waitFor();
      await ann.locator('#typing:empty').waitFor({ state: 'attached', timeout: 15_000 });
    });
  });

  test('lets people change their names', async (scene) => {
    await withTwoPages(scene, async (ann, bo) => {
      await bo.getByLabel('You are').fill('Robert');
      await bo.getByLabel('You are').press('Enter');
      await ann.locator('#people li', { hasText: 'Robert' }).waitFor();
      assert.deepEqual((await people(ann)).sort(), ['Ann', 'Robert']);
      await send(bo, 'It is me');
      await ann.locator('.message .who', { hasText: 'Robert' }).waitFor();
    });
  });

  test('shows what a back end publishes, and what goes over the wire', async (scene) => {
    await withTwoPages(scene, async (ann) => {
      await scene.sdk.trigger('private-demo', 'message', { text: 'Hello from a terminal' });
      await ann.locator('.message .words', { hasText: 'Hello from a terminal' }).waitFor();
      await ann.locator('#wire summary', { hasText: 'message private-demo' }).last().click();
      await ann.locator('#wire details[open] pre', { hasText: 'Hello from a terminal' }).waitFor();
    });
  });

  test('keeps the person over a reload', async (scene) => {
    await withTwoPages(scene, async (ann, bo) => {
      const id = await bo.evaluate(() => sessionStorage.getItem('parley.id'));
      await bo.reload();
      await bo.locator('#people li').nth(1).waitFor();
      assert.equal(await bo.evaluate(() => sessionStorage.getItem('parley.id')), id);
      assert.deepEqual((await people(bo)).sort(), ['Ann', 'Bo']);
      assert.equal(await bo.locator('#name').inputValue(), 'Bo');
    });
  });

  test('is connected again soon after a quick restart of the server', async (scene) => {
    const page = await open(scene);
    await scene.restart('stop');
    const greetings = page.locator('#wire summary', { hasText: 'pusher:connection_established' });
    await greetings.nth(1).waitFor({ timeout: 60_000 });
    await page.locator('#send:enabled').waitFor();
    assert.equal(await page.locator('#people li').count(), 1);
  });

  test('says when the server is away', async (scene) => {
    const page = await open(scene);
    await scene.restart('stop', async () => {
      await page.locator('#state:not([data-state=connected])').waitFor();
      await page.locator('#send:disabled').waitFor();
    });
  });

  test('fits a small screen', async (scene) => {
    const page = await open(scene, { viewport: { width: 360, height: 640 } });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  });
});

suite('a server without the demo', {}, (test) => {
  test('signs nothing', async (scene) => {
    const body = form({ socket_id: '1.1', channel_name: 'private-demo' });
    for (const [method, target] of [
      ['POST', '/demo/auth'],
      ['GET', '/demo/config.json'],
      ['GET', '/assets/demo.js'],
    ]) {
      assert.equal((await scene.request({ method, target, body: method === 'POST' ? body : '' })).status, 404);
    }
  });
});
