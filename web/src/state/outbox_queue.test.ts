import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Outcome } from './outbox_delivery';
import type { OutboxEntry } from './outbox_entry';
import { OutboxQueue, type QueueMeans } from './outbox_queue';

const later: Outcome = { kind: 'later', afterSeconds: null };
const stored: Outcome = { kind: 'stored' };

let writtenAt = 0;
const entry = (tempId: string): OutboxEntry => ({
  userId: 1,
  tempId,
  conversationId: 7,
  body: tempId,
  replyTo: null,
  files: [],
  writtenAt: ++writtenAt,
  tab: 'this',
  refusal: null,
});

/** A world whose deliveries end as the test says, and what was asked of it. */
function makeWorld() {
  const world = {
    online: true,
    attempts: [] as string[],
    kept: new Map<string, OutboxEntry>(),
    answer: (_tempId: string): Outcome | Promise<Outcome> => stored,
  };
  const means: QueueMeans = {
    deliver: async ({ tempId }) => {
      world.attempts.push(tempId);
      return world.answer(tempId);
    },
    keep: async (kept) => void world.kept.set(kept.tempId, structuredClone(kept)),
    forget: async ({ tempId }) => void world.kept.delete(tempId),
    isOnline: () => world.online,
    filesOf: () => [],
    errorText: String,
  };
  return { world, queue: new OutboxQueue(means) };
}

const states = (queue: OutboxQueue) => queue.shown.value.map(({ tempId, state }) => `${tempId} ${state}`);
/** Lets everything happen that waits for nothing but its turn. */
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('OutboxQueue', () => {
  it('shows a message at once and sends it after it is kept', async () => {
    const { world, queue } = makeWorld();
    world.answer = () => (expect(world.kept.has('a')).toBe(true), stored);
    void queue.add(entry('a'));
    expect(states(queue)).toEqual(['a waiting']);
    await settle();
    expect(world.attempts).toEqual(['a']);
    expect(states(queue)).toEqual([]);
    expect(world.kept.size).toBe(0);
  });

  it('sends one after the other, in the order of writing', async () => {
    const { world, queue } = makeWorld();
    let finish: (outcome: Outcome) => void = () => undefined;
    world.answer = () => new Promise((resolve) => (finish = resolve));
    for (const tempId of ['a', 'b', 'c']) void queue.add(entry(tempId));
    await settle();
    expect(world.attempts).toEqual(['a']);
    expect(states(queue)).toEqual(['a sending', 'b waiting', 'c waiting']);
    finish(stored);
    await settle();
    expect(world.attempts).toEqual(['a', 'b']);
  });

  it('tries again without an answer, ever more slowly, and lets nobody pass', async () => {
    const { world, queue } = makeWorld();
    world.answer = () => later;
    void queue.add(entry('a'));
    void queue.add(entry('b'));
    await settle();
    for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
      const before = world.attempts.length;
      await vi.advanceTimersByTimeAsync(seconds * 1_000 - 1);
      expect(world.attempts.length).toBe(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(world.attempts.length).toBe(before + 1);
    }
    expect(new Set(world.attempts)).toEqual(new Set(['a']));
  });

  it('tries at once when the connection is back, and begins with short waits again', async () => {
    const { world, queue } = makeWorld();
    world.answer = () => later;
    void queue.add(entry('a'));
    await vi.advanceTimersByTimeAsync(10_000);
    const before = world.attempts.length;
    queue.wake();
    await settle();
    expect(world.attempts.length).toBe(before + 1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(world.attempts.length).toBe(before + 2);
  });

  it('tries nothing while the browser is offline', async () => {
    const { world, queue } = makeWorld();
    world.online = false;
    void queue.add(entry('a'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(world.attempts).toEqual([]);
    world.online = true;
    queue.wake();
    await settle();
    expect(world.attempts).toEqual(['a']);
  });

  it('waits as long as the server asks, whoever wakes it', async () => {
    const { world, queue } = makeWorld();
    world.answer = () => ({ kind: 'later', afterSeconds: 7 });
    void queue.add(entry('a'));
    await settle();
    queue.wake();
    await vi.advanceTimersByTimeAsync(6_999);
    expect(world.attempts).toEqual(['a']);
    await vi.advanceTimersByTimeAsync(1);
    expect(world.attempts).toEqual(['a', 'a']);
  });

  it('goes on behind a refused message, which stays with the reason', async () => {
    const { world, queue } = makeWorld();
    world.answer = (tempId) => (tempId === 'a' ? { kind: 'refused', error: 'blocked' } : stored);
    void queue.add(entry('a'));
    void queue.add(entry('b'));
    await settle();
    expect(world.attempts).toEqual(['a', 'b']);
    expect(states(queue)).toEqual(['a failed']);
    expect(queue.shown.value[0]?.error).toBe('blocked');
    expect(world.kept.get('a')?.refusal).toBe('blocked');
  });

  it('sends a refused message again when asked, under the same temporary id', async () => {
    const { world, queue } = makeWorld();
    world.answer = () => ({ kind: 'refused', error: 'blocked' });
    void queue.add(entry('a'));
    await settle();
    world.answer = () => stored;
    queue.retry('a');
    await settle();
    expect(world.attempts).toEqual(['a', 'a']);
    expect(queue.isEmpty).toBe(true);
  });

  it('lets a message go that has come by another way, also in the middle of sending', async () => {
    const { world, queue } = makeWorld();
    let finish: (outcome: Outcome) => void = () => undefined;
    world.answer = (tempId) => (tempId === 'a' ? new Promise((resolve) => (finish = resolve)) : stored);
    void queue.add(entry('a'));
    void queue.add(entry('b'));
    await settle();
    queue.remove('a');
    expect(states(queue)).toEqual(['b waiting']);
    finish(later);
    await settle();
    expect(world.attempts).toEqual(['a', 'b']);
    expect(queue.isEmpty).toBe(true);
  });

  it('takes a known message only once', async () => {
    const { world, queue } = makeWorld();
    world.online = false;
    const one = entry('a');
    void queue.add(one);
    queue.resume({ ...one });
    expect(states(queue)).toEqual(['a waiting']);
  });

  it('sends nothing after it was stopped, and leaves what is kept', async () => {
    const { world, queue } = makeWorld();
    world.answer = () => later;
    void queue.add(entry('a'));
    await settle();
    queue.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(world.attempts).toEqual(['a']);
    expect(world.kept.has('a')).toBe(true);
  });
});
