import { describe, expect, it, vi } from 'vitest';

vi.hoisted(() => {
  const kept = new Map<string, string>();
  Object.assign(globalThis, {
    localStorage: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    },
    addEventListener: () => {},
  });
  Object.defineProperty(globalThis, 'navigator', {
    value: { languages: ['de-AT', 'ar-EG', 'en'] },
    configurable: true,
  });
});

// Offline, its texts are out of reach.
vi.mock('@/i18n/ar', () => {
  throw new TypeError('Failed to fetch');
});
vi.mock('./theme', () => ({ preferencesKey: 'parley.preferences', showTheme: () => {} }));

const { applyPreferences, parsePreferences, preferences } = await import('./preferences');
const { toasts } = await import('./toasts');
const defaults = { theme: 'system', language: 'ar', browserNotifications: false, slashSearches: true };

describe('parsePreferences', () => {
  it('takes over what was kept', () => {
    const kept = { theme: 'dark', language: 'en', browserNotifications: true, slashSearches: false };
    expect(parsePreferences(JSON.stringify(kept))).toEqual(kept);
  });

  it.each([
    ['nothing', null],
    ['what is no JSON', '{'],
    ['null', 'null'],
    ['unknown values', '{"theme":"pink","language":"xx","browserNotifications":"yes"}'],
    ['a name that every object has', '{"language":"toString"}'],
  ])('falls back to the defaults, in the first language of the browser that there is, for %s', (_what, kept) => {
    expect(parsePreferences(kept)).toEqual(defaults);
  });
});

describe('applyPreferences', () => {
  it('says so when a language cannot be loaded, and stays with the one that is shown', async () => {
    vi.stubGlobal('document', { documentElement: {} });
    preferences.language = 'en';
    await applyPreferences();
    preferences.language = 'ar';
    await vi.waitFor(() => expect(toasts.map(({ kind }) => kind)).toEqual(['error']));
    expect(preferences.language).toBe('en');
  });
});
