import { ref } from 'vue';

import { api, ApiError, NetworkError } from '@/api';
import { endSession } from '@/api/session';
import type { Key } from '@/i18n';
import { signals } from '@/live/signals';

import { forgetKnownLists } from './known_lists';
import { discardUnsent, hasUnsent } from './outbox';
import { preferencesKey } from './theme';

/** Whether the question is open if one wants to lose what has not been sent. */
export const isAskingToSignOut = ref(false);

/** What the sign-in page says of how the last session ended; null when there is nothing to say. */
export const signOutNote = ref<Key | null>(null);

/** Whether a sign-out is under way. */
export const isSigningOut = ref(false);

/** So long, in milliseconds, one waits for the server to revoke the token. */
const revocationTimeout = 5_000;

// What stays on this device, since it is nobody's own.
const keptKeys: readonly string[] = [preferencesKey, 'parley.config'];

/** Signs out, at once or, with messages that have not been sent, after asking. */
export async function askToSignOut(): Promise<void> {
  if (await hasUnsent()) isAskingToSignOut.value = true;
  else await signOut();
}

/**
 * Revokes the token, forgets it and everything that this device keeps of the user. Where the server does not do that it is forgotten all the
 * same, and the sign-in page says that it was not revoked.
 */
export async function signOut(): Promise<void> {
  if (isSigningOut.value) return;
  isSigningOut.value = true;
  isAskingToSignOut.value = false;
  let note: Key | null = null;
  await discardUnsent();
  try {
    await Promise.race([api.post('/api/auth/logout'), tooLate()]);
  } catch (error) {
    // With 401 there is nothing left to revoke.
    if (!(error instanceof ApiError && error.status === 401)) note = 'sign_in.not_revoked';
  }
  await forgetKnownLists();
  forgetKept();
  endSession();
  signOutNote.value = note;
  isSigningOut.value = false;
}

const tooLate = (): Promise<never> =>
  new Promise((_, reject) => setTimeout(() => reject(new NetworkError()), revocationTimeout));

function forgetKept(): void {
  const own = Object.keys(localStorage).filter((key) => key.startsWith('parley.') && !keptKeys.includes(key));
  for (const key of own) localStorage.removeItem(key);
}

// The question was for the one who is gone.
signals.sessionEnded.listen(() => (isAskingToSignOut.value = false));
