import { computed, shallowRef } from 'vue';

import { en } from './en';
import type { later } from './en/later';
import { translate, type Entry, type Parameters } from './translate';

export type Key = keyof typeof en | keyof typeof later;
export type Messages = Record<Key, Entry>;

/** English as far as it is loaded. */
const english = { ...en } as Messages;
let loadingLater: Promise<void> | null = null;

/** Loads what English lacks at first. Screens whose texts are in `en/later.ts` are shown after that. */
export function loadLaterTexts(): Promise<void> {
  loadingLater ??= import('./en/later').then(
    ({ later: texts }) => void Object.assign(english, texts),
    (error: unknown) => {
      loadingLater = null;
      throw error;
    },
  );
  return loadingLater;
}

interface Language {
  /** As its own speakers call it. */
  name: string;
  direction: 'ltr' | 'rtl';
  load: () => Promise<Messages>;
}

/** To add a language: a folder beside `en` with the same files, and a line here. */
export const languages = {
  en: { name: 'English', direction: 'ltr', load: async () => english },
  ar: { name: 'العربية', direction: 'rtl', load: async () => (await import('./ar')).ar },
} as const satisfies Record<string, Language>;

export type LanguageCode = keyof typeof languages;

/** `tag`: the language as `Intl` takes it. */
const current = shallowRef<{ code: LanguageCode; tag: string; messages: Messages }>({
  code: 'en',
  tag: 'en',
  messages: english,
});

/** The language in use. */
export const language = computed<LanguageCode>(() => current.value.code);

/** The language in use as `Intl` takes it: with the browser's own region, so that times and numbers are as people know them. */
export const locale = computed(() => current.value.tag);
export const direction = computed(() => languages[current.value.code].direction);

/** The text `key` in the language in use; `parameters` fill its `{name}` places, `count` chooses a plural. */
export function t(key: Key, parameters: Parameters = {}): string {
  return translate(current.value.messages[key], parameters, current.value.tag);
}

/** Whether there is a text of that name. */
export const isKey = (name: string): name is Key => name in english;

/** Grows with each language that is wanted. */
let wishes = 0;

/**
 * Shows everything in `code` from now on, unless another language is wanted before its texts are there. Rejects when they
 * cannot be loaded, and changes nothing then.
 */
export async function useLanguage(code: LanguageCode): Promise<void> {
  const wish = ++wishes;
  const messages = await languages[code].load();
  if (wish !== wishes) return;
  current.value = { code, tag: regionalTag(code, navigator.languages), messages };
  document.documentElement.lang = code;
  document.documentElement.dir = languages[code].direction;
}

const baseOf = (tag: string): string => tag.split('-')[0]!.toLowerCase();

/** The first of `wanted` that is a kind of language `code`, else `code` itself. */
export const regionalTag = (code: LanguageCode, wanted: readonly string[]): string =>
  wanted.find((tag) => baseOf(tag) === code) ?? code;

/** The first language of the browser that we speak; else English. */
export function preferredLanguage(): LanguageCode {
  const wanted = navigator.languages.map(baseOf);
  return (wanted.find((code) => code in languages) as LanguageCode | undefined) ?? 'en';
}
