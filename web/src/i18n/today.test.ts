import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { computed } from 'vue';

const evening = new Date(2026, 0, 20, 23, 59, 50);
const sent = evening.toISOString();

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers({ now: evening });
});
afterEach(() => void vi.useRealTimers());

/** The name of the day of a message of that evening, as it is shown. */
async function shownDay() {
  const { dayName } = await import('./formats');
  return computed(() => dayName(sent));
}

describe('the names of days', () => {
  it('change at midnight, while they are shown', async () => {
    const day = await shownDay();
    expect(day.value).toBe('Today');
    vi.advanceTimersByTime(9_999);
    expect(day.value).toBe('Today');
    vi.advanceTimersByTime(1);
    expect(day.value).toBe('Yesterday');
    vi.advanceTimersByTime(86_400_000);
    expect(day.value).toBe('Tuesday');
  });

  it('are right within a minute after the machine has slept', async () => {
    const day = await shownDay();
    expect(day.value).toBe('Today');
    vi.setSystemTime(new Date(2026, 0, 22, 7, 30));
    vi.advanceTimersByTime(60_000);
    expect(day.value).toBe('Tuesday');
  });

  it('give way to the time of day in lists, on the same day', async () => {
    const { shortTime } = await import('./formats');
    const time = computed(() => shortTime(sent));
    expect(time.value).toMatch(/^11:59\sPM$/u);
    vi.advanceTimersByTime(10_000);
    expect(time.value).toBe('Yesterday');
  });
});
