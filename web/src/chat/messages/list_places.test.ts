import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, ref, type EffectScope } from 'vue';

import type { Conversation, Message } from '@/api/types';
import type { MessageWindow } from '@/state/message_window';

import { useListPlaces } from './list_places';
import type { ListScroll } from './list_scroll';
import type { MessageRow } from './rows';

vi.mock('@/api', () => ({ ApiError: Error }));
vi.mock('@/state/toasts', () => ({ toast: () => undefined, toastError: () => undefined }));

/** Longer than anything stands out, in milliseconds. */
const longTime = 60_000;

const messages = [1, 2, 3].map((id) => ({ id }) as Message);
const rows = messages.map((message) => ({ key: `row-${message.id}`, message }) as MessageRow);

let scope: EffectScope;
let placed: () => void;

/** A list whose rows are all loaded; `placed` tells that it has found its place. */
function begin() {
  const window = { messages: ref(messages), isLoaded: ref(true), isAtEnd: ref(true), beginning: ref(0) };
  const scroll = { place: () => new Promise<void>((done) => (placed = done)), goTo: vi.fn(), goToEnd: vi.fn() };
  scope = effectScope();
  return scope.run(() =>
    useListPlaces(window as unknown as MessageWindow, () => rows, scroll as unknown as ListScroll),
  )!;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

it('lets a message stand out for a time that begins when the list has found its place', async () => {
  const { begin: open, highlighted } = begin();
  await open({} as Conversation, false, 2);
  await vi.advanceTimersByTimeAsync(longTime);
  expect(highlighted.value).toBe('row-2');
  placed();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(highlighted.value).toBe('row-2');
  await vi.advanceTimersByTimeAsync(longTime);
  expect(highlighted.value).toBeNull();
});

it('lets another message stand out that one goes to before the list has found its place', async () => {
  const { begin: open, jumpTo, highlighted } = begin();
  await open({} as Conversation, false, 2);
  await jumpTo(3);
  placed();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(highlighted.value).toBe('row-3');
  await vi.advanceTimersByTimeAsync(longTime);
  expect(highlighted.value).toBeNull();
});
