// node types.mjs: makes src/api/schema.d.ts, the types of the API, from the server's OpenAPI description.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import openapi, { astToString } from 'openapi-typescript';

const fragments = fileURLToPath(new URL('../src/chat/http/openapi', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'parley-types-'));
try {
  const merged = join(directory, 'openapi.json');
  const names = readdirSync(fragments).filter((name) => name.endsWith('.json') && name !== 'base.json');
  const files = ['base.json', ...names.sort()].map((name) => join(fragments, name));
  execFileSync('python3', [join(fragments, 'merge.py'), merged, ...files]);
  const source = astToString(await openapi(pathToFileURL(merged)));
  writeFileSync(new URL('src/api/schema.d.ts', import.meta.url), source);
} finally {
  rmSync(directory, { recursive: true });
}
