/** A file that goes out with a message. */
export interface PendingFile {
  name: string;
  mediaType: string;
  size: number;
  /** The part that has been uploaded, 0 to 1; reactive. */
  readonly progress: number;
  /** Its bytes, to show pictures of before they are on the server. */
  blob: Blob;
}

/** A message that the server has not confirmed. */
export interface PendingMessage {
  /** Unique per sender: the server stores a message with the same one only once. */
  tempId: string;
  conversationId: number;
  body: string;
  replyTo: number | null;
  files: PendingFile[];
  createdAt: string;
  /** `waiting`: for its turn or a connection. `failed`: refused; the person decides what becomes of it. */
  state: 'waiting' | 'sending' | 'failed';
  /** Why it failed, for people. */
  error: string | null;
}

/** A file as it is kept until its message is confirmed. */
export interface OutboxFile {
  name: string;
  blob: Blob;
  /** What the server calls it once it has it. */
  attachmentId: string | null;
}

/** A message as it is kept until it is confirmed: plain data that IndexedDB takes. */
export interface OutboxEntry {
  userId: number;
  tempId: string;
  conversationId: number;
  body: string;
  replyTo: number | null;
  files: OutboxFile[];
  /** When it was written, in milliseconds since 1970; no two of a tab are the same, so that it is also the order. */
  writtenAt: number;
  /** The tab that sends it (outbox_tabs.ts). */
  tab: string;
  /** Why the server has refused it, for people; null while it may still go. */
  refusal: string | null;
}

let lastWrittenAt = 0;

/** The present, later than every earlier answer, also when the clock has been set back. */
export function nextWrittenAt(): number {
  lastWrittenAt = Math.max(lastWrittenAt + 1, Date.now());
  return lastWrittenAt;
}
