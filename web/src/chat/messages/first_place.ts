import type { Conversation } from '@/api/types';
import type { MessageWindow } from '@/state/message_window';

/** So many unread messages are certainly among the newest that are loaded at once. */
const unreadAmongNewest = 25;

/**
 * Loads the messages that one sees first: those around `messageId` if one goes to a message, those around the first
 * unread one, else the newest. What is there already is used. A message that is not there rejects with 404.
 */
export async function loadFirst(window: MessageWindow, conversation: Conversation, messageId?: number): Promise<void> {
  const has = (id: number) => window.messages.value.some((message) => message.id === id);
  if (messageId !== undefined) return has(messageId) ? undefined : window.loadAround(messageId);
  const { unread_count: unread, last_read_id: lastRead } = conversation;
  if (unread > unreadAmongNewest && lastRead > 0) return has(lastRead) ? undefined : window.loadAround(lastRead);
  if (!window.isAtEnd.value) await window.loadNewest();
}
