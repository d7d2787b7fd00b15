import { shallowRef } from 'vue';

import { api } from '@/api';
import { listAll } from '@/api/pages';
import type { Person } from '@/api/types';
import { signals } from '@/live/signals';

type BlockedPerson = Pick<Person, 'id' | 'name'>;

/** Whom one has blocked; null until it has been loaded. */
export const blockedPeople = shallowRef<readonly BlockedPerson[] | null>(null);

export async function loadBlockedPeople(): Promise<void> {
  blockedPeople.value = await listAll<BlockedPerson>(api, '/api/blocks');
}

export const isBlocked = (userId: number): boolean => blockedPeople.value?.some(({ id }) => id === userId) ?? false;

/** Blocks somebody: they can neither begin a direct conversation with one nor write in it. */
export async function blockPerson({ id, name }: BlockedPerson): Promise<void> {
  await api.put(`/api/users/${id}/block`);
  // They are blocked, whether or not the list can be had.
  if (!blockedPeople.value) await loadBlockedPeople().catch(() => undefined);
  else if (!isBlocked(id)) blockedPeople.value = [...blockedPeople.value, { id, name }];
}

export async function unblockPerson(userId: number): Promise<void> {
  await api.delete(`/api/users/${userId}/block`);
  blockedPeople.value = blockedPeople.value?.filter(({ id }) => id !== userId) ?? null;
}

signals.sessionEnded.listen(() => (blockedPeople.value = null));
