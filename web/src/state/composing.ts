import { effectScope, shallowReactive, watch } from 'vue';

import { session } from '@/api/session';
import type { Message } from '@/api/types';
import { signals } from '@/live/signals';

/** What one is writing in a conversation. */
export interface Composing {
  /** The new message; kept over reloads. */
  text: string;
  /** The files of the new message. */
  files: readonly File[];
  /** The message that is answered. */
  replyTo: Message | null;
  /** The message that is edited in place of writing a new one. */
  editing: Message | null;
  /** The new words of the message that is edited. */
  editedText: string;
}

const keyOf = (userId: number, conversationId: number): string => `parley.draft.${userId}.${conversationId}`;

const byConversation = new Map<number, Composing>();
let writer: number | undefined;

/** What one is writing in the conversation, kept while one looks at others; reactive. */
export function composingOf(conversationId: number): Composing {
  // Nothing of one person is shown to the next.
  if (writer !== session.value?.user.id) byConversation.clear();
  writer = session.value?.user.id;
  let composing = byConversation.get(conversationId);
  if (!composing) byConversation.set(conversationId, (composing = begin(conversationId)));
  return composing;
}

function begin(conversationId: number): Composing {
  const key = session.value && keyOf(session.value.user.id, conversationId);
  const text = key ? (read(key) ?? '') : '';
  const composing = shallowReactive<Composing>({ text, files: [], replyTo: null, editing: null, editedText: '' });
  if (key) {
    const keepChanges = () =>
      watch(
        () => composing.text,
        (now) => keep(key, now),
        { flush: 'sync' },
      );
    // On its own, so that it does not end with the component that happened to ask first.
    effectScope(true).run(keepChanges);
  }
  return composing;
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key: string, text: string): void {
  try {
    if (text === '') localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // No room: the draft lives as long as the page.
  }
}

export function startReply(message: Message): void {
  const composing = composingOf(message.conversation_id);
  composing.editing = null;
  composing.replyTo = message;
}

export function startEdit(message: Message): void {
  const composing = composingOf(message.conversation_id);
  composing.replyTo = null;
  composing.editedText = message.body;
  composing.editing = message;
}

signals.messageDeleted.listen(({ id, conversation_id }) => {
  const composing = byConversation.get(conversation_id);
  if (composing?.replyTo?.id === id) composing.replyTo = null;
  if (composing?.editing?.id === id) composing.editing = null;
});
signals.conversationLeft.listen(({ conversation_id }) => byConversation.delete(conversation_id));
signals.sessionEnded.listen(() => byConversation.clear());
