import { computed, ref, type ComputedRef, type Ref, type WritableComputedRef } from 'vue';

import { api } from '@/api';
import { me } from '@/api/session';
import type { Message } from '@/api/types';
import { signals } from '@/live/signals';
import { composingOf, startEdit, type Composing } from '@/state/composing';
import { windowOf } from '@/state/messages';
import { send } from '@/state/outbox';
import { serverConfig } from '@/state/server_config';
import { toastError } from '@/state/toasts';
import { uploadOf } from '@/state/uploads';

import { charactersLeft, cleanBody } from './limits';
import { typingNoticeOf } from './typing_notice';

/** Writing in one conversation: a new message, or other words for an old one. */
export interface MessageForm {
  composing: Composing;
  /** What stands in the field. */
  text: WritableComputedRef<string>;
  charactersLeft: ComputedRef<number>;
  canSubmit: ComputedRef<boolean>;
  /** Whether a change is on its way to the server. */
  saving: Ref<boolean>;
  /** Sends or saves what is written; whether it has left the field. */
  submit(): Promise<boolean>;
  /** Gives up the reply or the edit; whether there was one. */
  cancel(): boolean;
  /** Begins to edit one's last message; whether there is one. */
  editLast(): boolean;
  /** The conversation is left. */
  leave(): void;
}

export function useMessageForm(conversationId: number): MessageForm {
  const composing = composingOf(conversationId);
  const typing = typingNoticeOf(conversationId);
  const saving = ref(false);

  const text = computed({
    get: () => (composing.editing ? composing.editedText : composing.text),
    set: (value) => {
      if (composing.editing) composing.editedText = value;
      else {
        composing.text = value;
        typing.typed(value);
      }
    },
  });
  const left = computed(() => charactersLeft(text.value, serverConfig().limits.message_length));
  const hasRefusedFile = computed(() =>
    composing.files.some((file) => uploadOf(file, file.name).refusal.value !== null),
  );
  const canSubmit = computed(() => {
    const hasFiles = (composing.editing?.attachments ?? composing.files).length > 0;
    const isBlocked = !composing.editing && hasRefusedFile.value;
    return !saving.value && !isBlocked && left.value >= 0 && (hasFiles || cleanBody(text.value) !== '');
  });

  function sendNew(): boolean {
    typing.sent();
    send(conversationId, {
      body: cleanBody(composing.text),
      replyTo: composing.replyTo?.id ?? null,
      files: composing.files,
    });
    Object.assign(composing, { text: '', files: [], replyTo: null });
    return true;
  }

  async function save(message: Message): Promise<boolean> {
    saving.value = true;
    try {
      const body = cleanBody(composing.editedText);
      if (body !== message.body) await saveEdit(message, body);
      if (composing.editing?.id === message.id) composing.editing = null;
      return true;
    } catch (error) {
      toastError(error);
      return false;
    } finally {
      saving.value = false;
    }
  }

  async function submit(): Promise<boolean> {
    if (!canSubmit.value) return false;
    return composing.editing ? save(composing.editing) : sendNew();
  }

  function cancel(): boolean {
    const hadOne = composing.replyTo !== null || composing.editing !== null;
    Object.assign(composing, { replyTo: null, editing: null });
    return hadOne;
  }

  function editLast(): boolean {
    const own = ({ sender_id, deleted_at }: Message) => sender_id === me.value.id && deleted_at === null;
    const last = [...windowOf(conversationId).messages.value].reverse().find(own);
    if (last) startEdit(last);
    return last !== undefined;
  }

  return {
    composing,
    text,
    charactersLeft: left,
    canSubmit,
    saving,
    submit,
    cancel,
    editLast,
    leave: () => typing.stop(),
  };
}

async function saveEdit(message: Message, body: string): Promise<void> {
  const edited = await api.patch<Message>(`/api/chat/messages/${message.id}`, { body });
  // This tab's connection is left out of the live event.
  signals.message.tell({ message: edited, arrival: 'updated', tempId: edited.temp_id });
}
