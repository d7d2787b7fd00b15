import { ref, shallowRef } from 'vue';

import { api } from '@/api';
import { isAbort, isTemporary, NetworkError } from '@/api/errors';
import type { Attachment } from '@/api/types';
import { signals } from '@/live/signals';

import { Turns } from './turns';

/** So many uploads go on at once: browsers have six connections per server, and messages need some, too. */
const turns = new Turns(2);

/** An upload of which nothing has left for so many milliseconds is taken for broken. */
const stallTimeout = 60_000;

/** Sends the bytes of a file (`Api.upload`). */
export type SendFile = (
  file: Blob,
  name: string,
  progress: (part: number) => void,
  signal: AbortSignal,
) => Promise<Attachment>;

/** The uploads that go on or wait for their turn. */
const running = new Set<Upload>();

/** The way of one file to the server. It begins with the first `start`, which also tries again after a failure. */
export class Upload {
  /** The part that has left, 0 to 1. */
  readonly progress = ref(0);
  /** Why the server does not want the file; null while it may still take it. */
  readonly refusal = shallowRef<unknown>(null);

  private running: Promise<string> | null = null;
  private abort = new AbortController();

  constructor(
    private readonly file: Blob,
    private readonly name: string,
    private readonly send: SendFile,
  ) {}

  /** Resolves with the server's id of the file; further calls join the running upload. */
  start(): Promise<string> {
    this.running ??= this.run().catch((error: unknown) => {
      this.running = null;
      this.progress.value = 0;
      if (!isTemporary(error) && !isAbort(error)) this.refusal.value = error;
      throw error;
    });
    return this.running;
  }

  /** Ends the upload: `start` rejects with an AbortError. */
  cancel(): void {
    this.abort.abort();
  }

  /** The server has lost the file: the next `start` sends it again. */
  forget(): void {
    this.running = null;
    this.progress.value = 0;
  }

  private async run(): Promise<string> {
    this.abort = new AbortController();
    this.refusal.value = null;
    running.add(this);
    const done = await turns.take();
    try {
      if (this.abort.signal.aborted) throw new DOMException('The upload was ended', 'AbortError');
      return (await this.sendWatched()).id;
    } finally {
      running.delete(this);
      done();
    }
  }

  private async sendWatched(): Promise<Attachment> {
    let isStalled = false;
    const stall = () => {
      isStalled = true;
      this.abort.abort();
    };
    let timer = setTimeout(stall, stallTimeout);
    const progress = (part: number) => {
      this.progress.value = part;
      clearTimeout(timer);
      timer = setTimeout(stall, stallTimeout);
    };
    try {
      const attachment = await this.send(this.file, this.name, progress, this.abort.signal);
      this.progress.value = 1;
      return attachment;
    } catch (error) {
      throw isStalled ? new NetworkError(error) : error;
    } finally {
      clearTimeout(timer);
    }
  }
}

const sendFile: SendFile = (file, name, progress, signal) =>
  api.upload<Attachment>('/api/chat/attachments', file, name, progress, signal);

const uploads = new WeakMap<Blob, Upload>();

/** The upload of a file: the same for whoever asks, so that what a composer has begun is what the outbox waits for. */
export function uploadOf(file: Blob, name: string): Upload {
  let upload = uploads.get(file);
  if (!upload) uploads.set(file, (upload = new Upload(file, name, sendFile)));
  return upload;
}

// What one user has begun may not go on in the name of the next.
signals.sessionEnded.listen(() => running.forEach((upload) => upload.cancel()));
