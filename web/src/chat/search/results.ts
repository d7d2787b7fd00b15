import { computed, onScopeDispose, ref, watch } from 'vue';

import { api } from '@/api';
import { session } from '@/api/session';
import type { Colleague, Page, SearchHit } from '@/api/types';
import { PagedList } from '@/state/paged_list';
import { listPeople } from '@/state/people';

import { searchQuery } from './search_state';

const peoplePageSize = 5;
const messagesPageSize = 20;
/** So long after the last key, in milliseconds, the server is asked. */
const pause = 250;

/** Whether there is something in it that messages are searched for: signs alone are refused. */
export const hasWord = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

/** What is found for the search field and its filters, as long as the component that calls it is there. */
export function useSearchResults() {
  const people = new PagedList<Colleague>((cursor, signal) =>
    listPeople({ search: searchQuery.text, limit: peoplePageSize }, cursor, signal),
  );
  const messages = new PagedList<SearchHit>((cursor, signal) =>
    api.get<Page<SearchHit>>(
      '/api/chat/search',
      {
        q: searchQuery.text.trim(),
        conversation_id: searchQuery.conversationId ?? undefined,
        from: searchQuery.from ?? undefined,
        has: searchQuery.withAttachment ? 'attachment' : undefined,
        limit: messagesPageSize,
        cursor,
      },
      signal,
    ),
  );
  /** Filters are about messages: with one of them nobody looks for people. */
  const wantsPeople = () =>
    searchQuery.conversationId === null && searchQuery.from === null && !searchQuery.withAttachment;
  /** Whether something has been written that the server has not been asked for yet. */
  const isWaiting = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function ask(): void {
    clearTimeout(timer);
    isWaiting.value = false;
    if (searchQuery.text.trim() === '') {
      people.clear();
      messages.clear();
      return;
    }
    if (hasWord(searchQuery.text)) void messages.begin();
    else messages.clear();
    if (wantsPeople()) void people.begin();
    else people.clear();
  }

  watch(
    () => searchQuery.text,
    () => {
      clearTimeout(timer);
      isWaiting.value = true;
      timer = setTimeout(ask, searchQuery.text.trim() === '' ? 0 : pause);
    },
  );
  watch(() => [searchQuery.conversationId, searchQuery.from, searchQuery.withAttachment], ask, { immediate: true });
  onScopeDispose(() => {
    clearTimeout(timer);
    people.clear();
    messages.clear();
  });

  const others = computed(() => people.rows.value.filter(({ id }) => id !== session.value?.user.id));
  return { people, messages, others, isWaiting };
}
