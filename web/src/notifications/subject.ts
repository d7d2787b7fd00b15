import { computed, watch, type Ref } from 'vue';

import type { Message } from '@/api/types';
import { ensureConversation, findConversation } from '@/state/conversations';
import { titleOf } from '@/state/conversation_text';
import type { MessageSubject } from '@/state/notifications';
import { useMessage } from '@/state/quotes';

/** Names and words for what a notification is about: what is known of it at once, the rest when the server has told. */
export function useSubject(subject: Ref<MessageSubject | null>) {
  const conversation = computed(() => (subject.value ? findConversation(subject.value.conversation_id) : undefined));
  const message = useMessage(() => subject.value);
  const known = computed<Message | null>(() => (message.value === 'missing' ? null : message.value));

  // One that cannot be loaded stays "a conversation".
  watch(subject, (now) => now && void ensureConversation(now.conversation_id).catch(() => undefined), {
    immediate: true,
  });

  return {
    message,
    sender: computed(() => {
      const id = subject.value?.user_id;
      return conversation.value?.participants.find((person) => person.id === id)?.name ?? known.value?.sender.name;
    }),
    title: computed(() => conversation.value && titleOf(conversation.value)),
    isDirect: computed(() => conversation.value?.type === 'direct'),
  };
}
