import { ApiError, isAbort, isTemporary } from '@/api/errors';

import type { OutboxEntry, OutboxFile } from './outbox_entry';

/** What became of an attempt to deliver a message. */
export type Outcome =
  | { kind: 'stored' }
  /** Tried again later; not before `afterSeconds` if the server has said so. */
  | { kind: 'later'; afterSeconds: number | null }
  | { kind: 'refused'; error: unknown };

/** What a delivery needs of the world. */
export interface DeliveryMeans {
  /** Uploads a file; the server's id of it. */
  upload(file: OutboxFile): Promise<string>;
  /** The server does not have a file any more: its next upload starts anew. */
  forgetUpload(file: OutboxFile): void;
  /** Sends a message whose files the server has, and shows what the server has stored. */
  post(entry: OutboxEntry): Promise<void>;
  /** Keeps what has changed of an entry. */
  keep(entry: OutboxEntry): Promise<void>;
}

/**
 * Brings a message to the server, its files first. What has been uploaded is noted in the entry, so that a later attempt goes
 * on from there. Never rejects.
 */
export async function deliver(entry: OutboxEntry, means: DeliveryMeans): Promise<Outcome> {
  try {
    await uploadMissing(entry, means);
    await postOrUploadAgain(entry, means);
    return { kind: 'stored' };
  } catch (error) {
    return outcomeOf(error);
  }
}

async function uploadMissing(entry: OutboxEntry, means: DeliveryMeans): Promise<void> {
  const missing = entry.files.filter((file) => file.attachmentId === null);
  if (missing.length === 0) return;
  await Promise.all(missing.map(async (file) => (file.attachmentId = await means.upload(file))));
  await means.keep(entry);
}

/** Uploads that no message has referred to are removed by the server after a day: then all of them go once more. */
async function postOrUploadAgain(entry: OutboxEntry, means: DeliveryMeans): Promise<void> {
  try {
    await means.post(entry);
  } catch (error) {
    if (!hasLostUploads(error) || entry.files.length === 0) throw error;
    for (const file of entry.files) {
      file.attachmentId = null;
      means.forgetUpload(file);
    }
    await uploadMissing(entry, means);
    await means.post(entry);
  }
}

const hasLostUploads = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 422 && 'attachment_ids' in error.fields;

function outcomeOf(error: unknown): Outcome {
  if (error instanceof ApiError) {
    // 401: signed out meanwhile. The message waits until its sender is back.
    const waits = error.isTemporary || error.status === 401;
    return waits ? { kind: 'later', afterSeconds: error.retryAfter } : { kind: 'refused', error };
  }
  // An upload that was ended goes on with the next attempt.
  return isAbort(error) || isTemporary(error) ? { kind: 'later', afterSeconds: null } : { kind: 'refused', error };
}
