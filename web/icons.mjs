// node icons.mjs: makes the PNG icons in public/ from public/parley.svg, with the Chromium of this machine (or $CHROMIUM).
// Run it when the SVG has changed, and commit what it makes.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const directory = fileURLToPath(new URL('public', import.meta.url));
const drawing = readFileSync(join(directory, 'parley.svg'), 'utf8');

// `part`: how much of the width the drawing takes. Of a maskable icon, systems cut away all but the inner 80 %.
const icons = [
  { name: 'icon-192.png', size: 192, part: 1, ground: 'transparent' },
  { name: 'icon-512.png', size: 512, part: 1, ground: 'transparent' },
  { name: 'icon-maskable-512.png', size: 512, part: 0.56, ground: '#ffffff' },
  { name: 'apple-touch-icon.png', size: 180, part: 0.72, ground: '#ffffff' },
];

const page = ({ size, part, ground }) => `<!doctype html>
<style>
  body { margin: 0; display: grid; place-items: center; width: ${size}px; height: ${size}px; background: ${ground}; }
  svg { width: ${size * part}px; height: ${size * part}px; }
</style>
${drawing}`;

const work = mkdtempSync(join(tmpdir(), 'parley-icons-'));
try {
  for (const icon of icons) {
    const source = join(work, `${icon.name}.html`);
    writeFileSync(source, page(icon));
    execFileSync(process.env.CHROMIUM ?? '/usr/bin/chromium', [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--hide-scrollbars',
      '--force-device-scale-factor=1',
      '--default-background-color=00000000',
      `--user-data-dir=${join(work, 'profile')}`,
      `--window-size=${icon.size},${icon.size}`,
      `--screenshot=${join(directory, icon.name)}`,
      `file://${source}`,
    ]);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
