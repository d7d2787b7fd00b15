/** What the service worker does with a request: answers a page, a file of the app, or leaves it to the network. */
export type Treatment = 'page' | 'file' | 'network';

/** A request, as far as it matters here. */
export interface Asked {
  method: string;
  /** `navigate` where the browser goes to another page. */
  mode: string;
  url: string;
}

// What is said in the app, and what the server says of itself, is never kept. `/app` and `/apps` are the channels'.
const live = /^\/(api|apps?|broadcasting|web)(\/|$)/;
// A path that ends like a file's is no page.
const named = /\.\w+$/;
/** Files below it have their hash in their name: they never change. */
export const hashedPrefix = '/assets/';

/** How to treat a request of a page at `origin`, where `files` are the paths of the app's files. */
export function treatmentOf({ method, mode, url }: Asked, origin: string, files: ReadonlySet<string>): Treatment {
  const { origin: askedOrigin, pathname } = new URL(url);
  if (method !== 'GET' || askedOrigin !== origin || live.test(pathname)) return 'network';
  if (mode === 'navigate') return named.test(pathname) ? 'network' : 'page';
  return files.has(pathname) || pathname.startsWith(hashedPrefix) ? 'file' : 'network';
}
