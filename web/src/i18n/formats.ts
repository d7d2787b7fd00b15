import { direction, locale, t } from '.';
import { kept } from './kept';
import { startOfDay, today } from './today';

const day = 86_400_000;

/** How many days ago `moment` was, by the calendar; summer time makes days shorter and longer. */
const daysAgo = (moment: Date): number => Math.round((today.value - startOfDay(moment)) / day);

function formatOf(options: Intl.DateTimeFormatOptions): (moment: Date) => string {
  const formatIn = kept((tag: string) => new Intl.DateTimeFormat(tag, options));
  return (moment) => formatIn(locale.value).format(moment);
}

const clock = formatOf({ hour: 'numeric', minute: '2-digit' });
const weekday = formatOf({ weekday: 'long' });
const shortWeekday = formatOf({ weekday: 'short' });
const longDate = formatOf({ day: 'numeric', month: 'long', year: 'numeric' });
const shortDate = formatOf({ dateStyle: 'short' });
const dateAndTime = formatOf({ dateStyle: 'medium', timeStyle: 'short' });
const whole = kept((tag: string) => new Intl.NumberFormat(tag));
const money = kept((tag: string, currency: string) => new Intl.NumberFormat(tag, { style: 'currency', currency }));
const size = kept(
  (tag: string, unit: string, unitDisplay: 'long' | 'short', digits: '0' | '1') =>
    new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay, maximumFractionDigits: Number(digits) }),
);

/** The time of day: 10:30. */
export const clockTime = (moment: string): string => clock(new Date(moment));

/** A day as the heading of what happened on it: Today, Yesterday, Monday, 3 March 2026. */
export function dayName(moment: string): string {
  const date = new Date(moment);
  const days = daysAgo(date);
  if (days === 0) return t('time.today');
  if (days === 1) return t('time.yesterday');
  if (days > 1 && days < 7) return weekday(date);
  return longDate(date);
}

/** Short for lists: the time today, else the day. */
export function shortTime(moment: string): string {
  const date = new Date(moment);
  const days = daysAgo(date);
  if (days === 0) return clockTime(moment);
  if (days === 1) return t('time.yesterday');
  if (days > 1 && days < 7) return shortWeekday(date);
  return shortDate(date);
}

/** Everything: for tooltips and lists of devices. */
export const fullTime = (moment: string): string => dateAndTime(new Date(moment));

/** A badge has room for so much. */
const badgeMax = 99;

/** A count as it stands on a badge: 7, 99+. */
export const badgeText = (count: number): string =>
  count > badgeMax ? `${whole(locale.value).format(badgeMax)}+` : whole(locale.value).format(count);

/** An amount of money in minor units. */
export function moneyText(minor: number, currency: string): string {
  const style = money(locale.value, currency);
  const digits = style.resolvedOptions().maximumFractionDigits ?? 2;
  const text = style.format(minor / 10 ** digits);
  // From right to left, sign and currency would be torn apart: an isolate (LRI, PDI) keeps them in their order.
  return direction.value === 'rtl' ? `\u2066${text}\u2069` : text;
}

/** A file's size: 1.4 MB. */
export function sizeText(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const digits = bytes < 10 ** (3 * step + 1) ? '1' : '0';
  return size(locale.value, units[step]!, step === 0 ? 'long' : 'short', digits).format(bytes / 1000 ** step);
}
