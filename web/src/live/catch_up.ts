import { api } from '@/api';
import type { SyncItem, SyncPage } from '@/api/types';

import { signals } from './signals';

const pageSize = 100;

/** The place in the server's history up to which this client knows everything; null before it knows anything. */
let cursor: string | null = null;
let running: Promise<void> | null = null;
let wanted = false;
/** Whether all that is asked for now is what has happened since the app was opened. */
let isFirst = true;
/** Ends the question that is under way. */
let asking = new AbortController();

/**
 * Notes the present as the place from which on nothing may be missed; lists are loaded after that. A place that is known
 * stays: something may have been loaded since.
 */
export async function noteBeginning(): Promise<void> {
  cursor ??= await present();
}

const present = async (signal?: AbortSignal) =>
  (await api.get<SyncPage>('/api/chat/sync', { cursor: 'now' }, signal)).next_cursor;

export function forgetPlace(): void {
  cursor = null;
}

/**
 * Tells everything that has happened since the last time. Called when the live connection is there again; a call during
 * another makes that one ask again at once: what it asked through a network that has gone may never be answered. Rejects
 * without an answer; what came until then is told and not asked for again.
 */
export async function catchUp(first: boolean): Promise<void> {
  wanted = true;
  isFirst = first && (running === null || isFirst);
  asking.abort();
  running ??= run().finally(() => (running = null));
  return running;
}

async function run(): Promise<void> {
  signals.catchingUp.tell();
  while (wanted && cursor !== null) {
    wanted = false;
    asking = new AbortController();
    const { signal } = asking;
    try {
      await tellMissed(cursor, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
  signals.caughtUp.tell({ first: isFirst });
}

async function tellMissed(since: string, signal: AbortSignal): Promise<void> {
  const page = await api.get<SyncPage>('/api/chat/sync', { cursor: since, limit: pageSize }, signal);
  if (page.reset) return startAgain(signal);
  page.data.forEach(tell);
  cursor = page.next_cursor;
  if (page.has_more) await tellMissed(cursor, signal);
}

async function startAgain(signal: AbortSignal): Promise<void> {
  cursor = await present(signal);
  signals.reset.tell();
}

function tell(item: SyncItem): void {
  switch (item.type) {
    case 'conversation':
      return signals.conversationSynced.tell(item.data);
    case 'conversation.left':
      return signals.conversationLeft.tell(item.data);
    case 'read_mark':
      return signals.readMark.tell(item.data);
    case 'notification':
      return signals.notificationSynced.tell(item.data);
    case 'message':
      return signals.message.tell({ message: item.data, arrival: 'missed', tempId: item.data.temp_id });
  }
}
