import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, type EffectScope } from 'vue';

import type { LiveState } from '@/live';

import { backDuration, patience, useConnectionNews } from './connection_news';

let scope: EffectScope;
const state = ref<LiveState>('connecting');

function begin(first: LiveState) {
  state.value = first;
  scope = effectScope();
  return scope.run(() => useConnectionNews(state))!;
}

async function become(now: LiveState): Promise<void> {
  state.value = now;
  await nextTick();
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

it('says nothing of a connection that is there soon', async () => {
  const { news } = begin('connecting');
  vi.advanceTimersByTime(patience.connecting - 1);
  await become('connected');
  vi.runAllTimers();
  expect(news.value).toBeNull();
});

it('says that it is connecting when that takes long, and nothing more when it is there', async () => {
  const { news, caughtUp } = begin('connecting');
  vi.advanceTimersByTime(patience.connecting);
  expect(news.value).toEqual({ kind: 'connecting' });
  await become('connected');
  caughtUp(0);
  expect(news.value).toBeNull();
});

it('says nothing of a short break', async () => {
  const { news, caughtUp } = begin('connected');
  await become('offline');
  vi.advanceTimersByTime(patience.offline - 1);
  await become('connected');
  caughtUp(2);
  vi.runAllTimers();
  expect(news.value).toBeNull();
});

it('stays offline until all is caught up, says with how much, and then goes', async () => {
  const { news, caughtUp } = begin('connected');
  await become('offline');
  vi.advanceTimersByTime(patience.offline);
  expect(news.value).toEqual({ kind: 'offline' });
  await become('connecting');
  vi.advanceTimersByTime(patience.connecting);
  expect(news.value).toEqual({ kind: 'offline' });
  await become('connected');
  expect(news.value).toEqual({ kind: 'offline' });
  caughtUp(3);
  expect(news.value).toEqual({ kind: 'back', missed: 3 });
  vi.advanceTimersByTime(backDuration);
  expect(news.value).toBeNull();
});

it('does not hide a new break behind the end of the last', async () => {
  const { news, caughtUp } = begin('connected');
  await become('offline');
  vi.advanceTimersByTime(patience.offline);
  await become('connected');
  caughtUp(0);
  await become('offline');
  vi.advanceTimersByTime(patience.offline);
  expect(news.value).toEqual({ kind: 'offline' });
  vi.advanceTimersByTime(backDuration);
  expect(news.value).toEqual({ kind: 'offline' });
});

it('says for its whole time that it is back, whatever short break follows', async () => {
  const { news, caughtUp } = begin('connected');
  await become('offline');
  vi.advanceTimersByTime(patience.offline);
  await become('connected');
  caughtUp(3);
  await become('offline');
  vi.advanceTimersByTime(patience.offline - 1);
  await become('connected');
  caughtUp(0);
  expect(news.value).toEqual({ kind: 'back', missed: 3 });
  vi.advanceTimersByTime(backDuration - patience.offline);
  expect(news.value).toEqual({ kind: 'back', missed: 3 });
  vi.advanceTimersByTime(1);
  expect(news.value).toBeNull();
});
