// Two scripts that are not modules of the app, built on their own and added to the files of its build.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build, type Plugin, type ResolvedConfig, type Rollup } from 'vite';

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const firstPaint = 'src/first_paint.ts';
const serviceWorker = 'src/service_worker/index.ts';

/** The code of `entry` and all that it imports, as one classic script. `constants`: names that become values. */
async function bundled(entry: string, constants: Record<string, unknown> = {}): Promise<string> {
  const define = Object.entries(constants).map(([name, value]) => [name, JSON.stringify(value)]);
  const result = (await build({
    configFile: false,
    logLevel: 'warn',
    define: Object.fromEntries(define) as Record<string, string>,
    publicDir: false,
    build: {
      target: 'es2021',
      write: false,
      modulePreload: false,
      rollupOptions: { input: pathOf(entry), output: { format: 'iife' } },
    },
  })) as Rollup.RollupOutput;
  return result.output[0].code;
}

/** Runs src/first_paint.ts before anything is drawn: a classic script in the head, since modules wait. */
export function firstPaintScript(): Plugin {
  let reference = '';
  let path = `/${firstPaint}`;
  let isBuild = false;
  return {
    name: 'parley:first-paint',
    configResolved(config) {
      isBuild = config.command === 'build';
    },
    async buildStart() {
      if (!isBuild) return;
      this.addWatchFile(pathOf(firstPaint));
      reference = this.emitFile({ type: 'asset', name: 'first_paint.js', source: await bundled(firstPaint) });
    },
    generateBundle: {
      order: 'pre',
      handler() {
        path = `/${this.getFileName(reference)}`;
      },
    },
    transformIndexHtml() {
      const attrs = isBuild ? { src: path } : { src: path, type: 'module' };
      return [{ tag: 'script', attrs, injectTo: 'head' }];
    },
  };
}

/** Whether all that is in a file is data, which is large and wanted by few: it is not kept before it is asked for. */
const isData = (file: Rollup.OutputAsset | Rollup.OutputChunk): boolean =>
  file.type === 'chunk' && file.moduleIds.length > 0 && file.moduleIds.every((id) => id.endsWith('.json'));

const publicFiles = (directory: string): string[] => readdirSync(directory).sort();

/** Makes /sw.js of src/service_worker, which knows the files of this build. */
export function serviceWorkerScript(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'parley:service-worker',
    apply: 'build',
    configResolved(resolved) {
      config = resolved;
    },
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const hash = createHash('sha256');
        const built = Object.values(bundle).filter(({ fileName }) => !fileName.endsWith('.map'));
        for (const file of built) hash.update(file.fileName).update(file.type === 'chunk' ? file.code : file.source);
        const fixed = publicFiles(config.publicDir);
        for (const name of fixed) hash.update(name).update(readFileSync(join(config.publicDir, name)));
        const kept = built.filter((file) => !isData(file)).map(({ fileName }) => fileName);
        // The index is kept under the path of the page.
        const names = [...kept, ...fixed].filter((name) => name !== 'index.html');
        const shell = { version: hash.digest('hex').slice(0, 12), files: names.sort().map((name) => `/${name}`) };
        this.emitFile({
          type: 'asset',
          fileName: 'sw.js',
          source: await bundled(serviceWorker, { PARLEY_SHELL: shell }),
        });
      },
    },
  };
}
