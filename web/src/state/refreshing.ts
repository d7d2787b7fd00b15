import { onBeforeUnmount, onMounted } from 'vue';

import { signals } from '@/live/signals';

/** Coming back to the page is told by several events at once: what comes within so many milliseconds is one of them. */
const sameMoment = 1_000;

/**
 * Keeps what no live event tells of up to date while a screen is mounted: calls `refresh` every `interval` milliseconds
 * while the page can be seen, when the person comes back to it, and after the connection was away.
 */
export function useRefreshing(refresh: () => void, interval: number): void {
  let timer: ReturnType<typeof setInterval> | undefined;
  let lastAt = -sameMoment;
  const ends: (() => void)[] = [];

  function refreshIfSeen(): void {
    if (document.visibilityState !== 'visible' || !navigator.onLine) return;
    if (performance.now() - lastAt < sameMoment) return;
    lastAt = performance.now();
    refresh();
  }

  onMounted(() => {
    timer = setInterval(refreshIfSeen, interval);
    addEventListener('focus', refreshIfSeen);
    document.addEventListener('visibilitychange', refreshIfSeen);
    ends.push(signals.caughtUp.listen(({ first }) => !first && refresh()));
    ends.push(signals.reset.listen(refresh));
  });
  onBeforeUnmount(() => {
    clearInterval(timer);
    removeEventListener('focus', refreshIfSeen);
    document.removeEventListener('visibilitychange', refreshIfSeen);
    for (const end of ends) end();
  });
}
