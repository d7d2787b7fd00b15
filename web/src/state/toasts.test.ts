import { afterEach, beforeEach, expect, it, vi } from 'vitest';

vi.mock('@/api', () => ({}));

const { dismissToast, toast, toasts } = await import('./toasts');

const texts = () => toasts.map(({ text }) => text);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  for (const { id } of [...toasts]) dismissToast(id);
  vi.useRealTimers();
});

it('shows the newest few', () => {
  for (const text of ['one', 'two', 'three', 'four']) toast(text);
  expect(texts()).toEqual(['two', 'three', 'four']);
});

it('says the same only once, and as long as if it were new', () => {
  toast('Copied.');
  vi.advanceTimersByTime(4_000);
  toast('Copied.');
  expect(texts()).toEqual(['Copied.']);
  vi.advanceTimersByTime(4_000);
  expect(texts()).toEqual(['Copied.']);
  vi.advanceTimersByTime(2_000);
  expect(texts()).toEqual([]);
});
