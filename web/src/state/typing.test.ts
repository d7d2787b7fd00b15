import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { signals } from '@/live/signals';

import { typingIn } from './typing';

vi.mock('@/api/session', () => ({ session: { value: { user: { id: 1 } } } }));

const tell = (id: number, typing: boolean, conversation_id = 7) =>
  signals.typing.tell({ conversation_id, user: { id, name: `Person ${id}`, email: '' }, typing });
const ids = (conversationId = 7) => typingIn(conversationId).value.map(({ id }) => id);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  signals.sessionEnded.tell();
  vi.useRealTimers();
});

describe('typingIn', () => {
  it('names who is typing, oneself left out', () => {
    tell(2, true);
    tell(1, true);
    tell(3, true, 8);
    expect(ids()).toEqual([2]);
  });

  it('forgets each after six seconds', () => {
    tell(2, true);
    vi.advanceTimersByTime(4_000);
    tell(3, true);
    vi.advanceTimersByTime(1_999);
    expect(ids()).toEqual([2, 3]);
    vi.advanceTimersByTime(1);
    expect(ids()).toEqual([3]);
    vi.advanceTimersByTime(4_000);
    expect(ids()).toEqual([]);
  });

  it('counts anew from every notice, and keeps the order', () => {
    tell(2, true);
    tell(3, true);
    vi.advanceTimersByTime(5_000);
    tell(2, true);
    vi.advanceTimersByTime(5_000);
    expect(ids()).toEqual([2]);
    tell(3, true);
    expect(ids()).toEqual([2, 3]);
  });

  it('forgets at a stop and when the message is there, but not when an old one is changed', () => {
    const message = { conversation_id: 7, sender_id: 2 } as never;
    tell(2, true);
    tell(3, true);
    signals.message.tell({ message, arrival: 'updated', tempId: null });
    expect(ids()).toEqual([2, 3]);
    signals.message.tell({ message, arrival: 'sent', tempId: null });
    tell(3, false);
    expect(ids()).toEqual([]);
  });
});
