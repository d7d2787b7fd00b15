// node licences.mjs BUILT: writes BUILT/licences.txt, the licences of the packages that may be part of the app, which have
// to go wherever the app goes: of those that it depends on, and of all that these bring along.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

/** What pusher-js has inside its one file and does not depend on. */
const carried = ['@stablelib/base64', '@stablelib/utf8'].map((name) => ({
  name,
  licence: mit('2016 Dmitry Chestnykh'),
}));

function mit(holder) {
  return `The MIT License (MIT)

Copyright (C) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}

/** The place of the package that `name` means at `place`: the nearest node_modules on the way up has it. */
function placeOf(packages, name, place) {
  for (let above = place; ; above = above.slice(0, Math.max(0, above.lastIndexOf('/node_modules/')))) {
    const candidate = above === '' ? `node_modules/${name}` : `${above}/node_modules/${name}`;
    if (packages[candidate]) return candidate;
    if (above === '') throw new Error(`package-lock.json has no ${name}, which ${place} depends on`);
  }
}

/** The places of all packages that the one at `place` depends on, directly or not. */
function placesBelow(packages, place = '', found = new Set()) {
  for (const name of Object.keys(packages[place].dependencies ?? {})) {
    const dependency = placeOf(packages, name, place);
    if (found.has(dependency)) continue;
    found.add(dependency);
    placesBelow(packages, dependency, found);
  }
  return found;
}

const nameOf = (place) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);

function licenceAt(place) {
  const directory = join(here, place);
  const file = readdirSync(directory).find((entry) => /^licen[cs]e/i.test(entry));
  if (file !== undefined) return readFileSync(join(directory, file), 'utf8').trim();
  const { author, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const holder = typeof author === 'string' ? author : author?.name;
  if (license !== 'MIT' || !holder) throw new Error(`${place} has no file with its licence`);
  return mit(holder);
}

const [built] = process.argv.slice(2);
if (built === undefined) {
  console.error('usage: node licences.mjs BUILT');
  process.exit(2);
}
try {
  const { packages } = JSON.parse(readFileSync(join(here, 'package-lock.json'), 'utf8'));
  const own = [...placesBelow(packages)].map((place) => ({ name: nameOf(place), licence: licenceAt(place) }));
  const all = [...own, ...carried].sort((a, b) => (a.name < b.name ? -1 : 1));
  const texts = all.map(({ name, licence }) => `${name}\n${'='.repeat(name.length)}\n\n${licence}\n`);
  writeFileSync(join(built, 'licences.txt'), texts.join('\n\n'));
} catch (error) {
  console.error(`licences.mjs: ${error.message}`);
  process.exit(1);
}
