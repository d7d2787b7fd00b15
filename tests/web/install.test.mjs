// The app on the home screen: its manifest, its icons, and the service worker that keeps the app and nothing else.
import assert from 'node:assert/strict';

import { composer, message, write } from './lib/chat.mjs';
import { noConnection } from './lib/complaints.mjs';
import { webSuite } from './lib/suite.mjs';
import { becomes, isShown } from './lib/ui.mjs';

/** Width and height of a PNG, from its header. */
const sizeOf = (bytes) => `${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`;

async function installed(scene, person, path) {
  const page = await scene.open(person, path, { serviceWorkers: 'allow' });
  await isShown(page.getByRole('navigation', { name: 'Main menu' }));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  return page;
}

webSuite('installing', (test) => {
  test('is offered: a manifest with a name, a start and icons that exist', async (scene) => {
    const page = await scene.open(null, '/sign-in');
    const address = await page.locator('link[rel=manifest]').getAttribute('href');
    const manifest = await (await fetch(scene.url + address)).json();
    assert.deepEqual([manifest.name, manifest.start_url, manifest.display], ['Parley', '/chat', 'standalone']);
    assert.ok(manifest.short_name && manifest.theme_color && manifest.background_color);
    for (const { src, sizes, type } of manifest.icons) {
      const answer = await fetch(new URL(src, `${scene.url}${address}`));
      assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, type], src);
      if (type === 'image/png') assert.equal(sizeOf(Buffer.from(await answer.arrayBuffer())), sizes, src);
    }
    const pngs = manifest.icons.filter(({ type }) => type === 'image/png');
    assert.ok(['192x192', '512x512'].every((size) => pngs.some(({ sizes }) => sizes === size)));
    assert.ok(manifest.icons.some(({ purpose }) => purpose?.includes('maskable')));
    assert.equal(
      (await fetch(`${scene.url}${await page.locator('link[rel=apple-touch-icon]').getAttribute('href')}`)).status,
      200,
    );
  });

  test('finds nothing that speaks against it', async (scene) => {
    const [ann] = await scene.people('Ann');
    const page = await installed(scene, ann, '/chat');
    const session = await page.context().newCDPSession(page);
    const errors = async () => {
      const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
      // Contexts of the tests are private windows.
      return installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito');
    };
    await becomes(errors, [], 'nothing against it');
  });

  test('keeps the files of the app on the device, and nothing that was said', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ben.say(talk, 'a confidential matter');
    const page = await installed(scene, ann, `/chat/${talk.id}`);
    await isShown(message(page, 'a confidential matter'));
    const kept = await page.evaluate(async () => {
      const files = [];
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
          files.push([new URL(request.url).pathname, await (await cache.match(request)).text()]);
        }
      }
      return files;
    });
    assert.ok(kept.some(([path]) => path === '/'));
    assert.ok(kept.some(([path]) => /^\/assets\/.*\.js$/.test(path)));
    assert.deepEqual(
      kept.filter(([path]) => /^\/(api|broadcasting|app|web)\//.test(path)),
      [],
    );
    assert.deepEqual(
      kept.filter(([, text]) => text.includes('confidential')).map(([path]) => path),
      [],
    );
  });

  for (const path of ['/chat', '/settings/about', '/sign-in']) {
    test(`opens ${path} without a connection`, async (scene) => {
      scene.complaints.expect(noConnection);
      const [ann] = await scene.people('Ann');
      const person = path === '/sign-in' ? null : ann;
      const page = await scene.open(person, path, { serviceWorkers: 'allow' });
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      await page.context().setOffline(true);
      await page.reload();
      const landmark = person
        ? page.getByRole('navigation', { name: 'Main menu' })
        : page.getByRole('heading', { name: 'Sign in' });
      await isShown(landmark);
    });
  }

  test('does not stand between the app and the server', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    const page = await installed(scene, ann, `/chat/${talk.id}`);
    await page.reload();
    await isShown(composer(page));
    await write(page, 'through the worker');
    await ben.say(talk, 'and back');
    await isShown(message(page, 'and back'));
    const stored = async () => (await ann.messages(talk)).map(({ body }) => body).sort();
    await becomes(stored, ['and back', 'through the worker'], 'what is stored');
  });
});
