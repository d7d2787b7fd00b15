import { watch } from 'vue';

import { session } from '@/api/session';
import type { Company, Conversation } from '@/api/types';
import { signals } from '@/live/signals';

import { BrowserStore } from './browser_store';
import { companies, showKnownCompanies } from './companies';
import { conversations, conversationsLoaded, showKnownConversations } from './conversations';

/** What is kept of a person's lists. */
interface KnownLists {
  conversations: readonly Conversation[];
  companies: readonly Company[];
}

/** So many conversations are kept, the newest: as many as a page of them has. */
export const keptMax = 50;

/** Changes are kept together, so long after the first of them, in milliseconds. */
export const writePause = 1_000;

// By user. The number changes with the shape of what is kept.
const store = new BrowserStore<KnownLists>('parley-lists-1', 'lists');
let timer: ReturnType<typeof setTimeout> | undefined;

/** Keeps the lists as they change, from now on, so that the app has something to show when it is opened the next time. */
export function keepLists(): void {
  watch([conversations, companies], () => {
    if (conversationsLoaded.value) timer ??= setTimeout(() => void write(), writePause);
  });
}

/**
 * Shows what user `me` saw last, unless the server has answered before; of others nothing is kept any longer. Resolves also
 * where nothing is kept.
 */
export async function showKnownLists(me: number): Promise<void> {
  try {
    await forgetAllBut(String(me));
    const known = await store.get(String(me));
    if (!known || session.value?.user.id !== me) return;
    showKnownCompanies(known.companies);
    showKnownConversations(known.conversations);
  } catch {
    // This browser keeps nothing: the app begins as if it had never been opened.
  }
}

/** Forgets what is kept, of everybody. Resolves also where nothing could be kept. */
export async function forgetKnownLists(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  // What cannot be reached now goes when somebody else signs in.
  await forgetAllBut().catch(() => undefined);
}

async function forgetAllBut(kept?: string): Promise<void> {
  await store.delete((await store.keys()).filter((key) => key !== kept));
}

async function write(): Promise<void> {
  timer = undefined;
  const me = session.value?.user.id;
  if (me === undefined) return;
  const known = { conversations: conversations.value.slice(0, keptMax), companies: companies.value };
  // Without room the next start waits for the server.
  await store.set(String(me), known).catch(() => undefined);
}

// Signed out, also by the server: nobody who opens the app afterwards may find anything.
signals.sessionEnded.listen(() => void forgetKnownLists());
