import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue';

/** Whether `element` is on the screen, not scrolled away or behind another page. False until that is known. */
export function useOnScreen(element: Readonly<Ref<HTMLElement | null>>): Readonly<Ref<boolean>> {
  const isOnScreen = ref(false);
  const observer = new IntersectionObserver((entries) => (isOnScreen.value = entries.at(-1)!.isIntersecting));
  onMounted(() => element.value && observer.observe(element.value));
  onBeforeUnmount(() => observer.disconnect());
  return isOnScreen;
}
