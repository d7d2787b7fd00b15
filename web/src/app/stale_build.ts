const storageKey = 'parley.reloaded_at';

/** Two reloads for this reason are at least this far apart, in milliseconds. */
const pauseBetweenReloads = 60_000;

/**
 * A server that has been updated no longer has the files that a page from before has not loaded yet: the page is loaded
 * anew. What one has written is kept. Where there is a service worker, it has those files still.
 */
export function reloadWhenStale(): void {
  addEventListener('vite:preloadError', () => {
    const last = Number(sessionStorage.getItem(storageKey) ?? 0);
    if (!navigator.onLine || Date.now() - last < pauseBetweenReloads) return;
    sessionStorage.setItem(storageKey, String(Date.now()));
    location.reload();
  });
}
