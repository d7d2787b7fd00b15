import { describe, expect, it } from 'vitest';

import { amountToWrite, minorDigits, readAmount } from './amounts';

const most = 1_000_000_000_000;
const read = (text: string, currency = 'USD', locale = 'en') => readAmount(text, currency, locale, most);

describe('minorDigits', () => {
  it.each([
    ['JPY', 0],
    ['USD', 2],
    ['KWD', 3],
  ])('of %s are %i', (currency, digits) => expect(minorDigits(currency)).toBe(digits));
});

describe('readAmount', () => {
  it.each([
    ['12', 'USD', 'en', 1200],
    ['12.5', 'USD', 'en', 1250],
    ['12.50', 'USD', 'en', 1250],
    [' 1,234.05 ', 'USD', 'en', 123_405],
    ['.5', 'USD', 'en', 50],
    ['5.', 'USD', 'en', 500],
    ['0', 'USD', 'en', 0],
    ['1.1', 'USD', 'en', 110],
    ['4.35', 'USD', 'en', 435],
    ['1.005', 'KWD', 'en', 1005],
    ['1200', 'JPY', 'en', 1200],
    ['9,999,999,999.99', 'USD', 'en', 999_999_999_999],
    ['1.234,50', 'EUR', 'de', 123_450],
    ['1 234,50', 'EUR', 'fr', 123_450],
    ['١٬٢٣٤٫٥٠', 'USD', 'ar', 123_450],
    ['۱۲٫۵', 'USD', 'ar', 1250],
    ['١٢٫٥', 'USD', 'en', 1250],
    ['12.5', 'USD', 'ar', 1250],
    ['\u200f١٢٣', 'USD', 'ar', 12_300],
  ])('reads %j of %s in %s', (text, currency, locale, minor) =>
    expect(read(text, currency, locale)).toEqual({ minor }),
  );

  it.each([
    ['', 'USD', 'unreadable'],
    ['.', 'USD', 'unreadable'],
    ['ten', 'USD', 'unreadable'],
    ['-5', 'USD', 'unreadable'],
    ['1e3', 'USD', 'unreadable'],
    ['1.2.3', 'USD', 'unreadable'],
    ['1,50', 'USD', 'unreadable'],
    ['1,2345', 'USD', 'unreadable'],
    ['1.005', 'USD', 'too_precise'],
    ['1.5', 'JPY', 'too_precise'],
    ['10000000000.01', 'USD', 'too_large'],
    ['99999999999999999999999999', 'USD', 'too_large'],
  ])('refuses %j of %s as %s', (text, currency, fault) => expect(read(text, currency)).toEqual({ fault }));

  it('reads back what is put into a field', () => {
    for (const [currency, locale] of [
      ['USD', 'en'],
      ['USD', 'ar'],
      ['EUR', 'de'],
      ['KWD', 'fr'],
      ['JPY', 'ar'],
    ] as const)
      for (const minor of [0, 1, 99, 100, 123_456_789, most])
        expect(read(amountToWrite(minor, currency, locale), currency, locale)).toEqual({ minor });
  });
});
