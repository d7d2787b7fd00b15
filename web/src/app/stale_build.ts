const storageKey = 'parley.reloaded_at';

/** Two reloads for this reason are at least this far apart, in milliseconds. */
const pauseBetweenReloads = 60_000;

/** Whether the server is there: a page that is loaded anew without it is lost. */
async function serverAnswers(): Promise<boolean> {
  try {
    return (await fetch('/', { method: 'HEAD', cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}

/** How many parts of the app are being loaded that nobody waits for. */
let loadingAhead = 0;

/**
 * Loads a part of the app before it is needed, if it can be had. Nobody's page is loaded anew over it: once the part is
 * needed it is asked for again.
 */
export async function loadAhead(load: () => Promise<unknown>): Promise<void> {
  loadingAhead += 1;
  await load().catch(() => undefined);
  loadingAhead -= 1;
}

/**
 * A server that has been updated no longer has the files that a page from before has not loaded yet: the page is loaded
 * anew. What one has written is kept. Where there is a service worker, it has those files still.
 */
export function reloadWhenStale(): void {
  addEventListener('vite:preloadError', () => {
    if (loadingAhead === 0) void reloadOnce();
  });
}

async function reloadOnce(): Promise<void> {
  const last = Number(sessionStorage.getItem(storageKey) ?? 0);
  if (!navigator.onLine || Date.now() - last < pauseBetweenReloads || !(await serverAnswers())) return;
  sessionStorage.setItem(storageKey, String(Date.now()));
  location.reload();
}
