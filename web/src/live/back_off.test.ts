import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { BackOff, pauseMax, pauseMin } from './back_off';

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** The pauses of so many attempts that all fail. */
function pausesOf(retries: BackOff, count: number): number[] {
  const pauses: number[] = [];
  for (let i = 0; i < count; ++i) {
    const before = Date.now();
    let after = 0;
    retries.plan(() => (after = Date.now()));
    vi.runAllTimers();
    pauses.push(after - before);
  }
  return pauses;
}

it('doubles its pauses up to the longest', () => {
  const pauses = pausesOf(new BackOff(), 7);
  expect(pauses).toEqual([1, 2, 4, 8, 16, 30, 30].map((seconds) => seconds * 1_000));
  expect([pauses[0], pauses.at(-1)]).toEqual([pauseMin, pauseMax]);
});

it('begins with the first pause after a reset', () => {
  const retries = new BackOff();
  pausesOf(retries, 4);
  retries.reset();
  expect(pausesOf(retries, 1)).toEqual([pauseMin]);
});

it('makes a planned attempt at once when hurried, and only once', () => {
  const attempt = vi.fn();
  const retries = new BackOff();
  retries.plan(attempt);
  retries.hurry();
  expect(attempt).toHaveBeenCalledTimes(1);
  retries.hurry();
  vi.runAllTimers();
  expect(attempt).toHaveBeenCalledTimes(1);
});

it('forgets what is planned', () => {
  const attempt = vi.fn();
  const retries = new BackOff();
  retries.plan(attempt);
  retries.reset();
  vi.runAllTimers();
  expect(attempt).not.toHaveBeenCalled();
});
