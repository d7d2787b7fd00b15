import { ref, watch, type Ref } from 'vue';

import { me } from '@/api/session';
import type { Conversation } from '@/api/types';
import { findConversation } from '@/state/conversations';
import type { MessageWindow } from '@/state/message_window';
import { attended } from '@/state/attention';

/**
 * The message after which the unread ones begin, for as long as one reads; null when there were none. What arrives while
 * nobody is in front of the app is unread, too.
 */
export function useUnreadMarker(conversation: Conversation, window: MessageWindow): Ref<number | null> {
  const hasUnread = conversation.unread_count > 0 && conversation.last_read_id > 0;
  const after = ref(hasUnread ? conversation.last_read_id : null);

  watch(attended, (isAttended) => {
    if (isAttended) return;
    const newest = window.isAtEnd.value ? window.messages.value.at(-1)?.id : undefined;
    const read = findConversation(conversation.id)?.last_read_id ?? 0;
    const isAllRead =
      newest !== undefined && (read >= newest || window.messages.value.at(-1)?.sender_id === me.value.id);
    if (isAllRead) after.value = newest;
  });
  return after;
}
