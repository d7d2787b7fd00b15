import { reactive } from 'vue';

import { ApiError, isAbort, NetworkError } from '@/api';
import { t } from '@/i18n';

import { refusalText } from './refusals';

export interface Toast {
  id: number;
  text: string;
  kind: 'info' | 'error';
}

/** How long a toast stays, in milliseconds. */
const duration = 6_000;
/** So many are shown at the same time; a newer one takes the place of the oldest. */
const shownMax = 3;

export const toasts = reactive<Toast[]>([]);
let lastId = 0;

/** Says something short at the edge of the screen, also to screen readers. */
export function toast(text: string, kind: Toast['kind'] = 'info'): void {
  // The same once more stays longer, and is not said twice.
  const same = toasts.find((shown) => shown.text === text && shown.kind === kind);
  if (same) dismissToast(same.id);
  const id = ++lastId;
  toasts.push({ id, text, kind });
  if (toasts.length > shownMax) toasts.shift();
  setTimeout(() => dismissToast(id), duration);
}

export function dismissToast(id: number): void {
  const at = toasts.findIndex((shown) => shown.id === id);
  if (at >= 0) toasts.splice(at, 1);
}

/** What to tell people of an error, in the language in use. */
export function errorText(error: unknown): string {
  if (error instanceof NetworkError) return t('error.offline');
  return error instanceof ApiError ? refusalText(error) : t('error.unknown');
}

/** Tells of an error, unless it is none but something that was ended on purpose. */
export function toastError(error: unknown): void {
  if (!isAbort(error)) toast(errorText(error), 'error');
}
