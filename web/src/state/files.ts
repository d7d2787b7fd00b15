import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';

import { api } from '@/api';
import { signals } from '@/live/signals';

/** So many files that nobody shows are kept, so that scrolling back shows them at once. */
const idleFilesMax = 150;
/** Files that are larger, in bytes, are not kept when nobody shows them. */
const idleFileBytesMax = 2_000_000;

interface KeptFile {
  /** What shows it; null while it is on its way. */
  url: string | null;
  loading: Promise<string>;
  bytes: number;
  users: number;
}

/** By path, the one that was given back last at the end. */
const files = new Map<string, KeptFile>();

async function load(path: string, file: KeptFile): Promise<string> {
  const blob = await api.blob(path);
  if (files.get(path) !== file) throw new DOMException('No longer wanted', 'AbortError');
  file.bytes = blob.size;
  file.url = URL.createObjectURL(blob);
  return file.url;
}

function newFile(path: string): KeptFile {
  const file: KeptFile = { url: null, bytes: 0, users: 0, loading: Promise.resolve('') };
  file.loading = load(path, file);
  // Whoever uses it hears of it; the next one asks again.
  file.loading.catch(() => files.get(path) === file && files.delete(path));
  return file;
}

function take(path: string): KeptFile {
  let file = files.get(path);
  if (!file) {
    file = newFile(path);
    files.set(path, file);
  }
  file.users += 1;
  return file;
}

function giveBack(path: string, file: KeptFile): void {
  file.users -= 1;
  // One that has been forgotten while it was shown does not come back.
  if (file.users > 0 || files.get(path) !== file) return;
  files.delete(path);
  // On its way, it is not kept when it comes.
  if (file.url === null) return;
  if (file.bytes <= idleFileBytesMax) files.set(path, file);
  else URL.revokeObjectURL(file.url);
  dropOldest();
}

function dropOldest(): void {
  let tooMany = [...files.values()].filter((file) => file.users === 0).length - idleFilesMax;
  for (const [path, file] of files) {
    if (tooMany <= 0) return;
    if (file.users > 0) continue;
    forget(path, file);
    tooMany -= 1;
  }
}

function forget(path: string, file: KeptFile): void {
  files.delete(path);
  if (file.url !== null) URL.revokeObjectURL(file.url);
}

/** A file of the server as something that an element can show. */
export interface ShownFile {
  /** The address of its bytes in this browser; null until they are there. */
  url: Readonly<ShallowRef<string | null>>;
  /** Why the bytes could not be had; null otherwise. */
  failure: Readonly<ShallowRef<unknown>>;
  /** Asks for them again. */
  retry: () => void;
}

/**
 * The file at the path that `wanted` gives, which only requests with the token may have; nothing for null. It is kept as
 * long as the component that has called this, and a while longer. What has failed is asked for again when the connection
 * is back.
 */
export function useFile(wanted: () => string | null): ShownFile {
  const url = shallowRef<string | null>(null);
  const failure = shallowRef<unknown>(null);
  let release = () => {};

  function show(path: string | null): void {
    release();
    release = () => {};
    url.value = null;
    failure.value = null;
    if (path === null) return;
    const file = take(path);
    release = () => giveBack(path, file);
    url.value = file.url;
    if (file.url !== null) return;
    const mine = release;
    file.loading.then(
      (address) => mine === release && (url.value = address),
      (error: unknown) => mine === release && (failure.value = error),
    );
  }

  watch(wanted, show, { immediate: true });
  const endListening = signals.caughtUp.listen(() => failure.value !== null && show(wanted()));
  onScopeDispose(() => {
    endListening();
    release();
  });
  return { url, failure, retry: () => show(wanted()) };
}

/** Keeps `blob` as the file at `path`, because it is known to be that. */
export function keepFile(path: string, blob: Blob): void {
  if (files.has(path)) return;
  const url = URL.createObjectURL(blob);
  files.set(path, { url, bytes: blob.size, users: 0, loading: Promise.resolve(url) });
  dropOldest();
}

/** How long a saved file stays in memory for the browser to write it, in milliseconds. */
const saveTime = 60_000;

/** Downloads the file at `path` under its own name. */
export async function saveFile(path: string, name: string): Promise<void> {
  const url = URL.createObjectURL(await api.blob(path));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), saveTime);
}

signals.sessionEnded.listen(() => files.forEach((file, path) => forget(path, file)));
