// node embed.mjs BUILT EMBEDDED: makes sources of the files in the directory BUILT, which Vite has written.
//
// EMBEDDED/bodies.bin has the bytes of all of them, each also compressed where that makes it smaller; assets.cpp puts
// these into the program and defines parley::web::assets() over them. The same input gives the same bytes.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

// By the ending of the name; a file that is compressed already is not compressed again.
const types = {
  '.css': { type: 'text/css; charset=utf-8', compress: true },
  '.html': { type: 'text/html; charset=utf-8', compress: true },
  '.ico': { type: 'image/x-icon', compress: true },
  '.js': { type: 'text/javascript; charset=utf-8', compress: true },
  '.json': { type: 'application/json', compress: true },
  '.png': { type: 'image/png', compress: false },
  '.svg': { type: 'image/svg+xml', compress: true },
  '.txt': { type: 'text/plain; charset=utf-8', compress: true },
  '.webmanifest': { type: 'application/manifest+json', compress: true },
};

// As Vite names what it has bundled: the name, eight characters of hash, the ending.
const hashedName = /^\/assets\/.*-[\w-]{8}\.\w+$/;

/** Paths of all files below `directory`, from there and with a slash in front, in the order of their bytes. */
function pathsBelow(directory, prefix = '') {
  const entries = readdirSync(join(directory, prefix), { withFileTypes: true });
  const paths = entries.flatMap((entry) => {
    const path = `${prefix}/${entry.name}`;
    return entry.isDirectory() ? pathsBelow(directory, path) : [path];
  });
  return paths.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

function brotli(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params });
}

/** The file at `path` with its bodies; an absent one is empty. */
function readAsset(directory, path) {
  const known = types[extname(path)];
  if (!known) throw new Error(`there is no content type for ${path}; add one to embed.mjs`);
  const identity = readFileSync(join(directory, path));
  if (identity.length === 0) throw new Error(`${path} is empty`);
  const smaller = (compressed) => (compressed.length < identity.length ? compressed : Buffer.alloc(0));
  return {
    path,
    type: known.type,
    name: hashedName.test(path) ? 'hashed' : 'fixed',
    identity,
    gzip: known.compress ? smaller(gzipSync(identity, { level: constants.Z_BEST_COMPRESSION })) : Buffer.alloc(0),
    brotli: known.compress ? smaller(brotli(identity)) : Buffer.alloc(0),
  };
}

const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');
const quote = (text) => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** Puts bodies one behind the other. */
class Bodies {
  #chunks = [];
  #size = 0;

  /** Adds a body; the C++ expression for it. */
  add(bytes) {
    if (bytes.length === 0) return '{}';
    const begin = this.#size;
    this.#chunks.push(bytes);
    this.#size += bytes.length;
    return `{{parley_web_bodies + ${begin}, ${bytes.length}}, ${quote(`"${digest(bytes).slice(0, 16)}"`)}}`;
  }

  get bytes() {
    return Buffer.concat(this.#chunks);
  }
}

// The bytes come in through the assembler, since a compiler would take long for so large an array.
const cppSource = (file, size, rows) => `// Made by web/embed.mjs.
#include "web/assets.hpp"

#include <array>

asm(R"(
    .pushsection .rodata
    .global parley_web_bodies
    .type parley_web_bodies, %object
    .balign 16
parley_web_bodies:
    .incbin ${quote(file)}
    .size parley_web_bodies, . - parley_web_bodies
    .popsection
)");

extern "C" const char parley_web_bodies[${size}];

namespace parley::web {

namespace {

constexpr std::array table = {
${rows.join('\n')}
};

}  // namespace

std::span<const Asset> assets() { return table; }

}  // namespace parley::web
`;

function embed(built, embedded) {
  const assets = pathsBelow(built)
    .filter((path) => extname(path) !== '.map')
    .map((path) => readAsset(built, path));
  if (!assets.some(({ path }) => path === '/index.html')) throw new Error(`${built} has no index.html`);

  const bodies = new Bodies();
  const rows = assets.map((asset) => {
    const views = [asset.identity, asset.gzip, asset.brotli].map((body) => bodies.add(body));
    const words = [quote(asset.path), quote(asset.type), `AssetName::${asset.name}`];
    return `    Asset{${words.join(', ')},\n          ${views.join(',\n          ')}},`;
  });
  mkdirSync(embedded, { recursive: true });
  const file = join(embedded, 'bodies.bin');
  writeFileSync(file, bodies.bytes);
  writeFileSync(join(embedded, 'assets.cpp'), cppSource(file, bodies.bytes.length, rows));
}

const [built, embedded] = process.argv.slice(2);
if (embedded === undefined) {
  console.error('usage: node embed.mjs BUILT EMBEDDED');
  process.exit(2);
}
try {
  embed(built, embedded);
} catch (error) {
  console.error(`embed.mjs: ${error.message}`);
  process.exit(1);
}
