import { computed, onScopeDispose, shallowReactive, shallowRef, watch, type ComputedRef } from 'vue';

import { api, ApiError } from '@/api';
import type { Message, MessagePage } from '@/api/types';
import { signals } from '@/live/signals';

import { findConversation } from './conversations';
import type { MessageWindow } from './message_window';
import { Turns } from './turns';

/** So many messages from outside the windows are kept that nobody shows. */
const idleQuotesMax = 300;

/** A long list asks for many at once; what one does meanwhile needs answers, too. */
const turns = new Turns(4);

/** A message of some conversation. */
export interface MessagePlace {
  conversation_id: number;
  message_id: number;
}

/** Messages that are quoted and in no window. `missing`: there is none that one may see. */
const outside = shallowReactive(new Map<number, Message | 'missing'>());
/** How many show each of them. */
const users = new Map<number, number>();
let asking = new Set<number>();
/** Grows when what nobody has answered may be asked for again. */
const round = shallowRef(0);

async function ask({ conversation_id, message_id: id }: MessagePlace): Promise<void> {
  const mine = asking;
  if (outside.has(id) || mine.has(id)) return;
  mine.add(id);
  const done = await turns.take();
  try {
    // Meanwhile it may have left the screen, or the session have ended.
    const answer = mine === asking && users.has(id) ? await find(conversation_id, id) : null;
    if (answer && mine === asking) keep(id, answer);
  } catch {
    // Without an answer nothing is known of it: it is asked for again when the connection is back.
  } finally {
    mine.delete(id);
    done();
  }
}

/** Rejects when there is no answer; a refusal is one. */
async function find(conversationId: number, id: number): Promise<Message | 'missing'> {
  const last = findConversation(conversationId)?.last_message;
  if (last?.id === id) return last;
  try {
    const path = `/api/chat/conversations/${conversationId}/messages`;
    const page = await api.get<MessagePage>(path, { around: id, limit: 1 });
    return page.data.find((message) => message.id === id) ?? 'missing';
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 403)) return 'missing';
    throw error;
  }
}

function keep(id: number, message: Message | 'missing'): void {
  outside.set(id, message);
  let tooMany = [...outside.keys()].filter((known) => !users.has(known)).length - idleQuotesMax;
  for (const known of outside.keys()) {
    if (tooMany <= 0) return;
    if (users.has(known)) continue;
    outside.delete(known);
    tooMany -= 1;
  }
}

function use(id: number): () => void {
  users.set(id, (users.get(id) ?? 0) + 1);
  return () => {
    const left = users.get(id)! - 1;
    if (left > 0) users.set(id, left);
    else users.delete(id);
  };
}

/** A message of any conversation, from the server. Null until it is known, or when none is wanted. */
export function useMessage(wanted: () => MessagePlace | null): ComputedRef<Message | 'missing' | null> {
  const id = computed(() => wanted()?.message_id ?? null);
  let release = () => {};
  watch(
    [id, round],
    () => {
      release();
      const now = wanted();
      release = now ? use(now.message_id) : () => {};
      if (now) void ask(now);
    },
    { immediate: true },
  );
  onScopeDispose(() => release());
  return computed(() => (id.value === null ? null : (outside.get(id.value) ?? null)));
}

/** The message that another one answers: from `window`, else from the server. Null until it is known. */
export function useQuote(window: MessageWindow, wanted: () => number): ComputedRef<Message | 'missing' | null> {
  const inside = computed(() => window.messages.value.find(({ id }) => id === wanted()) ?? null);
  const elsewhere = useMessage(() =>
    inside.value ? null : { conversation_id: window.conversationId, message_id: wanted() },
  );
  return computed(() => inside.value ?? elsewhere.value);
}

signals.message.listen(({ message }) => {
  if (outside.has(message.id)) outside.set(message.id, message);
});
signals.messageDeleted.listen(({ id }) => {
  const known = outside.get(id);
  if (known && known !== 'missing') {
    outside.set(id, { ...known, body: '', attachments: [], deleted_at: new Date().toISOString() });
  }
});
signals.caughtUp.listen(() => {
  outside.forEach((known, id) => known === 'missing' && outside.delete(id));
  round.value += 1;
});
signals.sessionEnded.listen(() => {
  outside.clear();
  asking = new Set();
});
