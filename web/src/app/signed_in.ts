import { watch } from 'vue';

import { api, NetworkError } from '@/api';
import { session, updateUser } from '@/api/session';
import type { Company, User } from '@/api/types';
import {
  BackOff,
  beginLive,
  catchUpSurely,
  endLive,
  endOnline,
  hearOnline,
  liveState,
  noteBeginning,
  signals,
} from '@/live';
import { companies, loadCompanies } from '@/state/companies';
import { loadConversations, noteConversationsFailure } from '@/state/conversations';
import { keepLists, showKnownLists } from '@/state/known_lists';
import { loadNotifications } from '@/state/notifications';
import { beginOutbox } from '@/state/outbox';
import { serverConfig } from '@/state/server_config';
import { tellSeenNotifications } from '@/state/seen_notifications';

import { loadSignInPage } from './router';
import { loadAhead } from './stale_build';

const retries = new BackOff();

/** How long after the chat is there the rest is loaded, in milliseconds. */
const loadAheadDelay = 3_000;

/** Goes live while somebody is signed in, from now on. */
export function followSession(): void {
  watch(
    () => session.value?.token,
    (_token, _before, onCleanup) => {
      const now = session.value;
      if (!now) return;
      begin(now.user.id, now.token);
      onCleanup(end);
    },
    // At once: nothing of one user may be shown to the next.
    { immediate: true, flush: 'sync' },
  );
  watch(companies, followCompanies);
  keepLists();
  watch(liveState, (state) => {
    if (state === 'connected') retries.hurry();
  });
  addEventListener('online', () => {
    retries.hurry();
    // The connection may have outlived the pause; what it should have brought may not.
    if (session.value) catchUpSurely();
  });
}

function begin(me: number, token: string): void {
  beginLive(me, serverConfig());
  void showKnownLists(me);
  void beginOutbox(me);
  void load(token);
}

function end(): void {
  retries.reset();
  endLive();
  signals.sessionEnded.tell();
}

/** Loads what every page needs; again, with growing pauses, until all of it is there. */
async function load(token: string): Promise<void> {
  const isCurrent = () => session.value?.token === token;
  try {
    // Asking would only fill the console; "online" comes when there is somebody to ask.
    if (!navigator.onLine) throw new NetworkError();
    await noteBeginning();
    const [user] = await Promise.all([
      api.get<User>('/api/user'),
      loadConversations(),
      loadCompanies(),
      loadNotifications(),
    ]);
    if (!isCurrent()) return;
    updateUser(user);
    retries.reset();
    // Where there is no service worker, one could not sign out without a connection.
    setTimeout(() => void loadAhead(loadSignInPage), loadAheadDelay);
    void tellSeenNotifications();
  } catch (error) {
    if (!isCurrent()) return;
    // No answer: what there is is shown, and the connection's banner says why it is not more.
    noteConversationsFailure(error);
    retries.plan(() => void load(token));
  }
}

/** Hears who is online in each of one's companies, and in no other. */
function followCompanies(now: readonly Company[], before: readonly Company[]): void {
  const without = (these: readonly Company[], those: readonly Company[]) =>
    these.filter(({ id }) => !those.some((other) => other.id === id));
  if (session.value) {
    endOnline(without(before, now));
    hearOnline(without(now, before));
  }
}
