import { computed, onBeforeUnmount, onMounted, shallowReactive, type Ref } from 'vue';

/** In the order in which they were opened. */
const openDialogs = shallowReactive<HTMLDialogElement[]>([]);

/** The dialog that lies over everything else, null while there is none. What is outside of it can neither be pressed nor heard. */
export const topDialog = computed(() => openDialogs.at(-1) ?? null);

/** Opens `dialog` over the page, as long as the component that calls this is mounted. */
export function useModal(dialog: Readonly<Ref<HTMLDialogElement | null>>): void {
  let opened: HTMLDialogElement | null = null;
  onMounted(() => {
    opened = dialog.value!;
    opened.showModal();
    openDialogs.push(opened);
  });
  onBeforeUnmount(() => {
    if (!opened) return;
    openDialogs.splice(openDialogs.indexOf(opened), 1);
    // Closing gives the focus back; removing alone does not.
    opened.close();
  });
}
