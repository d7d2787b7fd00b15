import { api } from '@/api';
import { me } from '@/api/session';
import type { Message } from '@/api/types';
import { t } from '@/i18n';
import { signals } from '@/live/signals';
import { applyDeletion, applyReaction, restoreMessage } from '@/state/messages';
import { toast, toastError } from '@/state/toasts';

/** Requests about one message's reactions follow each other, so that the last press counts. */
const reacting = new Map<number, Promise<void>>();

/** Adds one's reaction, or takes it back. It shows at once, and goes back with a word when the server refuses. */
export function toggleReaction(message: Message, emoji: string): void {
  const userId = me.value.id;
  const isAdded = !message.reactions.some((known) => known.emoji === emoji && known.user_ids.includes(userId));
  const path = `/api/chat/messages/${message.id}/reactions/${encodeURIComponent(emoji)}`;
  applyReaction(message, userId, emoji, isAdded);
  const turn = (reacting.get(message.id) ?? Promise.resolve())
    .then(() => (isAdded ? api.put<void>(path) : api.delete(path)))
    .catch((error: unknown) => {
      applyReaction(message, userId, emoji, !isAdded);
      toastError(error);
    })
    .finally(() => reacting.get(message.id) === turn && reacting.delete(message.id));
  reacting.set(message.id, turn);
}

/** Deletes a message for everybody. It shows at once, and comes back with a word when the server refuses. */
export async function deleteMessage(message: Message): Promise<void> {
  applyDeletion(message.conversation_id, message.id);
  try {
    await api.delete(`/api/chat/messages/${message.id}`);
    // The server does not tell the connection that has caused it.
    signals.messageDeleted.tell({ id: message.id, conversation_id: message.conversation_id });
  } catch (error) {
    restoreMessage(message);
    toastError(error);
  }
}

/** Copies a message's text, and says so. */
export async function copyText(text: string): Promise<void> {
  const isCopied = await copy(text);
  toast(t(isCopied ? 'messages.copied' : 'messages.copyFailed'), isCopied ? 'info' : 'error');
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Plain http has no clipboard, and people may refuse it: the old way asks nobody.
    return copySelected(text);
  }
}

function copySelected(text: string): boolean {
  const field = document.createElement('textarea');
  const focused = document.activeElement as HTMLElement | null;
  field.value = text;
  field.className = 'visually-hidden';
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand('copy');
  field.remove();
  focused?.focus();
  return isCopied;
}
