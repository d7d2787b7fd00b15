import type { Message } from '@/api/types';
import { t } from '@/i18n';
import type { PendingMessage } from '@/state/outbox';

/** Longer texts are cut, in UTF-16 units. */
const summaryMax = 300;

/** What a message says, in one line: its text, else its files. Empty for a deleted one. */
export function summaryOf(message: Pick<Message, 'body' | 'attachments'> | PendingMessage): string {
  const body = message.body.slice(0, summaryMax).replace(/\s+/g, ' ');
  if (body) return body;
  const files = 'attachments' in message ? message.attachments : message.files;
  if (files.length === 1) return files[0]!.name;
  return files.length > 1 ? t('messages.file', { count: files.length }) : '';
}
