import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue';

import type { LiveState } from '@/live';

/** What people are told of the connection; null while there is nothing to tell. */
export type ConnectionNews = { kind: 'connecting' } | { kind: 'offline' } | { kind: 'back'; missed: number } | null;

/** What the connection does for shorter than this is not told, in milliseconds. */
export const patience = { connecting: 1_000, offline: 500 } as const;
/** How long it is told that the connection is back, in milliseconds. */
export const backDuration = 5_000;

/**
 * Turns what the connection does into what people want to know of it, without flicker. `caughtUp` must be called when
 * everything that was missed has been told: only then the connection counts as back.
 */
export function useConnectionNews(state: Readonly<Ref<LiveState>>): {
  news: Readonly<ShallowRef<ConnectionNews>>;
  caughtUp: (missed: number) => void;
} {
  const news = shallowRef<ConnectionNews>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let backEnd: ReturnType<typeof setTimeout> | undefined;

  function say(next: ConnectionNews): void {
    clearTimeout(backEnd);
    news.value = next;
  }

  function tell(next: ConnectionNews, delay: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => say(next), delay);
  }

  watch(
    state,
    (now) => {
      if (now === 'connected') return settle();
      // Once offline, always so until it is there: nobody wants to read of each attempt.
      if (news.value?.kind === 'offline') return;
      tell({ kind: now }, patience[now]);
    },
    { immediate: true },
  );

  function settle(): void {
    clearTimeout(timer);
    // Being back is told for its whole time, also when a break too short to be told falls into it.
    if (news.value?.kind === 'connecting') say(null);
  }

  function caughtUp(missed: number): void {
    if (state.value !== 'connected' || news.value?.kind !== 'offline') return;
    say({ kind: 'back', missed });
    backEnd = setTimeout(() => say(null), backDuration);
  }

  onScopeDispose(() => {
    clearTimeout(timer);
    clearTimeout(backEnd);
  });
  return { news, caughtUp };
}
