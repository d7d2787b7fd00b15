import { shallowReactive } from 'vue';

import { signals } from '@/live/signals';

/** By company: its people who are online now. */
const byCompany = new Map<number, Set<number>>();
/** By person: in how many companies they are online. Whoever shows one person hears of that one alone. */
const companiesOf = shallowReactive(new Map<number, number>());
const counts = shallowReactive(new Map<number, number>());

function join(people: Set<number>, userId: number): void {
  if (people.has(userId)) return;
  people.add(userId);
  companiesOf.set(userId, (companiesOf.get(userId) ?? 0) + 1);
}

function leave(people: Set<number>, userId: number): void {
  if (!people.delete(userId)) return;
  const left = (companiesOf.get(userId) ?? 1) - 1;
  if (left > 0) companiesOf.set(userId, left);
  else companiesOf.delete(userId);
}

signals.online.listen(({ companyId, kind, userIds }) => {
  const people = byCompany.get(companyId) ?? new Set();
  byCompany.set(companyId, people);
  if (kind === 'here') {
    const here = new Set(userIds);
    for (const id of [...people]) if (!here.has(id)) leave(people, id);
  }
  for (const id of userIds) kind === 'left' ? leave(people, id) : join(people, id);
  counts.set(companyId, people.size);
});
signals.sessionEnded.listen(() => [byCompany, companiesOf, counts].forEach((map) => map.clear()));

/** Whether a colleague is online, in whichever company. */
export const isOnline = (userId: number): boolean => companiesOf.has(userId);

/** How many people of a company are online. */
export const onlineCount = (companyId: number): number => counts.get(companyId) ?? 0;
