import { nextTick, type Ref } from 'vue';

/** Gives the focus to `place` (with `tabindex="-1"`) if what had it has left the page by the next update. */
export async function keepFocus(place: Readonly<Ref<HTMLElement | null>>): Promise<void> {
  await nextTick();
  if (document.activeElement === document.body || document.activeElement === null) place.value?.focus();
}
