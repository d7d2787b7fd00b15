import { shallowRef } from 'vue';

import { api } from '@/api';
import { listAll } from '@/api/pages';
import type { Company } from '@/api/types';
import { signals } from '@/live/signals';

/** The companies of the signed-in user. */
export const companies = shallowRef<readonly Company[]>([]);

export async function loadCompanies(): Promise<void> {
  companies.value = await listAll<Company>(api, '/api/companies');
}

/** Shows what was known when the app was open last, unless the server has answered before. */
export function showKnownCompanies(known: readonly Company[]): void {
  if (companies.value.length === 0) companies.value = known;
}

/** Without an answer what is known stays: the next catching up asks again. */
const loadQuietly = () => void loadCompanies().catch(() => undefined);

const isGeneralRoom = (conversationId: number): boolean =>
  companies.value.some(({ general_conversation_id }) => general_conversation_id === conversationId);

// A membership shows as taking part in the company's general room.
signals.conversationUpdated.listen(({ conversation_id, changed }) => {
  if (changed.includes('participants') && !isGeneralRoom(conversation_id)) loadQuietly();
});
signals.conversationLeft.listen(({ conversation_id }) => {
  if (isGeneralRoom(conversation_id)) loadQuietly();
});
signals.caughtUp.listen(({ first }) => {
  if (!first) loadQuietly();
});
signals.reset.listen(loadQuietly);
signals.sessionEnded.listen(() => (companies.value = []));
