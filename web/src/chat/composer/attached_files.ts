import type { Composing } from '@/state/composing';
import { sizeText } from '@/i18n/formats';
import { t } from '@/i18n';
import { serverConfig } from '@/state/server_config';
import { toast } from '@/state/toasts';
import { uploadOf } from '@/state/uploads';

import { chooseFiles, type FileComplaint } from './limits';

let lastKey = 0;
const keys = new WeakMap<File, number>();

/** The same for a file as long as it lives: two may have the same name. */
export function keyOf(file: File): number {
  if (!keys.has(file)) keys.set(file, ++lastKey);
  return keys.get(file)!;
}

/** Attaches what may be attached, says why something may not, and begins the uploads. */
export function attachFiles(composing: Composing, added: readonly File[]): void {
  if (composing.editing) return toast(t('composer.no_files_in_edit'), 'error');
  const { accepted, complaints } = chooseFiles(composing.files.length, added, serverConfig().limits);
  for (const complaint of complaints) toast(complaintText(complaint), 'error');
  if (accepted.length === 0) return;
  composing.files = [...composing.files, ...accepted];
  accepted.forEach(beginUpload);
}

/** Takes a file away again. */
export function detachFile(composing: Composing, file: File): void {
  composing.files = composing.files.filter((other) => other !== file);
  uploadOf(file, file.name).cancel();
}

function beginUpload(file: File): void {
  if (!navigator.onLine) return;
  // A failure for now is made good by the outbox; a refusal is shown with the file.
  void uploadOf(file, file.name)
    .start()
    .catch(() => undefined);
}

function complaintText(complaint: FileComplaint): string {
  const limits = serverConfig().limits;
  switch (complaint.kind) {
    case 'too_many':
      return t('composer.too_many_files', { count: limits.attachments_per_message });
    case 'too_large':
      return t('composer.file_too_large', { name: complaint.name, size: sizeText(limits.attachment_bytes) });
    case 'empty':
      return t('composer.file_empty', { name: complaint.name });
  }
}

/** The files of a paste or a drop; folders are left out, and that is said. */
export function filesOf(transfer: DataTransfer | null): File[] {
  const files: File[] = [];
  for (const item of transfer?.items ?? []) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry?.();
    const file = item.getAsFile();
    if (entry?.isDirectory) toast(t('composer.folder', { name: entry.name }), 'error');
    else if (file) files.push(file);
  }
  return files;
}
