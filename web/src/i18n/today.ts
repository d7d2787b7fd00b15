import { shallowRef } from 'vue';

/** When the day of `moment` began, where the person is. */
export const startOfDay = (moment: Date): number =>
  new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();

/** When the day that it is now began: what is shown with its help changes at midnight. */
export const today = shallowRef(0);

/** Timers stand still while a machine sleeps, and people travel: the date is looked up again after so many milliseconds. */
const lookEvery = 60_000;

function look(): void {
  const now = new Date();
  today.value = startOfDay(now);
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime();
  setTimeout(look, Math.min(midnight - now.getTime(), lookEvery));
}

look();
