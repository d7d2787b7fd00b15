import type { Conversation, SyncItem } from '@/api/types';

type SyncedConversation = Extract<SyncItem, { type: 'conversation' }>['data'];

/**
 * Whether `row`, which an answer of the server had, is older than what live events have told of it since: messages and
 * one's own reading only go forwards.
 */
export const isOlderRow = (row: Pick<Conversation, 'last_message_id' | 'last_read_id'>, known: Conversation): boolean =>
  knowsFewerMessages(row, known) || known.last_read_id > row.last_read_id;

/** Whether `row`, which an answer of the server had, does not know of messages that live events have told. */
export const knowsFewerMessages = (row: Pick<Conversation, 'last_message_id'>, known: Conversation): boolean =>
  known.last_message_id > row.last_message_id;

/** `row` of the server, with the newest message and the reading of `known` where those are ahead. */
export function mergeRow(row: Conversation, known: Conversation): Conversation {
  const merged = { ...row, participants: row.participants.map((person) => furthestRead(person, known.participants)) };
  if (row.other && known.other) merged.other = furthestRead(row.other, [known.other]);
  if (!isOlderRow(row, known)) return merged;
  const { last_message_id, last_message, unread_count, last_read_id, updated_at } = known;
  return { ...merged, last_message_id, last_message, unread_count, last_read_id, updated_at };
}

/**
 * `known` as catching up tells it. What it does not tell is kept: who is online, and the last message, which follows
 * it.
 */
export function mergeSynced(synced: SyncedConversation, known: Conversation): Conversation {
  const withOnline = <P extends { id: number }>(person: P) => ({
    ...person,
    online: known.participants.find(({ id }) => id === person.id)?.online ?? false,
  });
  const row = {
    ...known,
    ...synced,
    participants: synced.participants.map(withOnline),
    other: synced.other && withOnline(synced.other),
  };
  return { ...mergeRow(row, known), last_message_id: known.last_message_id };
}

function furthestRead<P extends { id: number; last_read_id: number }>(person: P, known: readonly P[]): P {
  const before = known.find(({ id }) => id === person.id)?.last_read_id ?? 0;
  return before > person.last_read_id ? { ...person, last_read_id: before } : person;
}
