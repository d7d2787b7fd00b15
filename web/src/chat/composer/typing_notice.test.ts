import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { TypingNotice } from './typing_notice';

vi.mock('@/api', () => ({ api: {} }));
vi.mock('@/live', () => ({ liveState: { value: 'connected' } }));

function makeNotice() {
  const told: boolean[] = [];
  return { told, notice: new TypingNotice((typing) => told.push(typing)) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('TypingNotice', () => {
  it('tells at most every three seconds', () => {
    const { told, notice } = makeNotice();
    for (let second = 0; second < 6; second += 1) {
      notice.typed('a');
      vi.advanceTimersByTime(1_000);
    }
    expect(told).toEqual([true, true]);
  });

  it('tells a stop five seconds after the last key', () => {
    const { told, notice } = makeNotice();
    notice.typed('a');
    vi.advanceTimersByTime(4_999);
    expect(told).toEqual([true]);
    vi.advanceTimersByTime(1);
    expect(told).toEqual([true, false]);
  });

  it('tells a stop when the field is emptied, once', () => {
    const { told, notice } = makeNotice();
    notice.typed('a');
    notice.typed('');
    notice.stop();
    expect(told).toEqual([true, false]);
  });

  it('tells no stop after sending', () => {
    const { told, notice } = makeNotice();
    notice.typed('a');
    notice.sent();
    notice.stop();
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual([true]);
  });

  it('leaves the server alone for a minute after a refusal', () => {
    const { told, notice } = makeNotice();
    notice.typed('a');
    notice.refused();
    vi.advanceTimersByTime(59_999);
    notice.typed('ab');
    expect(told).toEqual([true]);
    vi.advanceTimersByTime(1);
    notice.typed('abc');
    expect(told).toEqual([true, true]);
  });

  it('does not begin again too soon after a stop: the server would refuse it', () => {
    const { told, notice } = makeNotice();
    notice.typed('a');
    notice.typed('');
    notice.typed('b');
    expect(told).toEqual([true, false]);
    vi.advanceTimersByTime(3_000);
    notice.typed('bc');
    expect(told).toEqual([true, false, true]);
  });
});
