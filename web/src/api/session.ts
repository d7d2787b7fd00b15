import { computed, shallowRef } from 'vue';

import type { SignedIn, User } from '@/api/types';

const storageKey = 'parley.session';

/** Who is signed in, kept over reloads and in step over the tabs of a browser. */
export interface Session {
  token: string;
  user: User;
}

function read(): Session | null {
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey) ?? 'null') as Partial<Session> | null;
    return typeof kept?.token === 'string' && typeof kept.user?.id === 'number' ? (kept as Session) : null;
  } catch {
    return null;
  }
}

const current = shallowRef<Session | null>(read());

// Signing in or out in one tab does so in all.
addEventListener('storage', (event) => {
  if (event.key === storageKey || event.key === null) current.value = read();
});

function write(session: Session | null): void {
  current.value = session;
  if (session) localStorage.setItem(storageKey, JSON.stringify(session));
  else localStorage.removeItem(storageKey);
}

export const session = computed(() => current.value);
export const token = (): string | null => current.value?.token ?? null;

/** The signed-in user. Only for what is shown to the signed-in. */
export const me = computed<User>(() => {
  if (!current.value) throw new Error('Nobody is signed in');
  return current.value.user;
});

export function beginSession(signedIn: SignedIn): void {
  write({ token: signedIn.token, user: signedIn.user });
}

export function updateUser(user: User): void {
  if (current.value?.user.id === user.id) write({ ...current.value, user });
}

/** Forgets the token on this device. `only`: unless another one has taken its place meanwhile. */
export function endSession(only?: string): void {
  if (!only || current.value?.token === only) write(null);
}
