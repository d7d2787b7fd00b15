import { session } from '@/api/session';
import type { Message } from '@/api/types';
import { signals } from '@/live/signals';

import { MessageWindow } from './message_window';
import { withReaction } from './reactions';

/** Windows of so many conversations are kept, so that going back to one shows it at once. */
const windowsMax = 12;

const windows = new Map<number, MessageWindow>();

/** The messages of a conversation; the same object until it has not been asked for in a long time. */
export function windowOf(conversationId: number): MessageWindow {
  const window = windows.get(conversationId) ?? new MessageWindow(conversationId);
  // The one asked for last is the last of the map.
  windows.delete(conversationId);
  windows.set(conversationId, window);
  const oldest = windows.keys().next().value;
  if (windows.size > windowsMax && oldest !== undefined) windows.delete(oldest);
  return window;
}

/** The messages of a conversation as far as they are kept; asking does not count as looking at them. */
export const keptMessages = (conversationId: number): readonly Message[] =>
  windows.get(conversationId)?.messages.value ?? [];

/** Applies a change of one message that has not come from the server as a whole. */
function patch(conversationId: number, messageId: number, change: (message: Message) => Partial<Message>): void {
  windows.get(conversationId)?.update((message) => {
    return message.id === messageId ? { ...message, ...change(message) } : message;
  });
}

/** Shows a reaction as added or taken away, before or because the server says so. */
export function applyReaction(message: Message, userId: number, emoji: string, added: boolean): void {
  patch(message.conversation_id, message.id, ({ reactions }) => ({
    reactions: withReaction(reactions, userId, emoji, added),
  }));
}

/** Shows a message as deleted, before or because the server says so. */
export function applyDeletion(conversationId: number, messageId: number): void {
  patch(conversationId, messageId, () => ({
    body: '',
    attachments: [],
    reactions: [],
    deleted_at: new Date().toISOString(),
  }));
}

/** Shows a message again whose deletion the server has refused. */
export const restoreMessage = (message: Message): void => windows.get(message.conversation_id)?.restore(message);

signals.message.listen(({ message, arrival }) => {
  const window = windows.get(message.conversation_id);
  if (arrival === 'sent') window?.add(message);
  else window?.put(message);
});
signals.messageDeleted.listen(({ id, conversation_id }) => applyDeletion(conversation_id, id));
signals.reaction.listen(({ conversation_id, message_id, user_id, emoji, added }) =>
  patch(conversation_id, message_id, ({ reactions }) => ({
    reactions: withReaction(reactions, user_id, emoji, added),
  })),
);
// `read_at` of a message is when the last of the others has read it; in a direct conversation that is the other party.
signals.messagesRead.listen(({ conversation_id, reader_id, last_read_id, read_at }) => {
  if (reader_id === session.value?.user.id) return;
  windows.get(conversation_id)?.update((message) => {
    const now = message.receiver_id !== null && message.sender_id !== reader_id && message.id <= last_read_id;
    return now && !message.read_at ? { ...message, read_at } : message;
  });
});
signals.readMark.listen(({ conversation_id, up_to_id, read_at }) =>
  windows.get(conversation_id)?.update((message) => {
    return message.id <= up_to_id && !message.read_at ? { ...message, read_at } : message;
  }),
);
signals.reset.listen(() => {
  const shown = [...windows.values()].at(-1);
  windows.clear();
  if (!shown) return;
  windows.set(shown.conversationId, shown);
  // Without an answer the window says so itself.
  void shown.reload().catch(() => undefined);
});
signals.conversationLeft.listen(({ conversation_id }) => windows.delete(conversation_id));
signals.sessionEnded.listen(() => windows.clear());
