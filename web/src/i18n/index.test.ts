import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { language, locale, regionalTag, t, useLanguage } from '.';
import { clockTime, moneyText, sizeText } from './formats';

const loading = vi.hoisted(() => ({ wait: Promise.resolve() }));
vi.mock('./ar', async (original) => {
  await loading.wait;
  return original();
});

beforeEach(() => {
  vi.stubGlobal('navigator', { languages: ['de-AT', 'en-GB', 'en-US'] });
  vi.stubGlobal('document', { documentElement: {} });
});
afterEach(() => void vi.unstubAllGlobals());

describe('regionalTag', () => {
  it.each([
    ['en', ['en-GB', 'en-US'], 'en-GB'],
    ['ar', ['de', 'ar-EG', 'ar'], 'ar-EG'],
    ['ar', ['en-GB'], 'ar'],
    ['en', ['EN-us'], 'EN-us'],
    ['en', [], 'en'],
  ] as const)('of %s for a browser in %j is %s', (code, wanted, tag) => expect(regionalTag(code, wanted)).toBe(tag));
});

describe('useLanguage', () => {
  it('shows the language that was wanted last, whichever is there first', async () => {
    let come = () => {};
    loading.wait = new Promise<void>((resolve) => (come = resolve));
    const arabic = useLanguage('ar');
    await useLanguage('en');
    come();
    await arabic;
    expect(language.value).toBe('en');
    expect(t('app.loading')).toBe('Loading…');
  });

  it("writes times, amounts and sizes as in the browser's own region", async () => {
    await useLanguage('en');
    expect(locale.value).toBe('en-GB');
    expect(clockTime('2026-01-20T19:30:00')).toBe('19:30');
    vi.stubGlobal('navigator', { languages: ['en-US'] });
    await useLanguage('en');
    expect(clockTime('2026-01-20T19:30:00')).toMatch(/^7:30\sPM$/u);
    expect(moneyText(123_450, 'USD')).toBe('$1,234.50');
    expect(moneyText(5, 'JPY')).toBe('¥5');
    expect(sizeText(1_400_000)).toBe('1.4 MB');
    expect(sizeText(14_000_000)).toBe('14 MB');
    expect(sizeText(1)).toBe('1 byte');
  });
});
