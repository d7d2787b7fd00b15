import { onScopeDispose, watch } from 'vue';

import { api } from '@/api';
import type { ReadState } from '@/api/types';
import { signals } from '@/live/signals';

import { attended } from './attention';
import { findConversation, takeOwnRead } from './conversations';
import { tellSeenNotifications } from './seen_notifications';

/** How long the newest message is on the screen before it counts as read, in milliseconds. */
const readDelay = 400;

/**
 * Tells the server, and the rest of the app, that a conversation has been read up to `newest`: the id of its newest
 * message while that is on the screen, else null. Ends with the component that has called it.
 */
export function useReading(conversationId: number, newest: () => number | null): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let told = 0;

  async function tell(upTo: number): Promise<void> {
    const known = findConversation(conversationId)?.last_read_id ?? 0;
    if (upTo <= Math.max(told, known)) return;
    const before = told;
    told = upTo;
    try {
      const state = await api.post<ReadState>(`/api/chat/conversations/${conversationId}/read`, { up_to: upTo });
      takeOwnRead(conversationId, state.last_read_id);
      void tellSeenNotifications();
    } catch {
      // Nobody waits for it. It is told with the next message, when one comes back, or when the connection does.
      told = before;
    }
  }

  function schedule(): void {
    clearTimeout(timer);
    const upTo = newest();
    if (attended.value && upTo !== null) timer = setTimeout(() => void tell(upTo), readDelay);
  }

  watch([newest, attended], schedule, { immediate: true });
  const endListening = signals.caughtUp.listen(schedule);
  onScopeDispose(() => {
    clearTimeout(timer);
    endListening();
  });
}
