import { api, isTemporary } from '@/api';
import { liveState } from '@/live';

/** While one types, the others are told at most this often, in milliseconds. The server takes it once a second. */
const tellInterval = 3_000;

/** Whoever has pressed no key for this many milliseconds is typing no longer. */
const idleTimeout = 5_000;

/** Where the server refuses it (a block, a room that one has left), it is not asked again for so many milliseconds. */
const refusalPause = 60_000;

/** Tells the others of a conversation that one is typing. */
export class TypingNotice {
  private nextAt = -Infinity;
  private isTold = false;
  private idle: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly tell: (typing: boolean) => void) {}

  /** The text has changed by typing. */
  typed(text: string): void {
    if (text === '') return this.stop();
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.stop(), idleTimeout);
    const now = Date.now();
    if (now < this.nextAt) return;
    this.nextAt = now + tellInterval;
    this.isTold = true;
    this.tell(true);
  }

  /** Nobody is typing here any more. */
  stop(): void {
    clearTimeout(this.idle);
    if (this.isTold) this.tell(false);
    this.isTold = false;
  }

  /** The message goes out: the server tells that its sender has stopped. */
  sent(): void {
    clearTimeout(this.idle);
    this.isTold = false;
  }

  /** The server does not take the notice. */
  refused(): void {
    this.sent();
    this.nextAt = Date.now() + refusalPause;
  }
}

const notices = new Map<number, TypingNotice>();

/** The same for a conversation as long as the page lives, so that going back and forth does not tell too often. */
export function typingNoticeOf(conversationId: number): TypingNotice {
  let notice = notices.get(conversationId);
  if (!notice) notices.set(conversationId, (notice = new TypingNotice((typing) => tell(conversationId, typing))));
  return notice;
}

function tell(conversationId: number, typing: boolean): void {
  // Without a connection it would come too late.
  if (!navigator.onLine || liveState.value !== 'connected') return;
  void api.post('/api/chat/typing', { conversation_id: conversationId, typing }).catch((error: unknown) => {
    // A lost notice costs nothing: the others forget it after seconds, and the next key brings another.
    if (!isTemporary(error)) notices.get(conversationId)?.refused();
  });
}
