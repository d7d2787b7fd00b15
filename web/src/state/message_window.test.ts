import { beforeEach, describe, expect, it, vi } from 'vitest';

import { api } from '@/api';
import type { Message, MessagePage } from '@/api/types';

import { MessageWindow, windowSizeMax } from './message_window';

vi.mock('@/api', () => ({ api: { get: vi.fn() } }));

const pageSize = 50;
/** How many messages the server has, with the ids 1 and following. */
let stored = 0;
/** Answers to requests, when they are held back. */
let held: (() => void)[] | null = null;

const message = (id: number, parts: Partial<Message> = {}): Message =>
  ({ id, body: `${id}`, reactions: [], updated_at: '2026-01-20T10:00:00.000Z', ...parts }) as Message;

function page({ before, after, around }: Record<string, number>): MessagePage {
  const start =
    before !== undefined
      ? Math.max(1, before - pageSize)
      : after !== undefined
        ? after + 1
        : Math.max(1, (around ?? stored + 1) - (around ? pageSize / 2 : pageSize));
  const end = Math.min(stored, before !== undefined ? before - 1 : start + pageSize - 1);
  const ids = Array.from({ length: Math.max(0, end - start + 1) }, (_, index) => start + index);
  return {
    data: ids.map((id) => message(id)),
    next_cursor: null,
    has_more_before: start > 1,
    has_more_after: end < stored,
  };
}

beforeEach(() => {
  stored = 0;
  held = null;
  vi.mocked(api.get).mockReset();
  vi.mocked(api.get).mockImplementation((_path, query) => {
    const answer = page(query as Record<string, number>);
    return new Promise((resolve) => (held ? held.push(() => resolve(answer)) : resolve(answer)));
  });
});

async function loaded(count: number): Promise<MessageWindow> {
  stored = count;
  const window = new MessageWindow(1);
  await window.loadNewest();
  return window;
}

/** Loads as `load` does, and lets `meanwhile` happen while the answer is on its way. */
async function during(load: () => Promise<void>, meanwhile: () => void | Promise<void>): Promise<void> {
  held = [];
  const done = load();
  const answers = held;
  held = null;
  await meanwhile();
  for (const answer of answers) answer();
  await done;
}

const range = (window: MessageWindow): number[] => {
  const ids = window.messages.value.map(({ id }) => id);
  expect(ids).toEqual(ids.map((_, index) => ids[0]! + index));
  return [ids[0]!, ids.at(-1)!];
};

describe('growing', () => {
  it('goes on at both ends', async () => {
    stored = 500;
    const window = new MessageWindow(1);
    await window.loadAround(250);
    expect(range(window)).toEqual([225, 274]);
    await window.loadBefore();
    await window.loadAfter();
    expect(range(window)).toEqual([175, 324]);
    expect(window.isAtEnd.value).toBe(false);
  });

  it('ends where there is nothing more', async () => {
    const window = await loaded(60);
    await window.loadBefore();
    expect(range(window)).toEqual([1, 60]);
    expect(window.hasBefore.value).toBe(false);
    await window.loadBefore();
    expect(api.get).toHaveBeenCalledTimes(2);
  });

  it('drops what is farthest away', async () => {
    const window = await loaded(2_000);
    while (range(window)[0]! > 500) await window.loadBefore();
    expect(window.messages.value).toHaveLength(windowSizeMax);
    expect(window.isAtEnd.value).toBe(false);
    while (!window.isAtEnd.value) await window.loadAfter();
    expect(range(window)).toEqual([1_001, 2_000]);
    expect(window.hasBefore.value).toBe(true);
  });

  it('leaves no gap when the place it began at is dropped meanwhile', async () => {
    stored = 3_000;
    const window = new MessageWindow(1);
    await window.loadAround(1_500);
    while (window.messages.value.length < windowSizeMax) await window.loadAfter();
    const [first] = range(window);
    await during(
      () => window.loadBefore(),
      () => window.loadAfter(),
    );
    expect(range(window)[0]).toBeGreaterThan(first!);
  });
});

describe('what happens', () => {
  it('follows at the end', async () => {
    const window = await loaded(10);
    window.add(message(11));
    expect(range(window)).toEqual([1, 11]);
  });

  it('comes with loading when the end is not there', async () => {
    stored = 200;
    const window = new MessageWindow(1);
    await window.loadAround(50);
    window.add(message(201));
    expect(range(window)).toEqual([25, 74]);
  });

  it('finds its place when it was missed and told late', async () => {
    const window = await loaded(3);
    window.add(message(6));
    window.put(message(4));
    window.put(message(5));
    expect(range(window)).toEqual([1, 6]);
  });

  it('before the first loaded message is left to loading', async () => {
    const window = await loaded(100);
    window.put(message(3));
    expect(range(window)).toEqual([51, 100]);
  });

  it('is ignored before anything is loaded', () => {
    const window = new MessageWindow(1);
    window.add(message(1));
    expect(window.messages.value).toEqual([]);
  });

  it('does not push out what one reads', async () => {
    const window = await loaded(windowSizeMax);
    while (window.hasBefore.value) await window.loadBefore();
    window.readingAt = 'start';
    window.add(message(windowSizeMax + 1));
    expect(range(window)).toEqual([1, windowSizeMax]);
    expect(window.isAtEnd.value).toBe(false);
  });

  it('twice is the same as once, and newer stays', async () => {
    const window = await loaded(2);
    window.put(message(2, { body: 'edited', updated_at: '2026-01-20T11:00:00.000Z' }));
    window.put(message(2));
    window.add(message(2, { updated_at: '2026-01-20T12:00:00.000Z' }));
    expect(window.messages.value.map(({ body }) => body)).toEqual(['1', 'edited']);
  });
});

describe('while an answer is on its way', () => {
  it('a new message is not lost that the answer does not know', async () => {
    stored = 3;
    const window = new MessageWindow(1);
    await during(
      () => window.loadNewest(),
      () => window.add(message(4)),
    );
    expect(range(window)).toEqual([1, 4]);
  });

  it('a new message is not lost at the end of the last page', async () => {
    stored = 100;
    const window = new MessageWindow(1);
    await window.loadAround(60);
    await during(
      () => window.loadAfter(),
      () => window.add(message(101)),
    );
    expect(range(window)).toEqual([35, 101]);
  });

  it('a change is applied to what the answer brings', async () => {
    const window = await loaded(100);
    const star = (row: Message) => (row.id === 40 ? { ...row, body: 'changed' } : row);
    await during(
      () => window.loadBefore(),
      () => window.update(star),
    );
    expect(window.messages.value.find(({ id }) => id === 40)?.body).toBe('changed');
  });

  it('a new beginning makes the answer useless', async () => {
    const window = await loaded(300);
    await during(
      () => window.loadBefore(),
      () => window.loadAround(100),
    );
    expect(range(window)).toEqual([75, 124]);
  });
});

describe('failures', () => {
  it('are kept with what has failed, and tried again', async () => {
    const window = await loaded(100);
    vi.mocked(api.get).mockRejectedValueOnce(new Error('away'));
    await window.loadBefore();
    expect(window.failure.value?.what).toBe('before');
    expect(window.loadingBefore.value).toBe(false);
    await window.retry();
    expect(window.failure.value).toBeNull();
    expect(range(window)).toEqual([1, 100]);
  });

  it('of a beginning leave what was there', async () => {
    const window = await loaded(100);
    vi.mocked(api.get).mockRejectedValueOnce(new Error('away'));
    await expect(window.loadAround(7)).rejects.toThrow('away');
    expect(range(window)).toEqual([51, 100]);
    await window.retry();
    expect(range(window)).toEqual([1, 50]);
  });
});
