import { computed, onScopeDispose, ref, watch, type Ref } from 'vue';

import { ApiError } from '@/api';
import { liveState, signals } from '@/live';
import {
  conversationsAreOld,
  conversationsFailure,
  conversationsLoaded,
  ensureConversation,
  findConversation,
} from '@/state/conversations';

/** `missing`: there is none that one may see. `failed`: nobody knows; it may be tried again. */
type OpenState = 'none' | 'loading' | 'shown' | 'missing' | 'failed';

/** The conversation that `id` names, loaded when need be. */
export function useOpenConversation(id: Ref<number | null>) {
  const refusal = ref<'missing' | 'failed' | null>(null);
  /** What one has read is needed to open it; what was known of that earlier does only when there is no answer. */
  const isKnown = computed(() => !conversationsAreOld.value || conversationsFailure.value !== null);
  const conversation = computed(() => (id.value !== null && isKnown.value ? findConversation(id.value) : undefined));
  const state = computed<OpenState>(() => {
    if (id.value === null) return 'none';
    return conversation.value ? 'shown' : (refusal.value ?? 'loading');
  });

  async function load(): Promise<void> {
    const wanted = id.value;
    refusal.value = null;
    // The list is on its way, and most likely has it.
    if (wanted === null || conversation.value || !(conversationsLoaded.value || conversationsFailure.value)) return;
    try {
      await ensureConversation(wanted);
    } catch (error) {
      const isRefused = error instanceof ApiError && (error.status === 403 || error.status === 404);
      if (id.value === wanted) refusal.value = isRefused ? 'missing' : 'failed';
    }
  }

  watch([id, conversationsLoaded], load, { immediate: true });
  watch(conversationsFailure, (failure) => failure && void load());
  watch(liveState, (now) => now === 'connected' && refusal.value === 'failed' && void load());
  // Gone from the list after a loss of the place in the history; of one that has been left nothing is asked.
  watch(conversation, (now) => !now && refusal.value === null && void load());
  onScopeDispose(
    signals.conversationLeft.listen(({ conversation_id }) => {
      if (conversation_id === id.value) refusal.value = 'missing';
    }),
  );
  return { conversation, state, retry: load };
}
