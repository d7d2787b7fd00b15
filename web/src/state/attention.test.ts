import { beforeEach, expect, it, vi } from 'vitest';

interface Page {
  hasFocus: boolean;
  listeners: Map<string, () => void>;
}

/** The locks of a browser, all of them shared. */
const held: { name: string }[] = [];
const locks = {
  async request(name: string, _options: unknown, work: () => Promise<void>) {
    const lock = { name };
    held.push(lock);
    await work();
    held.splice(held.indexOf(lock), 1);
  },
  query: async () => ({ held: [...held] }),
};

/** A tab with the module of its own. */
async function openTab(hasFocus: boolean, has: object = { locks }) {
  const page: Page = { hasFocus, listeners: new Map() };
  const addEventListener = (name: string, listener: () => void) => page.listeners.set(name, listener);
  // Vue asks for an element when it is loaded.
  const createElement = () => ({});
  vi.stubGlobal('navigator', has);
  vi.stubGlobal('document', {
    visibilityState: 'visible',
    hasFocus: () => page.hasFocus,
    addEventListener,
    createElement,
  });
  vi.stubGlobal('addEventListener', addEventListener);
  const kept = globalThis.document;
  vi.resetModules();
  const attention = await import('./attention');
  async function setFocus(now: boolean): Promise<void> {
    vi.stubGlobal('document', kept);
    page.hasFocus = now;
    page.listeners.get(now ? 'focus' : 'blur')!();
    for (let turn = 0; turn < 5; ++turn) await Promise.resolve();
  }
  return { ...attention, setFocus };
}

beforeEach(() => void held.splice(0));

it('knows that somebody is in front of another tab', async () => {
  const front = await openTab(true);
  const hidden = await openTab(false);
  expect(hidden.attended.value).toBe(false);
  expect(await hidden.isAttendedSomewhere()).toBe(true);
  await front.setFocus(false);
  expect(await hidden.isAttendedSomewhere()).toBe(false);
  await front.setFocus(true);
  expect(await hidden.isAttendedSomewhere()).toBe(true);
});

it('knows of its own tab alone where the browser has no locks', async () => {
  await openTab(true, {});
  const hidden = await openTab(false, {});
  expect(await hidden.isAttendedSomewhere()).toBe(false);
  await hidden.setFocus(true);
  expect(await hidden.isAttendedSomewhere()).toBe(true);
});
