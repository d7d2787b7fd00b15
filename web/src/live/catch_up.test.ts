import { beforeEach, expect, it, vi } from 'vitest';

import type { SyncPage } from '@/api/types';

// The server is played; it answers when the test wants it to.

interface Question {
  cursor: string;
  signal: AbortSignal | undefined;
  answer: (page: Partial<SyncPage>) => void;
  fail: (error: Error) => void;
}

const questions: Question[] = [];
const get = (_path: string, { cursor }: { cursor: string }, signal?: AbortSignal) =>
  new Promise<Partial<SyncPage>>((answer, fail) => {
    signal?.addEventListener('abort', () => fail(new DOMException('', 'AbortError')));
    questions.push({ cursor, signal, answer, fail });
  });
vi.mock('@/api', () => ({ api: { get } }));

const message = (id: number) => ({ type: 'message', data: { id, temp_id: null } }) as never;
const asked = async (count: number) => {
  await vi.waitFor(() => expect(questions).toHaveLength(count));
  return questions.at(-1)!;
};

async function begun() {
  vi.resetModules();
  const [place, { signals }] = await Promise.all([import('./catch_up'), import('./signals')]);
  const told: string[] = [];
  signals.message.listen((what) => void told.push(`message ${what.message.id}`));
  signals.caughtUp.listen(({ first }) => void told.push(first ? 'caught up at first' : 'caught up'));
  const beginning = place.noteBeginning();
  (await asked(1)).answer({ next_cursor: 'a' });
  await beginning;
  return { ...place, told };
}

beforeEach(() => void questions.splice(0));

it('tells all pages, and goes on from where it was', async () => {
  const { catchUp, told } = await begun();
  const first = catchUp(true);
  (await asked(2)).answer({ data: [message(1)], next_cursor: 'b', has_more: true });
  (await asked(3)).answer({ data: [message(2)], next_cursor: 'c', has_more: false });
  await first;
  expect(told).toEqual(['message 1', 'message 2', 'caught up at first']);
  const second = catchUp(false);
  (await asked(4)).answer({ data: [], next_cursor: 'c', has_more: false });
  await second;
  expect(questions.map(({ cursor }) => cursor)).toEqual(['now', 'a', 'b', 'c']);
});

it('asks again at once when the connection is another one: no answer may ever come over the old one', async () => {
  const { catchUp, told } = await begun();
  const first = catchUp(true);
  const lost = await asked(2);
  const second = catchUp(false);
  expect(lost.signal?.aborted).toBe(true);
  (await asked(3)).answer({ data: [message(1)], next_cursor: 'b', has_more: false });
  await Promise.all([first, second]);
  expect(told).toEqual(['message 1', 'caught up']);
});

it('rejects without an answer, keeps what came until then, and can be asked again', async () => {
  const { catchUp, told } = await begun();
  const first = catchUp(false);
  (await asked(2)).answer({ data: [message(1)], next_cursor: 'b', has_more: true });
  (await asked(3)).fail(new TypeError('gone'));
  await expect(first).rejects.toThrow('gone');
  const second = catchUp(false);
  const again = await asked(4);
  expect(again.cursor).toBe('b');
  again.answer({ data: [], next_cursor: 'b', has_more: false });
  await second;
  expect(told).toEqual(['message 1', 'caught up']);
});
