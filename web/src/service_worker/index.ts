import { hashedPrefix, treatmentOf } from './routing';
import type { ServiceWorkerScope } from './scope';

// Keeps the app's own files so that it opens without a connection. What people say is not its business. A new version
// fills a cache of its own and takes over when no tab of the old one is open any more, so that those find all their files.

/** Of this build: the hash of all files, and their paths. standalone_scripts.ts puts them in. */
declare const PARLEY_SHELL: { version: string; files: string[] };

const scope = globalThis as unknown as ServiceWorkerScope;
const prefix = 'parley-shell-';
const cacheName = prefix + PARLEY_SHELL.version;
const files: ReadonlySet<string> = new Set(PARLEY_SHELL.files);

/** The page that the app draws everything in. */
const indexPath = '/';

/** A page waits this long for the server, in milliseconds; then the kept one is shown. */
const pageTimeout = 3_000;

async function keepFiles(): Promise<void> {
  const cache = await caches.open(cacheName);
  // Names with a hash may come from the browser's own cache; the others are asked for anew.
  const requests = [...files, indexPath].map((path) => {
    return new Request(path, { cache: path.startsWith(hashedPrefix) ? 'default' : 'reload' });
  });
  await cache.addAll(requests);
}

async function takeOver(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== cacheName);
  await Promise.all(old.map((name) => caches.delete(name)));
  await scope.clients.claim();
}

/** Rejects without an answer, with one too late, and with one of something in front of a server that is down. */
async function freshPage(request: Request): Promise<Response> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), pageTimeout);
  try {
    const answer = await fetch(request, { signal: timeout.signal });
    if (answer.status >= 500) throw new Error(`The server answered ${answer.status}`);
    return answer;
  } finally {
    clearTimeout(timer);
  }
}

async function page(request: Request): Promise<Response> {
  try {
    return await freshPage(request);
  } catch (error) {
    const kept = await caches.match(indexPath, { cacheName });
    if (kept) return kept;
    throw error;
  }
}

/** What is not kept from the beginning, since few need it, is kept from when it was needed. */
async function file(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  const { pathname } = new URL(request.url);
  const kept = await cache.match(pathname);
  if (kept) return kept;
  const answer = await fetch(request);
  // Without room for it, it is asked for again the next time.
  if (answer.ok) await cache.put(pathname, answer.clone()).catch(() => undefined);
  return answer;
}

scope.addEventListener('install', (event) => event.waitUntil(keepFiles()));
scope.addEventListener('activate', (event) => event.waitUntil(takeOver()));
scope.addEventListener('fetch', (event) => {
  const treatment = treatmentOf(event.request, location.origin, files);
  if (treatment === 'page') event.respondWith(page(event.request));
  if (treatment === 'file') event.respondWith(file(event.request));
});
