import type { Message } from '@/api/types';
import type { PendingMessage } from '@/state/outbox';

/** How far one's own message has come. */
export type Mark = 'waiting' | 'failed' | 'stored' | 'read';

/** A message as the list shows it: a stored one or one on its way, never both. */
export interface MessageRow {
  /** Stays the same when a message on its way becomes a stored one, so that its element does, too. */
  key: string;
  message: Message | null;
  pending: PendingMessage | null;
  senderId: number;
  isOwn: boolean;
  sentAt: string;
  /** Whether it is the first of its day, and says so. */
  beginsDay: boolean;
  /** Whether it is the first one that was unread when the conversation was opened, and says so. */
  isFirstUnread: boolean;
  /** Whether it begins, and ends, a group of messages that one sender has sent shortly after another. */
  isHead: boolean;
  isTail: boolean;
  /** Of one's own. */
  mark: Mark | null;
}

/** What the rows depend on. */
export interface RowsInput {
  /** In ascending order, without gaps. */
  messages: readonly Message[];
  /** What follows them. */
  pending: readonly PendingMessage[];
  me: number;
  /** Whether earlier messages than the first one exist. */
  hasBefore: boolean;
  /** The message before the first unread one; null when there is no marker. */
  unreadAfter: number | null;
  /** All others have read up to this message; 0 when that is not known. */
  readUpTo: number;
}

/** Messages of one sender that are further apart, in milliseconds, do not belong to one group. */
export const groupGap = 5 * 60_000;

/**
 * What the messages look like in the list, in its order. Rows of `known` that have not changed are used again. The first
 * message is only shown when nothing is before it: how it looks depends on that, and it would change when that comes.
 */
export function rowsOf(input: RowsInput, known: readonly MessageRow[] = []): MessageRow[] {
  const rows = input.messages.map((message) => storedRow(message, input));
  const sent = new Set(rows.map(({ key }) => key));
  for (const pending of input.pending) {
    const row = pendingRow(pending, input.me);
    if (!sent.has(row.key)) rows.push(row);
  }
  markUnread(rows, input);
  markGroups(rows);
  return reused(input.hasBefore ? rows.slice(1) : rows, known);
}

const ownKey = (tempId: string): string => `own-${tempId}`;

function storedRow(message: Message, { me, readUpTo }: RowsInput): MessageRow {
  const isOwn = message.sender_id === me;
  const isRead = message.read_at !== null || message.id <= readUpTo;
  return {
    ...blank,
    key: isOwn && message.temp_id !== null ? ownKey(message.temp_id) : `message-${message.id}`,
    message,
    senderId: message.sender_id,
    isOwn,
    sentAt: message.created_at,
    mark: !isOwn || message.deleted_at ? null : isRead ? 'read' : 'stored',
  };
}

function pendingRow(pending: PendingMessage, me: number): MessageRow {
  return {
    ...blank,
    key: ownKey(pending.tempId),
    pending,
    senderId: me,
    isOwn: true,
    sentAt: pending.createdAt,
    mark: pending.state === 'failed' ? 'failed' : 'waiting',
  };
}

const blank = {
  message: null,
  pending: null,
  beginsDay: false,
  isFirstUnread: false,
  isHead: true,
  isTail: true,
};

function markUnread(rows: MessageRow[], { unreadAfter }: RowsInput): void {
  if (unreadAfter === null) return;
  const first = rows.find(({ message, isOwn }) => message && !isOwn && message.id > unreadAfter);
  if (first) first.isFirstUnread = true;
}

function markGroups(rows: MessageRow[]): void {
  let before: MessageRow | undefined;
  let dayBefore = '';
  for (const row of rows) {
    const day = new Date(row.sentAt).toDateString();
    row.beginsDay = day !== dayBefore;
    if (before && !row.beginsDay && !row.isFirstUnread && follows(before, row)) {
      row.isHead = false;
      before.isTail = false;
    }
    before = row;
    dayBefore = day;
  }
}

const follows = (before: MessageRow, row: MessageRow): boolean =>
  before.senderId === row.senderId && Date.parse(row.sentAt) - Date.parse(before.sentAt) < groupGap;

/** An unchanged row is the same object, which spares rendering it. */
function reused(rows: MessageRow[], known: readonly MessageRow[]): MessageRow[] {
  const byKey = new Map(known.map((row) => [row.key, row]));
  return rows.map((row) => {
    const before = byKey.get(row.key);
    return before && sameRow(before, row) ? before : row;
  });
}

function sameRow(a: MessageRow, b: MessageRow): boolean {
  return (Object.keys(a) as (keyof MessageRow)[]).every((name) => a[name] === b[name]);
}
