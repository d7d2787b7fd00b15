import { api } from '@/api';
import { session } from '@/api/session';
import type { Conversation } from '@/api/types';
import { signals } from '@/live/signals';
import { companies } from '@/state/companies';
import { conversations, putConversation, reloadConversation } from '@/state/conversations';
import { listPeople } from '@/state/people';
import { serverConfig } from '@/state/server_config';

const path = '/api/chat/conversations';

/** The company that new conversations belong to unless one says otherwise; undefined while companies are unknown. */
export function defaultCompanyId(): number | undefined {
  const home = companies.value.find(({ id }) => id === serverConfig().home_company_id);
  return (home ?? companies.value[0])?.id;
}

/** The direct conversation with `person`; made if there is none. Of one company, or of any that one shares with them. */
export async function openDirect(person: { id: number; name: string }, companyId?: number): Promise<Conversation> {
  const known = conversations.value.find(
    ({ type, other, company_id }) =>
      type === 'direct' && other?.id === person.id && (companyId === undefined || companyId === company_id),
  );
  if (known) return known;
  const company_id = companyId ?? (await sharedCompanyId(person));
  return putConversation(await api.post<Conversation>(path, { type: 'direct', user_id: person.id, company_id }));
}

async function sharedCompanyId(person: { id: number; name: string }): Promise<number | undefined> {
  const first = defaultCompanyId();
  const ids = companies.value.map(({ id }) => id).sort((a, b) => Number(b === first) - Number(a === first));
  if (ids.length < 2) return first;
  for (const companyId of ids) {
    const page = await listPeople({ search: person.name, companyId });
    if (page.data.some(({ id }) => id === person.id)) return companyId;
  }
  return first;
}

export async function createGroup(title: string, userIds: number[], companyId?: number): Promise<Conversation> {
  const group = { type: 'group', title: title.trim(), user_ids: userIds, company_id: companyId };
  return putConversation(await api.post<Conversation>(path, group));
}

export async function renameGroup(id: number, title: string): Promise<void> {
  putConversation(await api.patch<Conversation>(`${path}/${id}`, { title: title.trim() }));
}

export async function setMuted(id: number, muted: boolean): Promise<void> {
  putConversation(await api.patch<Conversation>(`${path}/${id}`, { muted }));
}

export async function addPeople(id: number, userIds: number[]): Promise<void> {
  putConversation(await api.post<Conversation>(`${path}/${id}/participants`, { user_ids: userIds }));
}

export async function removePerson(id: number, userId: number): Promise<void> {
  await api.delete(`${path}/${id}/participants/${userId}`);
  await reloadConversation(id);
}

/** Leaves a group: it is gone from everything that this app shows. */
export async function leaveGroup(id: number): Promise<void> {
  await api.delete(`${path}/${id}/participants/${session.value?.user.id}`);
  signals.conversationLeft.tell({ conversation_id: id });
}

/** Whether one may take others out of the group: its creator, and the owners and admins of its company. */
export function mayRemove(conversation: Conversation): boolean {
  const role = companies.value.find(({ id }) => id === conversation.company_id)?.role;
  return conversation.creator_id === session.value?.user.id || role === 'owner' || role === 'admin';
}
