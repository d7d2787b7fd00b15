import { computed, ref, shallowReactive, shallowRef } from 'vue';

import { api } from '@/api';
import { session } from '@/api/session';
import type { Conversation, Message, Page } from '@/api/types';
import { signals } from '@/live/signals';

import { isOlderRow, knowsFewerMessages, mergeRow, mergeSynced } from './conversation_rows';
import { isNewer } from './message_window';

const pageSize = 50;

const byId = shallowReactive(new Map<number, Conversation>());
/** By conversation: the newest message that its `unread_count` has taken into account. */
const countedUpTo = new Map<number, number>();
/** Requests for one conversation that are on their way. `again`: the answer may be too old already. */
const asking = new Map<number, { answer: Promise<Conversation>; again: boolean }>();
/** What is shown of an earlier time, until the server answers. */
const old = new Map<number, Conversation>();
/** Answers to requests of another session are dropped. */
let sessions = 0;
let nextCursor: string | null = null;

/** Whether the newest conversations are there. */
export const conversationsLoaded = ref(false);

/** Whether the conversations are those of an earlier time: the server has not answered yet. */
export const conversationsAreOld = ref(false);

/** Why the last attempt to load conversations has failed; null after a success. */
export const conversationsFailure = shallowRef<unknown>(null);

/** Whether older conversations than the loaded ones exist. */
export const hasMoreConversations = ref(false);

/** How many new messages of others the last catching up has brought. */
export const missedMessages = ref(0);

/** The loaded conversations, the one with the newest message first. */
export const conversations = computed(() =>
  [...byId.values()].sort((a, b) =>
    a.updated_at === b.updated_at ? b.id - a.id : a.updated_at < b.updated_at ? 1 : -1,
  ),
);

/** Unread messages of all loaded conversations that are not muted. */
export const unreadTotal = computed(() =>
  conversations.value.reduce((sum, row) => sum + (row.muted ? 0 : row.unread_count), 0),
);

export const findConversation = (id: number): Conversation | undefined => byId.get(id);

/** Loads the newest conversations. What was known before is kept where it is newer. */
export const loadConversations = (): Promise<void> => loadPage(undefined, forgetOld);

/** Says why the newest conversations are not there where they could not even be asked for. */
export function noteConversationsFailure(error: unknown): void {
  if (!conversationsLoaded.value) conversationsFailure.value ??= error;
}

/** Shows what was known when the app was open last, unless the server has answered before. */
export function showKnownConversations(known: readonly Conversation[]): void {
  if (conversationsLoaded.value) return;
  for (const row of known.filter(({ id }) => !byId.has(id))) {
    old.set(row.id, row);
    putConversation(row);
  }
  conversationsAreOld.value = old.size > 0;
}

function forgetOld(): void {
  for (const [id, row] of old) {
    const now = byId.get(id);
    byId.delete(id);
    countedUpTo.delete(id);
    // What live events have told of it meanwhile, the answer may not know.
    if (now && now !== row) askQuietly(id);
  }
  old.clear();
  conversationsAreOld.value = false;
}

export async function loadMoreConversations(): Promise<void> {
  if (nextCursor !== null) await loadPage(nextCursor, () => undefined);
}

let failedLoad: () => Promise<void> = loadConversations;

async function loadPage(cursor: string | undefined, before: () => void): Promise<void> {
  const asked = sessions;
  const left = new Set<number>();
  const endListening = signals.conversationLeft.listen(({ conversation_id }) => left.add(conversation_id));
  try {
    const page = await api.get<Page<Conversation>>('/api/chat/conversations', { limit: pageSize, cursor });
    if (asked !== sessions) return;
    before();
    page.data.filter(({ id }) => !left.has(id)).forEach(putConversation);
    nextCursor = page.next_cursor;
    hasMoreConversations.value = nextCursor !== null;
    conversationsLoaded.value = true;
    conversationsFailure.value = null;
  } catch (error) {
    if (asked === sessions) {
      conversationsFailure.value = error;
      failedLoad = () => loadPage(cursor, before);
    }
    throw error;
  } finally {
    endListening();
  }
}

/** Tries again what `conversationsFailure` tells of. */
export const retryConversations = (): Promise<void> => failedLoad();

/** The conversation, asked for if it is not known. Rejects with 404 for one that one may not see. */
export function ensureConversation(id: number): Promise<Conversation> {
  const known = byId.get(id);
  return known ? Promise.resolve(known) : askFor(id);
}

/** Takes what the server knows of a conversation now, after a change that it does not tell this device of. */
export async function reloadConversation(id: number): Promise<void> {
  const known = asking.get(id);
  if (known) await known.answer.catch(() => undefined);
  await askFor(id);
}

/** Takes the server's row of a conversation in place of what is known of it. */
function askFor(id: number): Promise<Conversation> {
  const known = asking.get(id);
  if (known) return known.answer;
  const isWanted = (): boolean => asking.get(id) === request;
  const request = { answer: fetchConversation(id, isWanted), again: false };
  asking.set(id, request);
  request.answer = request.answer.finally(() => {
    if (!isWanted()) return;
    asking.delete(id);
    if (request.again) askQuietly(id);
  });
  return request.answer;
}

/** `isWanted`: neither the conversation nor the session has been left while the answer was on its way. */
async function fetchConversation(id: number, isWanted: () => boolean): Promise<Conversation> {
  const row = await api.get<Conversation>(`/api/chat/conversations/${id}`);
  return isWanted() ? putConversation(row) : row;
}

/** Without an answer the row stays as it is: the next catching up brings what it lacks. */
function askQuietly(id: number): void {
  const known = asking.get(id);
  if (known) known.again = true;
  else void askFor(id).catch(() => undefined);
}

/** A row from the server. Live events may have told more than it knows: what is newer stays. */
export function putConversation(row: Conversation): Conversation {
  const known = byId.get(row.id);
  const merged = known ? mergeRow(row, known) : row;
  if (!known || !isOlderRow(row, known)) countedUpTo.set(row.id, row.last_message_id);
  byId.set(row.id, merged);
  if (known) countAgain(row, known);
  return merged;
}

/** What came live while `row` was on its way is counted on top of what was known before it: both may be too little. */
function countAgain(row: Pick<Conversation, 'id' | 'last_message_id'>, known: Conversation): void {
  if (knowsFewerMessages(row, known)) askQuietly(row.id);
}

/** What has been left does not come back with an answer that is on its way. */
function forget(id: number): void {
  byId.delete(id);
  countedUpTo.delete(id);
  asking.delete(id);
}

function change(id: number, update: (row: Conversation) => Partial<Conversation>): void {
  const row = byId.get(id);
  if (row) byId.set(id, { ...row, ...update(row) });
}

function takeMessage(message: Message): void {
  const id = message.conversation_id;
  const row = byId.get(id);
  if (!row) return askQuietly(id);
  if (message.id < row.last_message_id) return;
  if (message.id === row.last_message_id) return replaceLast(row, message);
  const isOwn = message.sender_id === session.value?.user.id;
  const counts = message.id > Math.max(countedUpTo.get(id) ?? 0, row.last_read_id) && !message.deleted_at;
  countedUpTo.set(id, Math.max(countedUpTo.get(id) ?? 0, message.id));
  change(id, () => ({
    last_message: message,
    last_message_id: message.id,
    updated_at: message.created_at > row.updated_at ? message.created_at : row.updated_at,
    // Sending reads what came before.
    last_read_id: isOwn ? Math.max(message.id, row.last_read_id) : row.last_read_id,
    unread_count: isOwn ? 0 : row.unread_count + (counts ? 1 : 0),
  }));
}

/** The last message as it is now; an older version of it, told twice, changes nothing. */
function replaceLast(row: Conversation, message: Message): void {
  const known = row.last_message;
  if (known?.id === message.id && isNewer(known, message)) return;
  change(row.id, () => ({ last_message: message }));
}

function isMissed(message: Message): boolean {
  return message.sender_id !== session.value?.user.id && message.id > newestBefore && !message.deleted_at;
}

/** One's own reading, here or on another device. */
export function takeOwnRead(conversationId: number, lastReadId: number): void {
  const row = byId.get(conversationId);
  if (!row || lastReadId <= row.last_read_id) return;
  const all = lastReadId >= row.last_message_id;
  change(conversationId, () => ({ last_read_id: lastReadId, ...(all && { unread_count: 0 }) }));
  if (!all) askQuietly(conversationId);
}

function takeOthersRead(conversationId: number, readerId: number, lastReadId: number): void {
  const advance = <P extends { id: number; last_read_id: number }>(person: P): P =>
    person.id === readerId && person.last_read_id < lastReadId ? { ...person, last_read_id: lastReadId } : person;
  change(conversationId, (row) => ({
    participants: row.participants.map(advance),
    other: row.other && advance(row.other),
  }));
}

function takeDeletion(id: number, conversationId: number): void {
  change(conversationId, ({ last_message: last }) => {
    if (last?.id !== id || last.deleted_at) return {};
    return { last_message: { ...last, body: '', attachments: [], deleted_at: new Date().toISOString() } };
  });
  // How many are unread without it, the server knows.
  if ((byId.get(conversationId)?.last_read_id ?? id) < id) askQuietly(conversationId);
}

/** Everything anew. What is shown stays until the answer is there. */
function loadAgain(): void {
  // The failure is kept for the list to show.
  void loadPage(undefined, forgetAll).catch(() => undefined);
}

function forgetAll(): void {
  byId.clear();
  countedUpTo.clear();
  old.clear();
  conversationsAreOld.value = false;
}

let missed = 0;
/** The newest message that was known when the last catching up began; ids grow over all conversations. */
let newestBefore = 0;

signals.catchingUp.listen(() => {
  missed = 0;
  newestBefore = Math.max(0, ...[...byId.values()].map((row) => row.last_message_id));
});
signals.message.listen(({ message, arrival }) => {
  if (arrival === 'missed' && isMissed(message)) missed += 1;
  takeMessage(message);
});
signals.caughtUp.listen(({ first }) => {
  missedMessages.value = first ? 0 : missed;
  missed = 0;
});
signals.messageDeleted.listen(({ id, conversation_id }) => takeDeletion(id, conversation_id));
signals.messagesRead.listen(({ conversation_id, reader_id, last_read_id }) => {
  if (reader_id === session.value?.user.id) takeOwnRead(conversation_id, last_read_id);
  takeOthersRead(conversation_id, reader_id, last_read_id);
});
signals.conversationUpdated.listen(({ conversation_id }) => askQuietly(conversation_id));
signals.conversationSynced.listen((row) => {
  const known = byId.get(row.id);
  if (!known) return askQuietly(row.id);
  byId.set(row.id, mergeSynced(row, known));
  countAgain(row, known);
  if (!isOlderRow(row, known)) countedUpTo.set(row.id, row.last_message_id);
});
signals.conversationLeft.listen(({ conversation_id }) => forget(conversation_id));
signals.reset.listen(loadAgain);
signals.sessionEnded.listen(() => {
  sessions += 1;
  forgetAll();
  asking.clear();
  nextCursor = null;
  missed = missedMessages.value = 0;
  hasMoreConversations.value = conversationsLoaded.value = false;
  conversationsFailure.value = null;
  failedLoad = loadConversations;
});
