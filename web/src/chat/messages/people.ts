import { computed } from 'vue';

import { me } from '@/api/session';
import type { Conversation } from '@/api/types';
import { t } from '@/i18n';
import type { MessageWindow } from '@/state/message_window';

/**
 * Up to which message all others of the conversation have read; 0 where the server does not say, as in general rooms.
 */
export function readUpTo(conversation: Conversation, userId: number): number {
  const others = conversation.participants.filter(({ id }) => id !== userId);
  if (others.length === 0) return 0;
  return Math.min(...others.map(({ last_read_id }) => last_read_id));
}

/** The names of those who take part, and of those who have written what is shown. */
export function useNames(conversation: () => Conversation, window: MessageWindow) {
  const names = computed(() => {
    const known = new Map<number, string>();
    for (const { sender } of window.messages.value) known.set(sender.id, sender.name);
    for (const { id, name } of conversation().participants) known.set(id, name);
    return known;
  });
  // Most messages bring nobody new: rows depend on the text of the list alone.
  const joined = computed(() => [...names.value.values()].sort().join('\n'));
  const mentionable = computed(() => joined.value.split('\n').flatMap(callable));

  return {
    mentionable: (): readonly string[] => mentionable.value,
    nameOf: (userId: number): string =>
      userId === me.value.id ? t('messages.you') : (names.value.get(userId) ?? t('messages.someone')),
  };
}

/** A person is called by the whole name or its first word. */
function callable(name: string): string[] {
  const [first = name] = name.split(' ');
  return first === name ? [name] : [name, first];
}
