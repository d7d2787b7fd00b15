import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { loadAhead, reloadWhenStale } from './stale_build';

const reload = vi.fn();
let tell: () => void;

beforeEach(() => {
  reload.mockClear();
  const kept = new Map<string, string>();
  vi.stubGlobal('addEventListener', (_name: string, listener: () => void) => (tell = listener));
  vi.stubGlobal('navigator', { onLine: true });
  vi.stubGlobal('location', { reload });
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
  reloadWhenStale();
});
afterEach(() => void vi.unstubAllGlobals());

it('loads the page anew where the server has other files now, and not again at once', async () => {
  vi.stubGlobal('fetch', async () => ({ ok: true }));
  tell();
  await vi.waitFor(() => expect(reload).toHaveBeenCalledTimes(1));
  tell();
  await new Promise(setImmediate);
  expect(reload).toHaveBeenCalledTimes(1);
});

it('keeps the page where the server cannot be reached', async () => {
  const fetch = vi.fn(() => Promise.reject(new TypeError()));
  vi.stubGlobal('fetch', fetch);
  tell();
  await vi.waitFor(() => expect(fetch).toHaveBeenCalled());
  await new Promise(setImmediate);
  expect(reload).not.toHaveBeenCalled();
});

it('keeps the page when a part that nobody has asked for cannot be loaded', async () => {
  const fetch = vi.fn(async () => ({ ok: true }));
  vi.stubGlobal('fetch', fetch);
  await loadAhead(async () => {
    tell();
    throw new TypeError();
  });
  expect(fetch).not.toHaveBeenCalled();
  tell();
  await vi.waitFor(() => expect(reload).toHaveBeenCalledTimes(1));
});
