import { api, ApiError } from '@/api';
import { session } from '@/api/session';
import type { Notification } from '@/api/types';
import { signals } from '@/live/signals';

import { findConversation } from './conversations';
import { notifications, subjectOf, takeNotificationRead } from './notifications';

/** Whether one has read the message that an unread notification is about. */
function isSeen(notification: Notification): boolean {
  const subject = notification.read_at === null ? subjectOf(notification) : null;
  return subject !== null && (findConversation(subject.conversation_id)?.last_read_id ?? 0) >= subject.message_id;
}

let isTelling = false;

/**
 * Makes the loaded notifications read whose messages one has read, so that the bell counts only what one has not seen.
 * Never rejects.
 */
export async function tellSeenNotifications(): Promise<void> {
  if (isTelling) return;
  isTelling = true;
  try {
    // One by one: "read all" would take in what has come meanwhile.
    for (let seen = notifications.value.find(isSeen); seen; seen = notifications.value.find(isSeen)) {
      await api.post(`/api/notifications/${seen.id}/read`).catch(unlessGone);
      takeNotificationRead(seen.id);
    }
  } catch {
    // Nobody has asked for it: they stay unread until something more is read or the connection is back.
  } finally {
    isTelling = false;
  }
}

/** A notification that is not there any more needs no reading. */
function unlessGone(error: unknown): void {
  if (!(error instanceof ApiError && error.status === 404)) throw error;
}

const isOwn = (userId: number): boolean => userId === session.value?.user.id;

// The stores above listen too, and were there first: they know already what is told here.
signals.messagesRead.listen(({ reader_id }) => {
  if (isOwn(reader_id)) void tellSeenNotifications();
});
// Sending reads what came before.
signals.message.listen(({ message }) => {
  if (isOwn(message.sender_id)) void tellSeenNotifications();
});
// It comes after its message, which may have been read meanwhile.
signals.notificationCreated.listen(() => void tellSeenNotifications());
signals.caughtUp.listen(() => void tellSeenNotifications());
