import { shallowRef } from 'vue';

import type { Outcome } from './outbox_delivery';
import type { OutboxEntry, PendingFile, PendingMessage } from './outbox_entry';

/** Attempts without an answer are this far apart at first and at last, in milliseconds. */
const retryDelayMin = 1_000;
const retryDelayMax = 30_000;

/** What a queue needs of the world. */
export interface QueueMeans {
  deliver(entry: OutboxEntry): Promise<Outcome>;
  /** Keeps an entry over reloads. Settles when it is kept or cannot be; never rejects. */
  keep(entry: OutboxEntry): Promise<void>;
  forget(entry: OutboxEntry): Promise<void>;
  /** Whether an attempt makes sense at all. `wake` is called when that changes. */
  isOnline(): boolean;
  filesOf(entry: OutboxEntry): PendingFile[];
  errorText(error: unknown): string;
}

/**
 * The messages of one conversation that are not confirmed. They are sent one after the other, in the order of writing: the
 * next one goes when the one before it is stored or refused.
 */
export class OutboxQueue {
  /** For the screen, in the order of writing. */
  readonly shown = shallowRef<readonly PendingMessage[]>([]);

  private entries: OutboxEntry[] = [];
  /** Those that may go, as far as keeping them is concerned. */
  private readonly kept = new WeakSet<OutboxEntry>();
  private sending: OutboxEntry | null = null;
  private attempts = 0;
  private pause: { timer: ReturnType<typeof setTimeout>; demanded: boolean } | null = null;
  private stopped = false;

  constructor(private readonly means: QueueMeans) {}

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  /** Shows the message at once and sends it when its turn comes. One that is known is not taken twice. */
  async add(entry: OutboxEntry): Promise<void> {
    if (!this.insert(entry)) return;
    // Kept before it is sent: a reload in between would lose it.
    await this.means.keep(entry);
    this.release(entry);
  }

  /** Goes on with a message that is kept already. */
  resume(entry: OutboxEntry): void {
    if (this.insert(entry)) this.release(entry);
  }

  /** Ends waiting for a connection; a wait that the server has asked for goes on. */
  wake(): void {
    this.attempts = 0;
    if (this.pause && !this.pause.demanded) this.endPause();
    void this.run();
  }

  /** Tries a refused message again. */
  retry(tempId: string): void {
    const entry = this.find(tempId);
    if (!entry || entry.refusal === null) return;
    entry.refusal = null;
    this.show();
    void this.means.keep(entry);
    void this.run();
  }

  /** Takes a message away, because it is stored or no longer wanted. */
  remove(tempId: string): OutboxEntry | undefined {
    const entry = this.find(tempId);
    if (!entry) return undefined;
    this.entries = this.entries.filter((other) => other !== entry);
    this.show();
    void this.means.forget(entry);
    return entry;
  }

  /** Sends nothing any more, and leaves what is kept. */
  stop(): void {
    this.stopped = true;
    this.endPause();
  }

  private insert(entry: OutboxEntry): boolean {
    if (this.find(entry.tempId)) return false;
    this.entries = [...this.entries, entry].sort((a, b) => a.writtenAt - b.writtenAt);
    this.show();
    return true;
  }

  private release(entry: OutboxEntry): void {
    this.kept.add(entry);
    void this.run();
  }

  private find(tempId: string): OutboxEntry | undefined {
    return this.entries.find((entry) => entry.tempId === tempId);
  }

  /** The one whose turn it is, if it can go now. */
  private next(): OutboxEntry | undefined {
    if (this.stopped || this.pause || !this.means.isOnline()) return undefined;
    const first = this.entries.find((entry) => entry.refusal === null);
    return first && this.kept.has(first) ? first : undefined;
  }

  private async run(): Promise<void> {
    if (this.sending) return;
    for (let entry = this.next(); entry; entry = this.next()) {
      this.setSending(entry);
      const outcome = await this.means.deliver(entry);
      this.setSending(null);
      // The message may have come by another way and be gone already.
      if (!this.stopped && this.entries.includes(entry)) this.take(entry, outcome);
    }
  }

  private take(entry: OutboxEntry, outcome: Outcome): void {
    if (outcome.kind === 'later') return this.pauseFor(outcome.afterSeconds);
    this.attempts = 0;
    if (outcome.kind === 'stored') return void this.remove(entry.tempId);
    entry.refusal = this.means.errorText(outcome.error);
    this.show();
    void this.means.keep(entry);
  }

  private pauseFor(seconds: number | null): void {
    const backOff = Math.min(retryDelayMin * 2 ** this.attempts, retryDelayMax);
    this.attempts += 1;
    const delay = seconds === null ? backOff : Math.max(seconds * 1_000, retryDelayMin);
    const timer = setTimeout(() => {
      this.pause = null;
      void this.run();
    }, delay);
    this.pause = { timer, demanded: seconds !== null };
  }

  private endPause(): void {
    clearTimeout(this.pause?.timer);
    this.pause = null;
  }

  private setSending(entry: OutboxEntry | null): void {
    this.sending = entry;
    this.show();
  }

  private show(): void {
    this.shown.value = this.entries.map((entry) => ({
      tempId: entry.tempId,
      conversationId: entry.conversationId,
      body: entry.body,
      replyTo: entry.replyTo,
      files: this.means.filesOf(entry),
      createdAt: new Date(entry.writtenAt).toISOString(),
      state: entry.refusal !== null ? 'failed' : entry === this.sending ? 'sending' : 'waiting',
      error: entry.refusal,
    }));
  }
}
