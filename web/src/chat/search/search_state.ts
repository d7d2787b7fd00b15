import { computed, reactive, ref } from 'vue';

import { signals } from '@/live/signals';

/** What is looked for; null or false is no limit. */
export interface SearchQuery {
  text: string;
  /** In this conversation alone. */
  conversationId: number | null;
  /** Messages of this sender alone. */
  from: number | null;
  /** Messages with attachments alone. */
  withAttachment: boolean;
}

const nothing: SearchQuery = { text: '', conversationId: null, from: null, withAttachment: false };

/** What the search field and its filters say, kept while one looks at what was found. */
export const searchQuery = reactive<SearchQuery>({ ...nothing });

/** Whether the search has been called for although nothing is written in it yet. */
export const searchIsOpen = ref(false);

/** Whether results are shown in place of the conversations. */
export const isSearching = computed(
  () =>
    searchIsOpen.value ||
    searchQuery.text.trim() !== '' ||
    searchQuery.conversationId !== null ||
    searchQuery.from !== null ||
    searchQuery.withAttachment,
);

/** Grows whenever the search field should take the focus. */
export const focusRequests = ref(0);

/** Goes to the search field; `conversationId`: to look for something in that conversation. */
export function openSearch(conversationId?: number): void {
  if (conversationId !== undefined) Object.assign(searchQuery, { ...nothing, conversationId });
  searchIsOpen.value = true;
  focusRequests.value += 1;
}

/** Forgets what was looked for and shows the conversations again. */
export function leaveSearch(): void {
  Object.assign(searchQuery, nothing);
  searchIsOpen.value = false;
}

signals.sessionEnded.listen(leaveSearch);
