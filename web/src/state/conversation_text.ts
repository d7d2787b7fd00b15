import { session } from '@/api/session';
import type { Attachment, Conversation, Message } from '@/api/types';
import { t } from '@/i18n';
import { companies } from './companies';

/** Longer texts are cut, in UTF-16 units: no line shows more. */
const textMax = 300;

/** What a conversation is called by the one who sees it. */
export function titleOf(conversation: Conversation): string {
  switch (conversation.type) {
    case 'direct':
      return conversation.other?.name ?? t('conversations.somebody');
    case 'group':
      return conversation.title ?? t('conversations.group');
    case 'general':
      return companyName(conversation.company_id) ?? t('conversations.general');
  }
}

/** The name of one of one's companies. */
export const companyName = (id: number): string | undefined =>
  companies.value.find((company) => company.id === id)?.name;

/** The first word of a name. */
export const firstName = (name: string): string => name.trim().split(/\s+/)[0] ?? name;

/** A message on one line: who has sent it, where that is not clear, and what it says. */
export function previewOf(message: Message, type: Conversation['type']): { who: string | null; text: string } {
  return { who: senderOf(message, type), text: textOf(message) };
}

function senderOf(message: Message, type: Conversation['type']): string | null {
  if (message.sender_id === session.value?.user.id) return t('conversations.you');
  return type === 'direct' ? null : firstName(message.sender.name);
}

/** What a message says in a few words. */
export function textOf({ body, attachments, deleted_at }: Message): string {
  if (deleted_at) return t('conversations.deleted');
  if (body !== '') return body.slice(0, textMax);
  return attachments.length === 1 ? kindOf(attachments[0]!) : t('conversations.files', { count: attachments.length });
}

function kindOf({ media_type: type, name }: Attachment): string {
  if (type.startsWith('image/')) return t('conversations.photo');
  if (type.startsWith('video/')) return t('conversations.video');
  if (type.startsWith('audio/')) return t('conversations.audio');
  return name;
}

/** The title of the page: "(3) Grace Hopper · Parley". */
export function pageTitle(unread: number, what: string | null): string {
  const count = unread > 0 ? `(${unread}) ` : '';
  return count + (what === null ? t('app.name') : `${what} · ${t('app.name')}`);
}
