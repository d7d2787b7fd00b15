/** Why a text is no amount. */
export type AmountFault = 'unreadable' | 'too_precise' | 'too_large';

/** An amount in minor units, exact, or why there is none. */
export type ReadAmount = { minor: number } | { fault: AmountFault };

interface Separators {
  decimal: string;
  group: string;
}

// Arabic and Persian digits in the order of their values.
const digitsOfArabic = '٠١٢٣٤٥٦٧٨٩';
const digitsOfPersian = '۰۱۲۳۴۵۶۷۸۹';
// Marks of direction and spaces, which formats put into numbers and which say nothing.
const ignored = /[\u061c\u200e\u200f\s]/gu;

/** How many digits follow the decimal separator of a currency: 0 for JPY, 2 for USD, 3 for KWD. */
export function minorDigits(currency: string): number {
  const { maximumFractionDigits } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
  return maximumFractionDigits ?? 2;
}

/**
 * Reads what a person has written as an amount of `currency`, as numbers are written in `locale`; digits may be Latin,
 * Arabic or Persian. What could be meant in two ways (`1,50` where the comma groups thousands) is refused, not guessed.
 */
export function readAmount(text: string, currency: string, locale: string, minorMax: number): ReadAmount {
  const { decimal, group } = separatorsOf(locale);
  const plain = withLatinDigits(text.replace(ignored, '')).replaceAll('٫', decimal).replaceAll('٬', group);
  const [whole = '', fraction = '', ...more] = plain.split(decimal);
  const isGrouped = whole.includes(group);
  const wholePattern = isGrouped ? /^\d{1,3}(,\d{3})+$/ : /^\d*$/;
  const readable = wholePattern.test(whole.replaceAll(group, ',')) && /^\d*$/.test(fraction) && more.length === 0;
  if (!readable || whole + fraction === '') return { fault: 'unreadable' };
  const digits = minorDigits(currency);
  if (fraction.length > digits) return { fault: 'too_precise' };
  const minor = BigInt(whole.replaceAll(group, '') + fraction.padEnd(digits, '0'));
  return minor > BigInt(minorMax) ? { fault: 'too_large' } : { minor: Number(minor) };
}

/** An amount as a person would write it into a field: without its currency and without groups. */
export function amountToWrite(minor: number, currency: string, locale: string): string {
  const digits = minorDigits(currency);
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: false,
  }).format(minor / 10 ** digits);
}

function withLatinDigits(text: string): string {
  return text.replace(/[٠-٩۰-۹]/g, (digit) =>
    String(Math.max(digitsOfArabic.indexOf(digit), digitsOfPersian.indexOf(digit))),
  );
}

/** How `locale` writes numbers with Latin digits. The separators of Arabic digits are understood everywhere. */
function separatorsOf(locale: string): Separators {
  const parts = new Intl.NumberFormat(locale, { numberingSystem: 'latn', useGrouping: true }).formatToParts(
    1_234_567.5,
  );
  const find = (type: string, otherwise: string) => parts.find((part) => part.type === type)?.value ?? otherwise;
  // A space that groups has been left out before.
  return { decimal: find('decimal', '.'), group: find('group', ',').replace(ignored, '') || '٬' };
}
