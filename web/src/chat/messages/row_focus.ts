import { computed, nextTick, ref, type ComputedRef, type Ref } from 'vue';

import { nextFrame } from './frames';
import type { MessageRow } from './rows';

/** What the keys in a list of messages lead to. */
export interface RowKeys {
  /** Row `index` must come into view. */
  reveal: (index: number) => void;
  openActions: (row: MessageRow, element: HTMLElement) => void;
  goToNewest: () => void;
}

export interface RowFocus {
  /** The row that the Tab key goes to. */
  active: ComputedRef<number>;
  /** The rows that have to be in the document wherever the list stands: that one, and the one that the focus is on its way to. */
  kept: ComputedRef<number[]>;
  onKey: (event: KeyboardEvent) => void;
  onFocus: (event: FocusEvent) => void;
  /** Gives the focus to the row with `key`, if there is one. */
  focus: (key: string) => void;
}

/** For so many frames a row is waited for that is to have the focus. */
const measureFrames = 20;

const rowElement = (element: EventTarget | null): HTMLElement | null =>
  element instanceof HTMLElement ? element.closest<HTMLElement>('[data-row]') : null;

/** Makes the rows in `list` one stop of the Tab key; the arrow keys go from one to another, the Enter key does something. */
export function useRowFocus(
  list: Readonly<Ref<HTMLElement | null>>,
  rows: () => readonly MessageRow[],
  keys: RowKeys,
): RowFocus {
  const activeKey = ref<string | null>(null);
  const nextKey = ref<string | null>(null);
  const indexOf = (key: string | null) => rows().findIndex((row) => row.key === key);
  const active = computed(() => (indexOf(activeKey.value) >= 0 ? indexOf(activeKey.value) : rows().length - 1));
  const kept = computed(() => [active.value, indexOf(nextKey.value)].filter((index) => index >= 0));

  function focus(key: string): boolean {
    const element = list.value?.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`);
    element?.focus({ preventScroll: true });
    return element !== undefined && element === document.activeElement;
  }

  /** Moves the focus as far as there are rows. A row that has not been near the screen takes it once it has been measured. */
  async function move(to: (from: number) => number): Promise<void> {
    const from = indexOf(nextKey.value) >= 0 ? indexOf(nextKey.value) : active.value;
    const key = rows()[Math.max(0, Math.min(to(from), rows().length - 1))]?.key;
    if (key === undefined) return;
    nextKey.value = key;
    await nextTick();
    for (let frame = 0; frame < measureFrames && nextKey.value === key; ++frame) {
      keys.reveal(indexOf(key));
      if (focus(key)) break;
      await nextFrame();
    }
    if (nextKey.value === key) nextKey.value = null;
  }

  function onRowKey(event: KeyboardEvent, element: HTMLElement): void {
    const steps: Record<string, () => void> = {
      ArrowUp: () => void move((from) => from - 1),
      ArrowDown: () => void move((from) => from + 1),
      Home: () => void move(() => 0),
      End: () => {
        keys.goToNewest();
        void move(() => rows().length - 1);
      },
      Enter: () => keys.openActions(rows()[active.value]!, element),
      ContextMenu: () => keys.openActions(rows()[active.value]!, element),
    };
    const step = steps[event.shiftKey && event.key === 'F10' ? 'ContextMenu' : event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    step();
  }

  function onKey(event: KeyboardEvent): void {
    const element = rowElement(event.target);
    if (!element) return;
    if (event.target === element) return onRowKey(event, element);
    // From what is in a row back to the row.
    if (event.key === 'Escape') {
      event.stopPropagation();
      element.focus({ preventScroll: true });
    }
  }

  function onFocus(event: FocusEvent): void {
    activeKey.value = rowElement(event.target)?.dataset.row ?? activeKey.value;
  }

  return { active, kept, onKey, onFocus, focus: (key) => void focus(key) };
}
