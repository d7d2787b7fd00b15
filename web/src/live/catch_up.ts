import { api } from '@/api';
import type { SyncItem, SyncPage } from '@/api/types';

import { signals } from './signals';

const pageSize = 100;

/** The place in the server's history up to which this client knows everything; null before it knows anything. */
let cursor: string | null = null;
let running: Promise<void> | null = null;
let wanted = false;

/**
 * Notes the present as the place from which on nothing may be missed; lists are loaded after that. A place that is known
 * stays: something may have been loaded since.
 */
export async function noteBeginning(): Promise<void> {
  cursor ??= await present();
}

const present = async () => (await api.get<SyncPage>('/api/chat/sync', { cursor: 'now' })).next_cursor;

export function forgetPlace(): void {
  cursor = null;
}

/**
 * Tells everything that has happened since the last time. Called when the live connection is there again; a call during
 * another makes that one look again. Rejects without an answer; what came until then is told and not asked for again.
 */
export async function catchUp(first: boolean): Promise<void> {
  wanted = true;
  running ??= run(first).finally(() => (running = null));
  return running;
}

async function run(first: boolean): Promise<void> {
  signals.catchingUp.tell();
  while (wanted && cursor !== null) {
    wanted = false;
    let page: SyncPage;
    do {
      page = await api.get<SyncPage>('/api/chat/sync', { cursor, limit: pageSize });
      if (page.reset) {
        await startAgain();
        break;
      }
      page.data.forEach(tell);
      cursor = page.next_cursor;
    } while (page.has_more);
  }
  signals.caughtUp.tell({ first });
}

async function startAgain(): Promise<void> {
  cursor = await present();
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
