import { effectScope, nextTick, ref } from 'vue';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { ApiError, NetworkError } from '@/api/errors';
import type { Message } from '@/api/types';
import { signals } from '@/live/signals';

const server = vi.hoisted(() => ({ get: vi.fn() }));
vi.mock('@/api', async () => ({ ...(await import('@/api/errors')), api: server }));
vi.mock('./conversations', () => ({
  findConversation: (id: number) => (id === 9 ? { last_message: { id: 90, body: 'newest' } } : undefined),
}));

const { useMessage } = await import('./quotes');

const place = (message_id: number, conversation_id = 1) => ({ conversation_id, message_id });
const page = (id: number) => ({ data: [{ id, body: `message ${id}` } as Message] });
const scopes: { stop: () => void }[] = [];

function show(wanted: () => ReturnType<typeof place> | null) {
  const scope = effectScope();
  scopes.push(scope);
  return scope.run(() => useMessage(wanted))!;
}

const settle = async () => {
  for (let turn = 0; turn < 20; ++turn) await nextTick();
};

beforeEach(() => {
  server.get.mockImplementation(async (_path: string, { around }: { around: number }) => page(around));
});

afterEach(async () => {
  scopes.splice(0).forEach((scope) => scope.stop());
  await settle();
  signals.sessionEnded.tell();
  vi.clearAllMocks();
});

describe('useMessage', () => {
  it('asks once for all who show it', async () => {
    const shown = [show(() => place(1)), show(() => place(1))];
    await settle();
    expect(shown.map(({ value }) => (value as Message).body)).toEqual(['message 1', 'message 1']);
    expect(server.get).toHaveBeenCalledTimes(1);
  });

  it('takes the newest message of a known conversation without asking', async () => {
    const shown = show(() => place(90, 9));
    await settle();
    expect(shown.value).toMatchObject({ body: 'newest' });
    expect(server.get).not.toHaveBeenCalled();
  });

  it.each([
    ['is not there', async () => ({ data: [] })],
    ['is refused', () => Promise.reject(new ApiError(404, 'not_found', '', {}, null))],
  ])('is missing when it %s', async (_what, answer) => {
    server.get.mockImplementation(answer);
    const shown = show(() => place(1));
    await settle();
    expect(shown.value).toBe('missing');
  });

  it.each([
    ['no answer', new NetworkError()],
    ['too many requests', new ApiError(429, 'too_many_requests', '', {}, 1)],
  ])('is not missing with %s, and asked for again after catching up', async (_what, error) => {
    server.get.mockRejectedValueOnce(error);
    const shown = show(() => place(1));
    await settle();
    expect(shown.value).toBeNull();
    signals.caughtUp.tell({ first: false });
    await settle();
    expect(shown.value).toMatchObject({ id: 1 });
  });

  it('asks for four at once, and not for what has left the screen meanwhile', async () => {
    const answers: (() => void)[] = [];
    server.get.mockImplementation(
      (_path: string, { around }: { around: number }) =>
        new Promise((resolve) => answers.push(() => resolve(page(around)))),
    );
    for (let id = 1; id <= 6; ++id) show(() => place(id));
    await settle();
    expect(answers).toHaveLength(4);
    scopes[4]!.stop();
    answers.forEach((answer) => answer());
    await settle();
    expect(answers).toHaveLength(5);
    answers[4]!();
  });

  it('keeps what is shown, however many others come', async () => {
    const first = show(() => place(1));
    await settle();
    const other = ref(2);
    show(() => place(other.value));
    for (; other.value < 400; other.value += 1) await settle();
    expect(first.value).toMatchObject({ id: 1 });
    expect(server.get).toHaveBeenCalledTimes(399);
  });
});
