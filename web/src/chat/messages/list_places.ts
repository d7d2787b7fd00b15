import { onScopeDispose, ref, type Ref } from 'vue';

import { ApiError } from '@/api';
import type { Conversation } from '@/api/types';
import { t } from '@/i18n';
import type { MessageWindow } from '@/state/message_window';
import { toast, toastError } from '@/state/toasts';

import { loadFirst } from './first_place';
import type { ListScroll } from './list_scroll';
import type { MessageRow } from './rows';

/** How long a message that one has gone to stands out once it is seen, in milliseconds. */
const highlightTime = 2_500;
/** How far below the edge the first unread message begins, in pixels: something read is seen above it. */
const unreadOffset = -80;

/** The places of a list of messages that one goes to. */
export interface ListPlaces {
  /** The key of the row that stands out. */
  highlighted: Readonly<Ref<string | null>>;
  /** Goes to where the conversation opens: message `messageId`, else the first unread one, else the end. */
  begin: (conversation: Conversation, hasUnread: boolean, messageId?: number) => Promise<void>;
  /** Puts rows that have begun anew to where they were loaded for. */
  placeAnew: () => void;
  /** Shows a message, which is loaded if need be. */
  jumpTo: (messageId: number) => Promise<void>;
  goToNewest: () => void;
}

export function useListPlaces(
  window: MessageWindow,
  rows: () => readonly MessageRow[],
  scroll: ListScroll,
): ListPlaces {
  const highlighted = ref<string | null>(null);
  /** What the next new beginning is about; null: the end. */
  let goal: number | 'unread' | null = null;
  let highlightEnd: ReturnType<typeof setTimeout> | undefined;
  onScopeDispose(() => clearTimeout(highlightEnd));

  const indexOf = (messageId: number): number => rows().findIndex(({ message }) => message?.id === messageId);
  const placeAtEnd = () => void scroll.place('end');

  /** Makes a message stand out; its time begins with `placed`, since a list that finds its place is not seen. */
  async function highlight(messageId: number, placed?: Promise<void>): Promise<void> {
    const key = rows()[indexOf(messageId)]?.key ?? null;
    clearTimeout(highlightEnd);
    highlighted.value = key;
    await placed;
    if (highlighted.value !== key) return;
    clearTimeout(highlightEnd);
    highlightEnd = setTimeout(() => (highlighted.value = null), highlightTime);
  }

  function placeAnew(): void {
    const wanted = goal;
    goal = null;
    const index = typeof wanted === 'number' ? indexOf(wanted) : rows().findIndex((row) => row.isFirstUnread);
    if (typeof wanted === 'number' && index >= 0) {
      void highlight(wanted, scroll.place(index, 'center'));
    } else if (wanted === 'unread' && index >= 0) {
      void scroll.place(index, 'start', unreadOffset);
    } else {
      if (typeof wanted === 'number') toast(t('messages.gone'));
      placeAtEnd();
    }
  }

  async function jumpTo(messageId: number): Promise<void> {
    if (indexOf(messageId) >= 0) {
      scroll.goTo(indexOf(messageId), 'center');
      return highlight(messageId);
    }
    goal = messageId;
    try {
      await window.loadAround(messageId);
    } catch (error) {
      // Whoever tries again without an answer still wants to go there.
      if (!(error instanceof ApiError && error.status === 404)) return toastError(error);
      // A new beginning says by itself that the message is not there.
      if (!window.isLoaded.value) return void (await window.loadNewest().catch(() => undefined));
      goal = null;
      toast(t('messages.gone'));
    }
  }

  function goToNewest(): void {
    goal = null;
    if (window.isAtEnd.value) scroll.goToEnd();
    // Without an answer the list stays, with a word and a way to try again.
    else void window.loadNewest().catch(toastError);
  }

  async function begin(conversation: Conversation, hasUnread: boolean, messageId?: number): Promise<void> {
    goal = messageId ?? (hasUnread ? 'unread' : null);
    const before = window.beginning.value;
    if (messageId !== undefined && indexOf(messageId) < 0) await jumpTo(messageId);
    // Without an answer the list says so itself.
    else await loadFirst(window, conversation, messageId).catch(() => undefined);
    if (window.beginning.value !== before) return;
    const waitsForGoal = typeof goal === 'number' && indexOf(goal) < 0;
    if (window.isLoaded.value && !waitsForGoal) placeAnew();
    // What waits to be sent is there all the same.
    else placeAtEnd();
  }

  return { highlighted, begin, placeAnew, jumpTo, goToNewest };
}
