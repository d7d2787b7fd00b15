import Echo from 'laravel-echo';
import Pusher from 'pusher-js';
import { computed, shallowRef } from 'vue';

import { provideSocketId } from '@/api';
import { endSession, token } from '@/api/session';
import type { ServerConfig } from '@/api/types';

import { BackOff } from './back_off';

/** What the server has said of how to connect. */
export type ConnectionConfig = Pick<ServerConfig, 'app' | 'event_namespace'>;

export type LiveState = 'connecting' | 'connected' | 'offline';

const state = shallowRef<LiveState>('connecting');
let echo: Echo<'pusher'> | null = null;

/** How the live connection stands. `offline`: it broke or could not be made; it goes on trying by itself. */
export const liveState = computed(() => state.value);

/**
 * After an attempt that was refused pusher-js waits 15 s. A server that is started again takes one second: its attempts are
 * begun anew with pauses of our own, of which the first, in milliseconds, suffices for a connection over a slow network.
 */
const attempts = new BackOff(2_000);

// Close code of a connection whose token was revoked (channels protocol, close code 4009).
const tokenRevoked = 4009;

const stateOf = (pusherState: string): LiveState => {
  if (pusherState === 'connected') return 'connected';
  return pusherState === 'unavailable' || pusherState === 'failed' || pusherState === 'disconnected'
    ? 'offline'
    : 'connecting';
};

/** Connects in the name of the signed-in user, and stays connected until `disconnect`. */
export function connect({ app, event_namespace: namespace }: ConnectionConfig): Echo<'pusher'> {
  disconnect();
  const secure = location.protocol === 'https:';
  const port = Number(location.port) || (secure ? 443 : 80);
  const usedToken = token() ?? '';
  const pusher = new Pusher(app.key, {
    cluster: '',
    wsHost: location.hostname,
    wsPort: port,
    wssPort: port,
    wsPath: app.path_prefix,
    forceTLS: secure,
    // Over plain HTTP nothing speaks TLS on this port; pusher-js would try.
    enabledTransports: secure ? ['ws', 'wss'] : ['ws'],
    enableStats: false,
    channelAuthorization: {
      endpoint: '/broadcasting/auth',
      transport: 'ajax',
      headersProvider: () => ({ Authorization: `Bearer ${usedToken}` }),
    },
  });
  pusher.connection.bind('state_change', ({ previous, current }: { previous: string; current: string }) => {
    // After a broken connection it says "connecting" again; whoever reads is offline until it is there.
    const wasOffline = stateOf(previous) === 'offline' || previous === 'connected';
    state.value = current === 'connecting' && wasOffline ? 'offline' : stateOf(current);
    if (current === 'connected') attempts.reset();
    else if (previous === 'connected') planAttempt(pusher);
  });
  planAttempt(pusher);
  pusher.connection.bind('error', (error: { data?: { code?: number } }) => {
    if (error.data?.code === tokenRevoked) endSession(usedToken);
  });
  provideSocketId(() => pusher.connection.socket_id);
  echo = new Echo({
    broadcaster: 'pusher',
    client: pusher,
    namespace: namespace === '' ? false : namespace,
    withoutInterceptors: true,
  });
  return echo;
}

function planAttempt(pusher: Pusher): void {
  attempts.plan(() => {
    // In all other states it has what it wants, or was told not to come back.
    if (!['connecting', 'unavailable'].includes(pusher.connection.state)) return;
    if (navigator.onLine) {
      pusher.disconnect();
      pusher.connect();
    }
    planAttempt(pusher);
  });
}

/** Asks once more to hear `channel`, by its whole name, after the server has refused it. */
export function subscribeAgain(channel: string): void {
  echo?.connector.pusher.subscribe(channel);
}

/** The connection, for further channels. Only between `connect` and `disconnect`. */
export function live(): Echo<'pusher'> {
  if (!echo) throw new Error('Not connected');
  return echo;
}

export function disconnect(): void {
  provideSocketId(() => undefined);
  echo?.disconnect();
  attempts.reset();
  echo = null;
  state.value = 'connecting';
}

addEventListener('online', () => attempts.hurry());
