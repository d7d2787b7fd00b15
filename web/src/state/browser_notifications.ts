import { session } from '@/api/session';
import type { Conversation, Notification as StoredNotification } from '@/api/types';
import { t } from '@/i18n';
import { signals } from '@/live/signals';

import { isAttendedSomewhere } from './attention';
import { ensureConversation } from './conversations';
import { subjectOf, type MessageSubject } from './notifications';
import { preferences } from './preferences';

/** What has become of the wish to be notified. `unsupported`: this browser, or a page without TLS, cannot. */
export type Permission = 'granted' | 'denied' | 'unsupported';

/** By conversation: what is shown of it. */
const shown = new Map<number, Notification>();

/** Asks for the browser's permission, and remembers it. Only to be called from a press on a switch or a button. */
export async function enableBrowserNotifications(): Promise<Permission> {
  if (!('Notification' in globalThis) || !globalThis.isSecureContext) return 'unsupported';
  const answer = await Notification.requestPermission();
  preferences.browserNotifications = answer === 'granted';
  return answer === 'granted' ? 'granted' : 'denied';
}

export function disableBrowserNotifications(): void {
  preferences.browserNotifications = false;
  closeAll();
}

/**
 * From now on shows what one is notified of while nobody looks at the page; `open` goes to a path of the app when one of
 * them is pressed.
 */
export function beginBrowserNotifications(open: (path: string) => void): void {
  signals.notificationCreated.listen(({ notification }) => void notify(notification, open));
  signals.messagesRead.listen(({ conversation_id, reader_id }) => {
    if (reader_id === session.value?.user.id) close(conversation_id);
  });
  signals.sessionEnded.listen(closeAll);
  addEventListener('focus', closeAll);
}

const isWanted = (): boolean =>
  preferences.browserNotifications && 'Notification' in globalThis && Notification.permission === 'granted';

async function notify(notification: StoredNotification, open: (path: string) => void): Promise<void> {
  const subject = subjectOf(notification);
  const user = session.value?.user.id;
  if (!subject || !isWanted() || (await isAttendedSomewhere())) return;
  // Without an answer there are no names and words to show, but still something to tell.
  const conversation = await ensureConversation(subject.conversation_id).catch(() => null);
  if (conversation?.muted || (await isAttendedSomewhere()) || session.value?.user.id !== user) return;
  show(subject, contentOf(subject, conversation), () => {
    globalThis.focus();
    open(`/chat/${subject.conversation_id}/${subject.message_id}`);
  });
}

/** Title and text of what is shown; neither is more than what is known already. */
export function contentOf(
  { user_id, message_id }: MessageSubject,
  conversation: Conversation | null,
): { title: string; body: string } {
  const message = conversation?.last_message?.id === message_id ? conversation.last_message : null;
  const sender = message?.sender.name ?? conversation?.participants.find(({ id }) => id === user_id)?.name;
  const title = sender ?? t('app.name');
  return {
    title: conversation?.title ? t('shell.inGroup', { name: title, title: conversation.title }) : title,
    body: message?.body || t('shell.newMessage'),
  };
}

/** One per conversation: the tag makes the browser replace the one before, also that of another tab. */
function show({ conversation_id }: MessageSubject, content: { title: string; body: string }, press: () => void): void {
  const tag = `parley-conversation-${conversation_id}`;
  let notification: Notification;
  try {
    notification = new Notification(content.title, { body: content.body, tag, icon: '/parley.svg' });
  } catch {
    // Browsers of phones have the constructor and refuse it: nothing can be shown there, and the badges tell.
    preferences.browserNotifications = false;
    return;
  }
  shown.set(conversation_id, notification);
  notification.onclick = () => {
    notification.close();
    press();
  };
  notification.onclose = () => {
    if (shown.get(conversation_id) === notification) shown.delete(conversation_id);
  };
}

function close(conversationId: number): void {
  shown.get(conversationId)?.close();
  shown.delete(conversationId);
}

function closeAll(): void {
  for (const conversationId of [...shown.keys()]) close(conversationId);
}
