import { shallowReactive } from 'vue';

import { api } from '@/api';
import type { Colleague, Page } from '@/api/types';
import { signals } from '@/live/signals';

const pageSize = 50;

/** By person: when they were seen last, as far as it is known. */
const lastSeen = shallowReactive(new Map<number, string>());
const asked = new Set<number>();

/** Which colleagues to list: whose name or e-mail has `search` in it, of one company or of all. */
export interface PeopleQuery {
  search: string;
  companyId?: number | undefined;
  limit?: number;
}

/** A page of one's colleagues, by id; oneself may be among them. */
export async function listPeople(
  { search, companyId, limit = pageSize }: PeopleQuery,
  cursor?: string,
  signal?: AbortSignal,
): Promise<Page<Colleague>> {
  const text = search.trim();
  const query = { search: text === '' ? undefined : text, company_id: companyId, limit, cursor };
  const page = await api.get<Page<Colleague>>('/api/users', query, signal);
  page.data.forEach(({ id, last_seen_at: moment }) => moment && lastSeen.set(id, moment));
  return page;
}

/** When a person was online last; null while that is not known. */
export const lastSeenOf = (userId: number): string | null => lastSeen.get(userId) ?? null;

/** Asks, once, when a person was online last. Without an answer it stays unknown until the next time. */
export async function askLastSeen(person: { id: number; name: string }): Promise<void> {
  if (lastSeen.has(person.id) || asked.has(person.id)) return;
  asked.add(person.id);
  await listPeople({ search: person.name }).catch(() => asked.delete(person.id));
}

signals.online.listen(({ kind, userIds }) => {
  const now = new Date().toISOString();
  if (kind === 'left') userIds.forEach((id) => lastSeen.set(id, now));
});
signals.sessionEnded.listen(() => {
  lastSeen.clear();
  asked.clear();
});
