import type { Channel } from 'laravel-echo';

import type { Company } from '@/api/types';

import { BackOff } from './back_off';
import { catchUp, forgetPlace } from './catch_up';
import { connect, disconnect, live, liveState, subscribeAgain, type ConnectionConfig } from './connection';
import type { Envelope, NotificationCreated, NotificationRead, UserEvents } from './events';
import { signals } from './signals';

export { BackOff } from './back_off';
export { noteBeginning } from './catch_up';
export { live, liveState, type LiveState } from './connection';
export { signals } from './signals';

/**
 * Hears everything that concerns user `me`, from now until `endLive`. Once `noteBeginning` has resolved nothing can be
 * missed any more: lists that are loaded afterwards and what `signals` tells make up the whole.
 */
export function beginLive(me: number, config: ConnectionConfig): void {
  const own = connect(config).private(`user.${me}`);
  hearUser(own);
  insist(own, `private-user.${me}`);
  let subscribedBefore = false;
  own.subscribed(() => {
    // Every time: what happened between the loading of a list and this moment was not heard.
    catchUpSurely(!subscribedBefore);
    subscribedBefore = true;
  });
}

/** By channel: the further attempts to hear it. */
const attempts = new Map<string, BackOff>();

/** A channel that cannot be had now is asked for again: the library does so only with the next connection. */
function insist(channel: Channel, name: string): void {
  const own = new BackOff();
  attempts.set(name, own);
  channel.subscribed(() => own.reset());
  channel.error((refusal: { status?: number }) => {
    // What one may not hear stays so; a token that is not valid any more ends the session with the next request.
    if (refusal.status !== 403) own.plan(() => subscribeAgain(name));
  });
}

const catchUps = new BackOff();

/**
 * Tells what has been missed as soon as the server can be asked. `first`: since the app was opened. Without a connection
 * nothing is asked: the next one begins with it.
 */
export function catchUpSurely(first = false): void {
  if (liveState.value !== 'connected') return;
  catchUp(first).then(
    () => catchUps.reset(),
    () => catchUps.plan(() => catchUpSurely(first)),
  );
}

/** Hears who is online in `companies`. */
export function hearOnline(companies: Company[]): void {
  for (const { id: companyId } of companies) {
    const tell = (kind: 'here' | 'joined' | 'left', people: { id: number | string }[]) =>
      signals.online.tell({ companyId, kind, userIds: people.map((person) => Number(person.id)) });
    const channel = live().join(`chat.${companyId}`);
    insist(channel, `presence-chat.${companyId}`);
    channel
      .here((people: { id: number }[]) => tell('here', people))
      .joining((person: { id: number }) => tell('joined', [person]))
      .leaving((person: { id: number }) => tell('left', [person]));
  }
}

/** No longer hears who is online in `companies`. */
export function endOnline(companies: Company[]): void {
  for (const { id: companyId } of companies) {
    endAttempts(`presence-chat.${companyId}`);
    live().leave(`chat.${companyId}`);
    signals.online.tell({ companyId, kind: 'here', userIds: [] });
  }
}

function endAttempts(name: string): void {
  attempts.get(name)?.reset();
  attempts.delete(name);
}

export function endLive(): void {
  [...attempts.keys()].forEach(endAttempts);
  catchUps.reset();
  disconnect();
  forgetPlace();
}

function hearUser(channel: Channel): void {
  /** An event of the contract `user`: its name as written, its data in an envelope. */
  const hear = <Name extends keyof UserEvents>(name: Name, tell: (data: UserEvents[Name]) => void) =>
    channel.listen(`.${name}`, (envelope: Envelope<UserEvents[Name]>) => tell(envelope.data));

  hear('MessageSentEvent', ({ message, tempId }) => signals.message.tell({ message, arrival: 'sent', tempId }));
  hear('MessageUpdatedEvent', ({ message }) =>
    signals.message.tell({ message, arrival: 'updated', tempId: message.temp_id }),
  );
  hear('MessageDeletedEvent', (data) => signals.messageDeleted.tell(data));
  hear('MessagesReadEvent', (data) => signals.messagesRead.tell(data));
  hear('MessageReactionEvent', (data) => signals.reaction.tell(data));
  hear('UserIsTypingEvent', (data) => signals.typing.tell(data));
  hear('ConversationUpdatedEvent', (data) => signals.conversationUpdated.tell(data));
  hear('ConversationLeftEvent', (data) => signals.conversationLeft.tell(data));
  channel.listen('NotificationCreated', (data: NotificationCreated) => signals.notificationCreated.tell(data));
  channel.listen('NotificationRead', (data: NotificationRead) => signals.notificationsRead.tell(data));
}
