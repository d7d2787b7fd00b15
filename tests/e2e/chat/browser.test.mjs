// The contracts `notification` and `platform` in a real browser: pages of another origin, with Laravel Echo and fetch.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import http from 'node:http';
import { after, before } from 'node:test';

import { app } from '../../lib/server.mjs';
import { launchBrowser, openPage } from '../lib/browser.mjs';
import { chatSuite } from './lib/scene.mjs';

const scripts = {
  '/pusher.js': '../node_modules/pusher-js/dist/web/pusher.min.js',
  '/echo.js': '../node_modules/laravel-echo/dist/echo.iife.js',
};
const markup = '<!doctype html><title>Chat</title><script src="/pusher.js"></script><script src="/echo.js"></script>';

const pages = http.createServer((request, response) => {
  if (scripts[request.url]) {
    response.writeHead(200, { 'Content-Type': 'text/javascript' });
    createReadStream(new URL(scripts[request.url], import.meta.url)).pipe(response);
  } else {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end(request.url === '/' ? markup : '');
  }
});
pages.listen(0);
await once(pages, 'listening');
const { port } = pages.address();

let browser;

/** Runs in the page: an Echo for this user, `heard` with what it is told, and `ask` for requests. */
function setUp({ server, key, token }) {
  const [host, wsPort] = server.split(':');
  const headers = { Authorization: `Bearer ${token}` };
  window.heard = [];
  window.echo = new (window.Echo.default ?? window.Echo)({
    broadcaster: 'pusher',
    key,
    cluster: '',
    wsHost: host,
    wsPort: Number(wsPort),
    forceTLS: false,
    enabledTransports: ['ws'],
    authEndpoint: `http://${server}/broadcasting/auth`,
    auth: { headers },
  });
  window.hear = (channel, ...events) =>
    new Promise((done) => {
      for (const event of events) channel.listen(event, (data) => window.heard.push([event, data]));
      channel.notification((data) => window.heard.push(['notification', data]));
      channel.subscribed(() => done('subscribed'));
      channel.error(() => done('refused'));
    });
  window.ask = async (method, path, body) => {
    const socket = { 'X-Socket-ID': window.echo.socketId() };
    const json = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await fetch(`http://${server}${path}`, {
      method,
      headers: { ...headers, ...socket, ...json },
      body: text,
    });
    return answer.status === 204 ? undefined : answer.json();
  };
}

async function openFor(device, origin, options) {
  const { scene, token } = device;
  const page = await openPage(browser, `http://${origin}:${port}/`, options);
  scene.atEnd(() => page.context().close());
  await page.evaluate(setUp, { server: scene.server.origin, key: app.key, token });
  return page;
}

/** The data of the first event of this name that the page has heard or hears. */
async function heardBy(page, event) {
  const handle = await page.waitForFunction((name) => window.heard.find(([each]) => each === name), event);
  const [, data] = await handle.jsonValue();
  return data;
}

const settings = { 'chat.allowed_origins': `http://127.0.0.1:${port}` };

chatSuite('pages in a browser', { settings }, (test) => {
  before(async () => {
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    pages.close();
  });

  test('hear of messages, and of their being read without a reload', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const conversation = await scene.direct(ann, bo);
    const complaints = [];
    const annPage = await openFor(ann, '127.0.0.1', { complaints });
    const boPage = await openFor(bo, '127.0.0.1', { complaints });
    for (const [page, { id }] of [
      [annPage, ann],
      [boPage, bo],
    ]) {
      assert.equal(await page.evaluate((user) => window.hear(window.echo.private(`users.${user}`)), id), 'subscribed');
      const names = ['.MessageSentEvent', '.MessageRead'];
      const hear = ([user, events]) => window.hear(window.echo.private(`user.${user}`), ...events);
      assert.equal(await page.evaluate(hear, [id, names]), 'subscribed');
    }
    const path = `/api/chat/conversations/${conversation.id}`;
    const post = (page, target, body) => page.evaluate((words) => window.ask('POST', ...words), [target, body]);
    const sent = await post(annPage, `${path}/messages`, { message: 'Hello from a page', temp_id: 't1' });
    const { id, ...told } = await heardBy(boPage, 'notification');
    assert.equal(typeof id, 'string');
    assert.deepEqual(told, {
      user_id: ann.id,
      conversation_id: conversation.id,
      message_id: sent.id,
      receiver_id: bo.id,
      type: 'App\\Notifications\\MessageSent',
    });
    const data = { message: sent, tempId: 't1' };
    assert.deepEqual(await heardBy(boPage, '.MessageSentEvent'), { type: 'message', data });
    await post(boPage, `${path}/read`);
    assert.equal((await heardBy(annPage, '.MessageRead')).last_read_id, sent.id);
    const read = await heardBy(annPage, 'notification');
    assert.equal(read.type, 'App\\Notifications\\MessageRead');
    assert.equal(await annPage.evaluate(() => window.heard.length), 2);
    assert.deepEqual(complaints, []);
  });

  test('of origins that are not allowed get nothing', async (scene) => {
    const ann = await scene.register('Ann');
    const page = await openFor(ann, 'localhost');
    const outcome = await page.evaluate((id) => window.hear(window.echo.private(`users.${id}`)), ann.id);
    assert.equal(outcome, 'refused');
    const failed = await page.evaluate(() => window.ask('GET', '/api/user').then(JSON.stringify, String));
    assert.match(failed, /TypeError/);
  });
});
