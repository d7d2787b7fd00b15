import { shallowRef, watch } from 'vue';

/** Held by each tab that somebody is in front of, so that the others know. */
const lockName = 'parley.attended';

/** Pages without TLS have none. */
const locks = (): LockManager | undefined => navigator.locks;

const isAttending = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

/** Whether somebody is in front of the app: it is visible and has the focus. */
export const attended = shallowRef(isAttending());

const look = () => (attended.value = isAttending());
document.addEventListener('visibilitychange', look);
addEventListener('focus', look);
addEventListener('blur', look);

/** Ends what holds the lock. A closed tab gives it back by itself. */
let ends: (() => void)[] = [];
const untilNobodyAttends = (): Promise<void> =>
  new Promise((end) => {
    if (attended.value) ends.push(end);
    else end();
  });

watch(
  attended,
  (isAttended) => {
    for (const end of ends) end();
    ends = [];
    // A browser that refuses it leaves each tab to itself.
    if (isAttended)
      locks()
        ?.request(lockName, { mode: 'shared' }, untilNobodyAttends)
        .catch(() => undefined);
  },
  { immediate: true, flush: 'sync' },
);

/** Whether somebody is in front of the app in this tab or another one. */
export async function isAttendedSomewhere(): Promise<boolean> {
  if (attended.value) return true;
  const held = await locks()
    ?.query()
    .then((now) => now.held ?? [])
    .catch(() => []);
  return held?.some(({ name }) => name === lockName) ?? false;
}
