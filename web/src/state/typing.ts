import { computed, shallowReactive, type ComputedRef } from 'vue';

import { session } from '@/api/session';
import { signals } from '@/live/signals';

/** Somebody who is typing. */
export interface Typist {
  id: number;
  name: string;
}

/** Whoever has not said so again for this many milliseconds is typing no longer. */
const typingFor = 6_000;

const byConversation = shallowReactive(new Map<number, readonly (Typist & { until: number })[]>());
let timer: ReturnType<typeof setTimeout> | undefined;

/** Who is typing in a conversation now, oneself left out; whoever began first comes first. */
export function typingIn(conversationId: number): ComputedRef<readonly Typist[]> {
  return computed(() => byConversation.get(conversationId) ?? []);
}

function begin(conversationId: number, { id, name }: Typist): void {
  const known = byConversation.get(conversationId) ?? [];
  const typist = { id, name, until: Date.now() + typingFor };
  const isKnown = known.some((other) => other.id === id);
  const now = isKnown ? known.map((other) => (other.id === id ? typist : other)) : [...known, typist];
  byConversation.set(conversationId, now);
  waitForNext();
}

function keepOnly(conversationId: number, isKept: (typist: Typist & { until: number }) => boolean): void {
  const known = byConversation.get(conversationId);
  const kept = known?.filter(isKept);
  if (!known || !kept || kept.length === known.length) return;
  if (kept.length > 0) byConversation.set(conversationId, kept);
  else byConversation.delete(conversationId);
}

const end = (conversationId: number, userId: number) => keepOnly(conversationId, ({ id }) => id !== userId);

/** One timer for all: it runs off when the next one has to be forgotten. */
function waitForNext(): void {
  if (timer !== undefined) return;
  const next = Math.min(...[...byConversation.values()].flat().map(({ until }) => until));
  if (Number.isFinite(next)) timer = setTimeout(forgetOld, Math.max(next - Date.now(), 0));
}

function forgetOld(): void {
  timer = undefined;
  const now = Date.now();
  for (const id of [...byConversation.keys()]) keepOnly(id, ({ until }) => until > now);
  waitForNext();
}

signals.typing.listen(({ conversation_id, user, typing }) => {
  // One's other devices tell, too.
  if (user.id === session.value?.user.id) return;
  if (typing) begin(conversation_id, user);
  else end(conversation_id, user.id);
});
signals.message.listen(({ message, arrival }) => {
  if (arrival !== 'updated') end(message.conversation_id, message.sender_id);
});
signals.conversationLeft.listen(({ conversation_id }) => byConversation.delete(conversation_id));
signals.sessionEnded.listen(() => {
  byConversation.clear();
  clearTimeout(timer);
  timer = undefined;
});
