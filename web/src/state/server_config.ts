import { shallowRef } from 'vue';

import { api, NetworkError } from '@/api';
import type { ServerConfig } from '@/api/types';

const storageKey = 'parley.config';
const loaded = shallowRef<ServerConfig | null>(null);

/** Who has what the server said last time waits only so long for what it says now, in milliseconds. */
const answerTimeout = 2_000;

/**
 * Asks the server about itself, once. Without an answer the app goes on with what the server said last time, so that it
 * opens offline; rejects if there was no last time.
 */
export async function loadServerConfig(): Promise<void> {
  const known = localStorage.getItem(storageKey);
  try {
    if (known !== null && !navigator.onLine) throw new NetworkError();
    const signal = known === null ? undefined : AbortSignal.timeout(answerTimeout);
    loaded.value = await api.get<ServerConfig>('/web/config.json', {}, signal);
    localStorage.setItem(storageKey, JSON.stringify(loaded.value));
  } catch (error) {
    if (known === null) throw error;
    loaded.value = JSON.parse(known) as ServerConfig;
  }
}

/** What the server has said about itself. Nothing is shown before it has. */
export function serverConfig(): ServerConfig {
  if (!loaded.value) throw new Error('The server has not been asked yet');
  return loaded.value;
}
