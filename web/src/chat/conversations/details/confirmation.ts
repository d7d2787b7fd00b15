import { shallowRef } from 'vue';

import { useSubmission } from '@/state/submission';

/** What is asked before something is done. */
export interface Question {
  title: string;
  text: string;
  /** What is done, on the button that does it. */
  action: string;
  run: () => Promise<void>;
}

/** One question at a time; it stays open, with the reason, when what it is about fails. */
export function useConfirmation() {
  const question = shallowRef<Question | null>(null);
  const { busy, failure, submit } = useSubmission();

  function ask(next: Question): void {
    failure.value = null;
    question.value = next;
  }

  function dismiss(): void {
    question.value = null;
  }

  async function answer(): Promise<void> {
    if (question.value && (await submit(question.value.run))) dismiss();
  }

  return { question, failure, busy, ask, answer, dismiss };
}
