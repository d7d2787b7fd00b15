import { inject, provide, type InjectionKey } from 'vue';

import type { Attachment, Message } from '@/api/types';
import type { MessageWindow } from '@/state/message_window';

import type { MessageRow } from './rows';

/** What the rows of a list need of it, so that it is not handed through all their parts. */
export interface MessageContext {
  window: MessageWindow;
  /** The names of those whose mentions are emphasised. */
  mentionable: () => readonly string[];
  /** What a person is called; "You" for oneself. */
  nameOf: (userId: number) => string;
  /** Shows what can be done with a message, beside `anchor`. */
  openActions: (row: MessageRow, anchor: HTMLElement) => void;
  jumpTo: (messageId: number) => void;
  openPicture: (attachment: Attachment) => void;
  react: (message: Message, emoji: string) => void;
}

const key: InjectionKey<MessageContext> = Symbol('message context');

export const provideMessageContext = (context: MessageContext): void => provide(key, context);

export function useMessageContext(): MessageContext {
  const context = inject(key);
  if (!context) throw new Error('A message is shown outside a list');
  return context;
}
