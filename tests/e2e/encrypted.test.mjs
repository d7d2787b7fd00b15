// End-to-end encrypted channels: the server SDK encrypts, pusher-js decrypts, the server never sees the data.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { after, before } from 'node:test';

import ServerSdk from 'pusher';

import { app } from '../lib/server.mjs';
import { launchBrowser, openPage } from './lib/browser.mjs';
import { once, subscribed, suite } from './lib/suite.mjs';

const masterKey = Buffer.alloc(32, 'a');
const bundle = createRequire(import.meta.url).resolve('pusher-js/dist/web/pusher-with-encryption.js');

/** A server SDK that encrypts, and answers authorisation requests with the channel's shared secret. */
function encryptingSdk(scene) {
  return new ServerSdk({
    appId: app.id,
    key: app.key,
    secret: app.secret,
    host: '127.0.0.1',
    port: scene.server.port,
    useTLS: false,
    agent: scene.agent,
    encryptionMasterKeyBase64: masterKey.toString('base64'),
  });
}

/** pusher-js with the shared secrets of `sdk`. */
function decryptingClient(scene, sdk) {
  return scene.pusher({
    channelAuthorization: {
      customHandler: ({ socketId, channelName }, answer) => answer(null, sdk.authorizeChannel(socketId, channelName)),
    },
  });
}

suite('an encrypted channel', {}, (test) => {
  for (const prefix of ['private-encrypted-', 'private-encrypted-cache-']) {
    test(`carries what only its ends can read: ${prefix}`, async (scene) => {
      const sdk = encryptingSdk(scene);
      const name = scene.name(prefix);
      const [eavesdropper, client] = [await scene.connect(), decryptingClient(scene, sdk)];
      await eavesdropper.subscribe(name);
      if (prefix.includes('cache-')) await eavesdropper.next();
      const channel = client.subscribe(name);
      await subscribed(channel);
      const heard = once(channel, 'secret');
      await sdk.trigger(name, 'secret', { text: 'Zürich ☃' });
      assert.deepEqual((await heard)[0], { text: 'Zürich ☃' });
      const { data } = await eavesdropper.next();
      assert.deepEqual(Object.keys(JSON.parse(data)), ['nonce', 'ciphertext']);
      assert.ok(!data.includes('rich'));
    });
  }

  test('that is a cache channel gives newcomers an event that they can decrypt', async (scene) => {
    const sdk = encryptingSdk(scene);
    const name = scene.name('private-encrypted-cache-');
    await sdk.trigger(name, 'secret', { n: 1 });
    const channel = decryptingClient(scene, sdk).subscribe(name);
    assert.deepEqual((await once(channel, 'secret'))[0], { n: 1 });
  });

  test('authorises with the shared secret of the specification', async (scene) => {
    const { shared_secret: secret } = encryptingSdk(scene).authorizeChannel('1234.1234', 'private-encrypted-foobar');
    assert.equal(secret, 'LyI8Yk6VCc8IhKGI7m/2kGuVOyT9+v64FuymLYpsA5A=');
    assert.equal(secret, createHash('sha256').update('private-encrypted-foobar').update(masterKey).digest('base64'));
  });
});

suite('the with-encryption build in a browser', {}, (test) => {
  let browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  test('decrypts', async (scene) => {
    const sdk = encryptingSdk(scene);
    const name = scene.name('private-encrypted-');
    const page = await openPage(browser, `http://${scene.server.origin}/live`);
    scene.atEnd(() => page.context().close());
    await page.exposeFunction('authorise', (socketId, channel) => sdk.authorizeChannel(socketId, channel));
    await page.addScriptTag({ path: bundle });
    await page.evaluate(
      ({ key, port, channelName }) =>
        new Promise((done, failed) => {
          const client = new window.Pusher(key, {
            cluster: '',
            wsHost: '127.0.0.1',
            wsPort: port,
            forceTLS: false,
            enabledTransports: ['ws'],
            channelAuthorization: {
              customHandler: (request, answer) =>
                window.authorise(request.socketId, request.channelName).then((auth) => answer(null, auth), answer),
            },
          });
          const channel = client.subscribe(channelName);
          channel.bind('pusher:subscription_error', (error) => failed(new Error(JSON.stringify(error))));
          channel.bind('pusher:subscription_succeeded', done);
          window.heard = new Promise((hear) => channel.bind('secret', hear));
        }),
      { key: app.key, port: scene.server.port, channelName: name },
    );
    await sdk.trigger(name, 'secret', { text: 'Zürich ☃' });
    assert.deepEqual(await page.evaluate(() => window.heard), { text: 'Zürich ☃' });
  });
});
