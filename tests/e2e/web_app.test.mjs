// The web app over HTTP: its files, its pages, and what it is told of the server.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { pathOf } from '../lib/program.mjs';
import { app } from '../lib/server.mjs';
import { suite } from './lib/suite.mjs';

const types = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};
const pages = [
  '/',
  '/sign-in',
  '/register',
  '/chat',
  '/chat/7',
  '/chat/7/1024',
  '/notifications',
  '/campaigns',
  '/campaigns/7',
  '/money',
  '/money/withdrawals',
  '/settings',
  '/settings/devices',
];
const guards = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};
const policy = [
  "base-uri 'none'",
  "connect-src 'self'",
  "default-src 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "img-src 'self' blob:",
  "manifest-src 'self'",
  "media-src 'self' blob:",
  "require-trusted-types-for 'script'",
  "script-src 'self'",
  "style-src 'self'",
  'trusted-types vue parley',
  "worker-src 'self'",
];
const decoders = { br: brotliDecompressSync, gzip: gunzipSync, identity: (bytes) => bytes };

/** What Vite has built: the bytes of each file by its path. */
function builtFiles(directory = pathOf('web/dist'), prefix = '') {
  const files = new Map();
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const [place, path] = [join(directory, entry.name), `${prefix}/${entry.name}`];
    if (entry.isDirectory()) for (const file of builtFiles(place, path)) files.set(...file);
    else if (extname(path) !== '.map') files.set(path, readFileSync(place));
  }
  return files;
}

/** The paths of the app's router, each with and without what may be left out, with an example of each parameter. */
function routerPaths() {
  const source = readFileSync(new URL('../../web/src/app/router.ts', import.meta.url), 'utf8');
  const templates = [...source.matchAll(/\bpath: '([^']+)'/g)].map(([, template]) => template);
  const examples = { conversation: '7', message: '1024', campaign: '7', section: 'devices' };
  return templates
    .filter((template) => template !== '/:unknown(.*)') // which is what the router does with no path of its own
    .flatMap((template) => {
      const [, fixed, parameters] = template.match(/^(\/[^:]*?)((?:\/:.*)?)$/);
      const values = [...parameters.matchAll(/\/:(\w+)[^/]*/g)].map(([segment, name]) => {
        assert.ok(examples[name] && segment.endsWith('?'), `${template}: this test knows no ${segment}`);
        return `/${examples[name]}`;
      });
      return [fixed, ...values.map((_, index) => fixed + values.slice(0, index + 1).join(''))];
    });
}

const urlOf = (path) => (path === '/index.html' ? '/' : path);

/** Asks for a file in one coding; the answer must decode to `bytes`. */
async function checkFile(scene, path, bytes, coding) {
  const target = urlOf(path);
  const answer = await scene.request({ target, headers: { 'Accept-Encoding': coding } });
  const sent = answer.headers['content-encoding'] ?? 'identity';
  const what = `${path} in ${coding}`;
  assert.deepEqual([answer.status, answer.headers['content-type']], [200, types[extname(path)]], what);
  assert.ok([coding, 'identity'].includes(sent), `${what}: ${sent}`);
  assert.deepEqual(decoders[sent](answer.bytes), bytes, what);
  assert.equal(answer.bytes.length < bytes.length, sent !== 'identity', what);
  assert.equal(answer.headers.vary, 'Accept-Encoding', what);
  const headers = { 'Accept-Encoding': coding, 'If-None-Match': answer.headers.etag };
  const again = await scene.request({ target, headers });
  assert.deepEqual([again.status, again.text], [304, ''], what);
  return answer.headers;
}

suite('the web app', { words: ['--demo'] }, (test) => {
  test('serves every file that was built, in every coding', async (scene) => {
    let compressed = 0;
    for (const [path, bytes] of builtFiles()) {
      const tags = new Map();
      for (const coding of Object.keys(decoders)) {
        const headers = await checkFile(scene, path, bytes, coding);
        tags.set(headers['content-encoding'], headers.etag);
      }
      assert.equal(new Set(tags.values()).size, tags.size, `${path}: a tag for each coding`);
      compressed += tags.size - 1;
    }
    assert.ok(compressed > 4);
  });

  test('lets caches keep what has a hash in its name, and nothing else', async (scene) => {
    let kept = 0;
    for (const path of builtFiles().keys()) {
      const { headers } = await scene.request({ target: urlOf(path) });
      const hashed = /^\/assets\/.*-[\w-]{8}\.\w+$/.test(path);
      const expected = hashed ? 'public, max-age=31536000, immutable' : 'no-cache';
      assert.equal(headers['cache-control'], expected, path);
      kept += hashed;
    }
    assert.ok(kept >= 2);
  });

  test('answers every page with the index, which has no inline code', async (scene) => {
    const { text: index } = await scene.request({ target: '/' });
    for (const target of pages) {
      const { status, text } = await scene.request({ target });
      assert.deepEqual([status, text === index], [200, true], target);
    }
    assert.doesNotMatch(index, /<style|\sstyle=|\son\w+=|javascript:/);
    for (const [tag] of index.matchAll(/<script\b[^>]*>/g)) assert.match(tag, /\ssrc="\/assets\//);
  });

  test('answers every path of its router, and no other with a page', () => {
    assert.deepEqual(routerPaths().sort(), [...pages].sort());
  });

  test('guards every answer of its own', async (scene) => {
    for (const target of [...pages, '/web/config.json', ...[...builtFiles().keys()].map(urlOf)]) {
      const { headers } = await scene.request({ target });
      for (const [name, value] of Object.entries(guards)) assert.equal(headers[name], value, `${target} ${name}`);
      assert.deepEqual(headers['content-security-policy'].split('; ').sort(), policy, target);
      for (const feature of ['camera', 'microphone', 'geolocation'])
        assert.ok(headers['permissions-policy'].split(', ').includes(`${feature}=()`), `${target} ${feature}`);
    }
  });

  test('announces with HEAD what GET sends', async (scene) => {
    for (const target of ['/', '/chat/7', '/web/config.json']) {
      const get = await scene.request({ target });
      const head = await scene.request({ method: 'HEAD', target });
      assert.deepEqual([head.status, head.text], [200, ''], target);
      for (const name of ['content-type', 'content-length', 'etag', 'cache-control'])
        assert.equal(head.headers[name], get.headers[name], `${target} ${name}`);
    }
  });

  for (const target of [
    '/index.html',
    '/chat/',
    '/chat/1/2/3',
    '/assets/nothing.js',
    '/assets/',
    '/web/',
    '/nothing',
  ]) {
    test(`has nothing at ${target}`, async (scene) => {
      const { status, body } = await scene.request({ target, headers: { Accept: 'text/html' } });
      assert.deepEqual([status, body.code], [404, 404]);
    });
  }

  test('comes with the licences of what it contains', async (scene) => {
    const { text } = await scene.request({ target: '/licences.txt' });
    // Also of what they bring along.
    for (const name of ['pusher-js', 'tweetnacl', '@stablelib/base64', 'vue', '@vue/runtime-dom', 'vue-router'])
      assert.match(text, new RegExp(`^${name}$`, 'm'));
    assert.ok(text.match(/^Copyright/gm).length >= 3);
  });

  for (const target of ['/', '/chat/7', '/web/config.json']) {
    test(`only reads ${target}`, async (scene) => {
      const { status, headers } = await scene.request({ method: 'POST', target, body: 'x=1' });
      assert.deepEqual([status, headers.allow], [405, 'GET, HEAD, OPTIONS']);
    });
  }

  test('is told of the server, and no secret', async (scene) => {
    const { status, headers, body, text } = await scene.request({ target: '/web/config.json' });
    assert.deepEqual([status, headers['cache-control']], [200, 'no-cache']);
    assert.match(body.version, /^\d+\.\d+\.\d+$/);
    assert.deepEqual(body.app, { key: app.key, path_prefix: '' });
    assert.deepEqual([body.registration, body.event_namespace, body.home_company_id], ['open', '', 1]);
    assert.ok(['user', 'platform'].every((contract) => body.contracts.includes(contract)));
    assert.deepEqual(body.money, { currency: 'USD', self_deposit: true, max_amount: 1e12 });
    for (const [name, value] of Object.entries(body.limits)) assert.ok(Number.isSafeInteger(value) && value > 0, name);
    assert.ok(!text.includes(app.secret) && !text.includes('sqlite'), text);
    const headersAgain = { 'If-None-Match': headers.etag };
    assert.equal((await scene.request({ target: '/web/config.json', headers: headersAgain })).status, 304);
  });

  test('offers the demo people, who can log in', async (scene) => {
    await scene.server.command('demo');
    const { demo } = (await scene.request({ target: '/web/config.json' })).body;
    assert.equal(demo.people.length, 4);
    for (const { name, email } of demo.people) {
      const body = JSON.stringify({ email, password: demo.password });
      const headers = { 'Content-Type': 'application/json' };
      const answer = await scene.request({ method: 'POST', target: '/api/auth/login', headers, body });
      assert.deepEqual([answer.status, answer.body?.user?.name], [200, name], answer.text);
    }
  });
});

suite('a server without the demo', {}, (test) => {
  test('offers nobody', async (scene) => {
    const { body, text } = await scene.request({ target: '/web/config.json' });
    assert.equal(body.demo, null);
    assert.doesNotMatch(text, /password":"|@/);
  });
});

for (const [why, settings, warning] of [
  ['with the web app off', { 'web.enabled': false }],
  ['without the chat', { 'chat.enabled': false }],
  ['without a contract that the web app needs', { 'chat.contracts': 'user,notification' }, /lacks platform,/],
]) {
  suite(`a server ${why}`, { settings, words: ['--demo'] }, (test) => {
    test('answers a plain greeting and has no page', async (scene) => {
      const { status, headers, text } = await scene.request({ target: '/' });
      assert.deepEqual([status, headers['content-type'], text], [200, 'text/plain; charset=utf-8', 'OK']);
      for (const target of [...pages.slice(1), '/web/config.json', ...[...builtFiles().keys()].map(urlOf)])
        if (target !== '/') assert.equal((await scene.request({ target })).status, 404, target);
    });

    test(warning ? 'says why in its log' : 'has nothing to warn of', async (scene) => {
      if (warning) await scene.server.logged('setting', (entry) => warning.test(entry.warning));
      else assert.doesNotMatch(scene.server.log, /"event":"setting"/);
    });
  });
}
