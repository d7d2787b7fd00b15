import { nextTick, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';

import type { MessageRow } from './rows';
import { rowSteps } from './row_steps';

/** What the virtual list is given. */
export interface ListRows {
  rows: Readonly<ShallowRef<readonly MessageRow[]>>;
  /** Whether the rows differ from the ones before only at the start. */
  shift: Readonly<Ref<boolean>>;
  /** Another number: the rows have nothing to do with those before, and their sizes are forgotten. */
  generation: Readonly<Ref<number>>;
}

/** Follows `wanted` in steps that the virtual list can take without jumps. `settled`: all of them have been shown. */
export function useListRows(
  wanted: () => readonly MessageRow[],
  beginning: () => number,
  settled: (isNewBeginning: boolean) => void,
): ListRows {
  const rows = shallowRef<readonly MessageRow[]>(wanted());
  const shift = ref(false);
  const generation = ref(0);
  let shownBeginning = beginning();
  let isRunning = false;

  /** Whether it had to begin anew. */
  async function step(to: readonly MessageRow[]): Promise<boolean> {
    const steps = shownBeginning === beginning() ? rowSteps(rows.value, to) : [];
    for (const next of steps) {
      rows.value = next.rows;
      shift.value = next.shift;
      await nextTick();
    }
    if (steps.length > 0) return false;
    shownBeginning = beginning();
    generation.value += 1;
    rows.value = to;
    await nextTick();
    return true;
  }

  async function settle(): Promise<void> {
    if (isRunning) return;
    isRunning = true;
    let isNew = false;
    while (rows.value !== wanted() || shownBeginning !== beginning()) isNew = (await step(wanted())) || isNew;
    shift.value = false;
    isRunning = false;
    settled(isNew);
  }

  watch([wanted, beginning], settle);
  return { rows, shift, generation };
}
