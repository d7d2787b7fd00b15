import { onScopeDispose, ref, type Ref } from 'vue';

/** Whether the browser has a network; that says nothing of whether the server can be reached through it. */
export function useBrowserOnline(): Readonly<Ref<boolean>> {
  const isOnline = ref(navigator.onLine);
  const look = () => (isOnline.value = navigator.onLine);
  const events = ['online', 'offline'] as const;
  events.forEach((name) => addEventListener(name, look));
  onScopeDispose(() => events.forEach((name) => removeEventListener(name, look)));
  return isOnline;
}
