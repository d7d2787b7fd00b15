import type { Message, Notification, SyncItem } from '@/api/types';

import type {
  ConversationLeft,
  ConversationUpdated,
  MessageDeleted,
  MessageReaction,
  MessagesRead,
  NotificationCreated,
  NotificationRead,
  UserIsTyping,
} from './events';
import { Signal } from './signal';

/** How a message came: as it was sent, changed later, or with what was missed while away. */
export type Arrival = 'sent' | 'updated' | 'missed';

/**
 * What happens on the server, for everybody in the app who wants to know; it may be told twice. `live` tells, the stores
 * of `state` listen, so that the two do not know each other.
 */
export const signals = {
  message: new Signal<{ message: Message; arrival: Arrival; tempId: string | null }>(),
  messageDeleted: new Signal<MessageDeleted>(),
  messagesRead: new Signal<MessagesRead>(),
  /** All messages of the conversation up to `up_to_id` that have no `read_at` get this one. */
  readMark: new Signal<{ conversation_id: number; up_to_id: number; read_at: string }>(),
  reaction: new Signal<MessageReaction>(),
  typing: new Signal<UserIsTyping>(),
  conversationUpdated: new Signal<ConversationUpdated>(),
  /** A conversation as the server has it now, without its last message; from catching up. */
  conversationSynced: new Signal<Extract<SyncItem, { type: 'conversation' }>['data']>(),
  conversationLeft: new Signal<ConversationLeft>(),
  notificationCreated: new Signal<NotificationCreated>(),
  notificationSynced: new Signal<Notification>(),
  notificationsRead: new Signal<NotificationRead>(),
  /** People of a company who are online: all of them, one more, one less. */
  online: new Signal<{ companyId: number; kind: 'here' | 'joined' | 'left'; userIds: number[] }>(),
  /** What was missed is told from now on. */
  catchingUp: new Signal<void>(),
  /** Everything that was missed has been told. `first`: since the app was opened, not since a connection broke. */
  caughtUp: new Signal<{ first: boolean }>(),
  /** What is known may be old: the server has lost the place where this client was. Lists are loaded again. */
  reset: new Signal<void>(),
  /** Somebody else is signed in, or nobody: forget everything. */
  sessionEnded: new Signal<void>(),
};
