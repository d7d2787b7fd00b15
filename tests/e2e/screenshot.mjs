// node screenshot.mjs: makes docs/demo.png, two people on the demo page side by side.
import { fileURLToPath } from 'node:url';

import { Server } from '../lib/server.mjs';
import { launchBrowser, openPage } from './lib/browser.mjs';

const picture = fileURLToPath(new URL('../../docs/demo.png', import.meta.url));

/** A page as a window with a title, on a ground that the two share. */
const frame = (image, width, dark) => `
  <figure style="width:${width}px;background:${dark ? '#0b0e0c' : '#e3e6e0'}">
    <i></i><i></i><i></i><img width="${width}" src="data:image/png;base64,${image.toString('base64')}">
  </figure>`;

const collage = (left, right) => `<!doctype html><style>
  html { background: #1d4b47; }
  body { display: flex; gap: 28px; align-items: center; margin: 0; padding: 36px; width: max-content;
 }
  figure { margin: 0; border-radius: 12px; overflow: hidden; box-shadow: 0 6px 16px rgb(0 0 0 / 35%); line-height: 0; }
  i { display: inline-block; width: 11px; height: 11px; margin: 11px 0 11px 11px; border-radius: 50%; background: #8a948d; }
  img { display: block; }
</style>${frame(left, 1000, false)}${frame(right, 390, true)}`;

async function converse(ann, bo) {
  const say = async (page, listener, text) => {
    await page.getByLabel('Message', { exact: true }).fill(text);
    await page.keyboard.press('Enter');
    await listener.locator('.words', { hasText: text }).waitFor();
  };
  await say(ann, bo, 'Hi Ben! Are you on the train already?');
  await say(bo, ann, 'Yes, window seat.');
  await say(bo, ann, 'Did the order come through?');
  await say(ann, bo, 'Shipped a minute ago. Every open tab saw it.');
  await bo.getByLabel('Message', { exact: true }).pressSequentially('Great, th');
  await ann.getByText('Ben is typing…').waitFor();
  await ann.evaluate(() => document.activeElement.blur());
}

const server = await Server.start({ words: ['--demo'] });
const browser = await launchBrowser();
try {
  const url = `http://${server.origin}/`;
  const person = (id, name) => ({ 'parley.id': id, 'parley.name': name });
  const view = (width, height, colorScheme) => ({ viewport: { width, height }, colorScheme, deviceScaleFactor: 1.5 });
  const ann = await openPage(browser, url, { session: person('ann', 'Ann'), ...view(1000, 680, 'light') });
  const bo = await openPage(browser, url, { session: person('ben-2', 'Ben'), ...view(390, 680, 'dark') });
  for (const page of [ann, bo]) await page.locator('#people li').nth(1).waitFor();
  await converse(ann, bo);

  const [left, right] = [await ann.screenshot(), await bo.screenshot()];
  const page = await browser.newPage({ deviceScaleFactor: 1.5 });
  await page.setContent(collage(left, right));
  await page.locator('body').screenshot({ path: picture });
} finally {
  await browser.close();
  await server.stop();
}
