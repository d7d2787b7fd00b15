import type { Message, Notification } from '@/api/types';

// What arrives on `private-user.{id}` (docs/chat.md, "Channels and events").

export interface MessageSent {
  message: Message;
  tempId: string | null;
}
export interface MessageUpdated {
  message: Message;
}
export interface MessageDeleted {
  id: number;
  conversation_id: number;
}
export interface MessagesRead {
  conversation_id: number;
  reader_id: number;
  message_ids: number[];
  last_read_id: number;
  read_at: string;
}
export interface MessageReaction {
  conversation_id: number;
  message_id: number;
  user_id: number;
  emoji: string;
  added: boolean;
}
export interface UserIsTyping {
  conversation_id: number;
  user: { id: number; name: string; email: string };
  typing: boolean;
}
export interface ConversationUpdated {
  conversation_id: number;
  changed: string[];
}
export interface ConversationLeft {
  conversation_id: number;
}
export interface NotificationCreated {
  notification: Notification;
  unread_count: number;
}
export interface NotificationRead {
  ids: string[];
  unread_count: number;
}

/** What the contract `user` puts around its events. */
export interface Envelope<Data> {
  type: string;
  data: Data;
}

/** The events of one's own channel by name. */
export interface UserEvents {
  MessageSentEvent: MessageSent;
  MessageUpdatedEvent: MessageUpdated;
  MessageDeletedEvent: MessageDeleted;
  MessagesReadEvent: MessagesRead;
  MessageReactionEvent: MessageReaction;
  UserIsTypingEvent: UserIsTyping;
  ConversationUpdatedEvent: ConversationUpdated;
  ConversationLeftEvent: ConversationLeft;
}
