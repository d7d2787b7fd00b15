import { describe, expect, it } from 'vitest';

import type { Message } from '@/api/types';
import type { PendingMessage } from '@/state/outbox';

import { groupGap, rowsOf, type RowsInput } from './rows';

const me = 1;
const other = 2;
// Noon, wherever the test runs.
const noon = new Date(2026, 0, 20, 12).getTime();
const at = (later: number): string => new Date(noon + later).toISOString();

function message(id: number, parts: Partial<Message> = {}): Message {
  return {
    id,
    sender_id: other,
    temp_id: null,
    read_at: null,
    deleted_at: null,
    created_at: at(id * 1_000),
    ...parts,
  } as Message;
}

function pendingMessage(tempId: string, parts: Partial<PendingMessage> = {}): PendingMessage {
  return { tempId, createdAt: at(900_000), state: 'sending', files: [], ...parts } as PendingMessage;
}

function rows(parts: Partial<RowsInput>, known: ReturnType<typeof rowsOf> = []) {
  const nothing: RowsInput = { messages: [], pending: [], me, hasBefore: false, unreadAfter: null, readUpTo: 0 };
  return rowsOf({ ...nothing, ...parts }, known);
}

describe('days', () => {
  it('are said by the first message of each', () => {
    const day = 24 * 3_600_000;
    const messages = [0, 1, day, day + 1].map((later, index) => message(index + 1, { created_at: at(later) }));
    expect(rows({ messages }).map(({ beginsDay }) => beginsDay)).toEqual([true, false, true, false]);
  });

  it('are not affected by what is loaded before', () => {
    const messages = [1, 2, 3].map((id) => message(id));
    const late = rows({ messages: messages.slice(1), hasBefore: true });
    expect(late).toEqual(rows({ messages }).slice(2));
  });
});

describe('groups', () => {
  const heads = (messages: Message[], unreadAfter: number | null = null) =>
    rows({ messages, unreadAfter }).map(({ isHead }) => isHead);

  it('hold what one sender has sent shortly after another', () => {
    const messages = [
      message(1, { created_at: at(0) }),
      message(2, { created_at: at(groupGap - 1) }),
      message(3, { created_at: at(2 * groupGap - 1) }),
      message(4, { sender_id: 3, created_at: at(2 * groupGap) }),
    ];
    expect(heads(messages)).toEqual([true, false, true, true]);
    expect(rows({ messages }).map(({ isTail }) => isTail)).toEqual([false, true, true, true]);
  });

  it('are divided by the unread marker', () => {
    expect(heads([message(1), message(2)], 1)).toEqual([true, true]);
  });
});

describe('the unread marker', () => {
  const marked = (messages: Message[], unreadAfter: number) =>
    rows({ messages, unreadAfter }).findIndex(({ isFirstUnread }) => isFirstUnread);

  it('stands at the first message of others that is new', () => {
    expect(marked([message(1), message(2, { sender_id: me }), message(3), message(4)], 1)).toBe(2);
  });

  it('is nowhere when all is read', () => {
    expect(marked([message(1), message(2)], 2)).toBe(-1);
  });
});

describe('marks', () => {
  const mark = (parts: Partial<Message>, readUpTo = 0) =>
    rows({ messages: [message(7, { sender_id: me, ...parts })], readUpTo })[0]!.mark;

  it.each([
    ['stored', {}, 0],
    ['stored', {}, 6],
    ['read', {}, 7],
    ['read', { read_at: at(0) }, 0],
    [null, { deleted_at: at(0) }, 0],
    [null, { sender_id: other }, 0],
  ] as const)('are %s for %o when the others have read up to %i', (expected, parts, readUpTo) => {
    expect(mark(parts, readUpTo)).toBe(expected);
  });

  it('say what becomes of a message on its way', () => {
    const pending = [pendingMessage('a'), pendingMessage('b', { state: 'failed' })];
    expect(rows({ pending }).map((row) => row.mark)).toEqual(['waiting', 'failed']);
  });
});

describe('a message on its way', () => {
  it('keeps its key when it is stored', () => {
    const [before] = rows({ pending: [pendingMessage('a')] });
    const [after] = rows({ messages: [message(1, { sender_id: me, temp_id: 'a' })] });
    expect(after!.key).toBe(before!.key);
  });

  it('is not shown beside the stored one', () => {
    const messages = [message(1, { sender_id: me, temp_id: 'a' })];
    expect(rows({ messages, pending: [pendingMessage('a')] })).toHaveLength(1);
  });

  it('of another sender has nothing to do with ours', () => {
    const messages = [message(1, { temp_id: 'a' })];
    expect(rows({ messages, pending: [pendingMessage('a')] })).toHaveLength(2);
  });
});

it('uses rows again that have not changed', () => {
  const messages = [1, 2, 3].map((id) => message(id));
  const before = rows({ messages });
  const changed = [messages[0]!, { ...messages[1]!, body: 'other' }, messages[2]!];
  const after = rows({ messages: changed }, before);
  expect(after.map((row, index) => row === before[index])).toEqual([true, false, true]);
});
