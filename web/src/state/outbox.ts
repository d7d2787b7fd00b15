import { computed, shallowReactive, type ComputedRef } from 'vue';

import { api, NetworkError } from '@/api';
import { randomId } from '@/api/random_id';
import { session } from '@/api/session';
import type { Message } from '@/api/types';
import { t } from '@/i18n';
import { signals } from '@/live/signals';

import { keptMessages } from './messages';
import { deliver, type DeliveryMeans } from './outbox_delivery';
import { nextWrittenAt, type OutboxEntry, type OutboxFile, type PendingMessage } from './outbox_entry';
import { OutboxQueue, type QueueMeans } from './outbox_queue';
import { OutboxStore } from './outbox_store';
import { findOtherTabs, onTabClosed, thisTab } from './outbox_tabs';
import { errorText, toast } from './toasts';
import { uploadOf } from './uploads';

export type { PendingFile, PendingMessage } from './outbox_entry';

/** What a person has written. */
export interface Draft {
  body: string;
  /** The id of the message that is answered. */
  replyTo: number | null;
  files: readonly File[];
}

const store = new OutboxStore();
const queues = shallowReactive(new Map<number, OutboxQueue>());
let owner: number | null = null;
let hasWarned = false;

/**
 * What has been written in a conversation and is not confirmed, in the order of writing. A message that the conversation's
 * window has already is not among it.
 */
export function pendingOf(conversationId: number): ComputedRef<readonly PendingMessage[]> {
  return computed(() => {
    const pending = queues.get(conversationId)?.shown.value ?? [];
    if (pending.length === 0) return pending;
    const stored = new Set(keptMessages(conversationId).map(({ temp_id }) => temp_id));
    return pending.filter(({ tempId }) => !stored.has(tempId));
  });
}

/** Shows a message at once and sends it as soon as that is possible, also after a reload. */
export function send(conversationId: number, draft: Draft): void {
  const userId = session.value?.user.id;
  if (userId === undefined) throw new Error('Nobody is signed in');
  own(userId);
  void queueOf(conversationId).add({
    userId,
    tempId: randomId(),
    conversationId,
    body: draft.body,
    replyTo: draft.replyTo,
    files: draft.files.map((blob): OutboxFile => ({ name: blob.name, blob, attachmentId: null })),
    writtenAt: nextWrittenAt(),
    tab: thisTab,
    refusal: null,
  });
}

/** Tries a message that was refused again. */
export function retryPending(tempId: string): void {
  for (const queue of queues.values()) queue.retry(tempId);
}

/** Gives a message up that is not confirmed. */
export function discardPending(tempId: string): void {
  for (const queue of queues.values()) {
    for (const { blob, name } of queue.remove(tempId)?.files ?? []) uploadOf(blob, name).cancel();
  }
}

/** Whether something that one has written is not confirmed, in this tab or another. */
export async function hasUnsent(): Promise<boolean> {
  if ([...queues.values()].some((queue) => !queue.isEmpty)) return true;
  // Where nothing can be kept there is nothing but what this tab has.
  return owner !== null && (await store.hasAny(owner).catch(() => false));
}

/** Gives up everything that is not confirmed, in all tabs. Resolves also where nothing could be kept. */
export async function discardUnsent(): Promise<void> {
  for (const queue of queues.values()) queue.shown.value.forEach(({ tempId }) => discardPending(tempId));
  if (owner !== null) await store.forgetAll(owner).catch(() => undefined);
}

/** Takes over what user `me` has written and the server has not confirmed. Calling it again does nothing more. */
export async function beginOutbox(me: number): Promise<void> {
  own(me);
  wakeOutbox();
  await takeOver(({ tab }) => tab === thisTab);
  await takeOverOrphans();
}

/** The connection is back: what waits for it goes now. */
function wakeOutbox(): void {
  for (const queue of queues.values()) queue.wake();
}

/** From now on the outbox is that of `userId`; another one's stays kept and is not touched. */
function own(userId: number | null): void {
  if (owner === userId) return;
  for (const queue of queues.values()) queue.stop();
  queues.clear();
  owner = userId;
}

/** What closed tabs have left behind. */
async function takeOverOrphans(): Promise<void> {
  const others = await findOtherTabs();
  await takeOver(({ tab }) => !others.has(tab));
}

async function takeOver(isOurs: (entry: OutboxEntry) => boolean): Promise<void> {
  const me = owner;
  if (me === null) return;
  // Where nothing can be kept there is nothing to take over.
  const kept = await store.load(me).catch(() => []);
  if (me !== owner) return;
  for (const entry of kept.filter(isOurs)) {
    const queue = queueOf(entry.conversationId);
    if (entry.tab === thisTab) queue.resume(entry);
    else void queue.add({ ...entry, tab: thisTab });
  }
}

function queueOf(conversationId: number): OutboxQueue {
  let queue = queues.get(conversationId);
  if (!queue) queues.set(conversationId, (queue = new OutboxQueue(queueMeans)));
  return queue;
}

const queueMeans: QueueMeans = {
  deliver: (entry) => deliver(entry, deliveryMeans),
  keep: (entry) => keep(entry),
  // What cannot be forgotten is sent again after a reload, and stored once all the same.
  forget: (entry) => store.forget(entry).catch(() => undefined),
  isOnline: () => navigator.onLine,
  filesOf: (entry) =>
    entry.files.map(({ name, blob, attachmentId }) => ({
      name,
      mediaType: blob.type,
      size: blob.size,
      blob,
      get progress() {
        return attachmentId === null ? uploadOf(blob, name).progress.value : 1;
      },
    })),
  errorText,
};

const deliveryMeans: DeliveryMeans = {
  keep,
  upload: ({ blob, name }) => uploadOf(blob, name).start(),
  forgetUpload: ({ blob, name }) => uploadOf(blob, name).forget(),
  post,
};

async function keep(entry: OutboxEntry): Promise<void> {
  try {
    await store.keep(entry);
  } catch {
    // The message goes out from memory; it is only gone if the page is closed before.
    if (!hasWarned) toast(t('composer.not_kept'), 'error');
    hasWarned = true;
  }
}

async function post(entry: OutboxEntry): Promise<void> {
  // Signed out, or somebody else signed in, during the uploads.
  if (session.value?.user.id !== entry.userId) throw new NetworkError();
  const message = await api.post<Message>(`/api/chat/conversations/${entry.conversationId}/messages`, {
    body: entry.body,
    temp_id: entry.tempId,
    reply_to: entry.replyTo,
    attachment_ids: entry.files.map(({ attachmentId }) => attachmentId),
  });
  if (session.value?.user.id !== entry.userId) return;
  // This tab's connection is left out of the live event: the stores hear of the message here, and this one, too.
  signals.message.tell({ message, arrival: 'sent', tempId: entry.tempId });
}

signals.message.listen(({ message, tempId }) => {
  if (tempId !== null && message.sender_id === owner) queues.get(message.conversation_id)?.remove(tempId);
});
signals.caughtUp.listen(wakeOutbox);
signals.sessionEnded.listen(() => own(null));
addEventListener('online', wakeOutbox);
onTabClosed(() => void takeOverOrphans());
