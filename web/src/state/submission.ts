import { nextTick, ref, shallowRef, type Ref, type ShallowRef } from 'vue';

import { ApiError } from '@/api';

import { fieldTexts } from './refusals';
import { errorText } from './toasts';

/** The sending of a form. */
export interface Submission {
  readonly busy: Ref<boolean>;
  /** What the server says of single fields. */
  readonly fields: ShallowRef<Record<string, string[]>>;
  /** What went wrong otherwise; null while nothing did. */
  readonly failure: Ref<string | null>;
  /**
   * Does `work`, once at a time; resolves with whether it succeeded. What was written stays, and the first field that the
   * server refuses gets the focus.
   */
  submit(work: () => Promise<unknown>): Promise<boolean>;
}

/** `form`: the element that holds the fields; without one everything that goes wrong is in `failure`. */
export function useSubmission(form?: Readonly<Ref<HTMLElement | null>>): Submission {
  const busy = ref(false);
  const fields = shallowRef<Record<string, string[]>>({});
  const failure = ref<string | null>(null);

  async function take(error: unknown): Promise<void> {
    const isOfFields = form && error instanceof ApiError && Object.keys(error.fields).length > 0;
    if (isOfFields) fields.value = fieldTexts(error.fields);
    else failure.value = errorText(error);
    await nextTick();
    form?.value?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }

  async function submit(work: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    fields.value = {};
    failure.value = null;
    try {
      await work();
      return true;
    } catch (error) {
      await take(error);
      return false;
    } finally {
      busy.value = false;
    }
  }

  return { busy, fields, failure, submit };
}
