import { ref, shallowRef } from 'vue';

import { api, ApiError } from '@/api';
import type { Campaign, CampaignRow, Page } from '@/api/types';
import { signals } from '@/live/signals';

import { LiveList } from './live_list';

export type CampaignStatus = CampaignRow['status'];

/** What live events tell of a campaign: all but its people. */
export type CampaignFacts = Pick<
  Campaign,
  'id' | 'company_id' | 'name' | 'status' | 'budget' | 'currency' | 'updated_at'
>;

/** Which campaigns a list has; null is every one. */
export interface CampaignFilter {
  companyId: number | null;
  status: CampaignStatus | null;
}

export interface NewCampaign {
  name: string;
  budget: number;
  company_id: number;
  user_ids: number[];
}

const lists = new Map<string, { filter: CampaignFilter; list: LiveList<CampaignRow> }>();

/** The campaigns that one sees, newest first; the same object for the same filter. */
export function campaignsOf(filter: CampaignFilter): LiveList<CampaignRow> {
  const key = `${filter.companyId} ${filter.status}`;
  const known = lists.get(key);
  if (known) return known.list;
  const list = new LiveList<CampaignRow>({
    order: 'newest_first',
    newerOf: (row, incoming) => (incoming.updated_at >= row.updated_at ? incoming : row),
    load: ({ limit, cursor }) =>
      api.get<Page<CampaignRow>>('/api/campaigns', {
        limit,
        cursor,
        company_id: filter.companyId ?? undefined,
        status: filter.status ?? undefined,
      }),
  });
  lists.set(key, { filter: { ...filter }, list });
  return list;
}

const matches = (row: CampaignRow, { companyId, status }: CampaignFilter): boolean =>
  (companyId ?? row.company_id) === row.company_id && (status ?? row.status) === row.status;

/** Shows a campaign as it is now in every list that it belongs to. */
function putIntoLists(row: CampaignRow): void {
  for (const { filter, list } of lists.values()) {
    if (matches(row, filter)) list.put(row);
    else list.remove(row.id);
  }
}

function removeFromLists(id: number): void {
  for (const { list } of lists.values()) list.remove(id);
}

export async function createCampaign(campaign: NewCampaign): Promise<Campaign> {
  const made = await api.post<Campaign>('/api/campaigns', campaign);
  putIntoLists(made);
  return made;
}

/** `campaign` with what an event tells of it; itself when it knows something newer. */
export const withFacts = (campaign: Campaign, facts: CampaignFacts): Campaign =>
  facts.updated_at < campaign.updated_at ? campaign : { ...campaign, ...facts };

const factsOf = ({ id, company_id, name, status, budget, currency, updated_at }: Campaign): CampaignFacts => ({
  id,
  company_id,
  name,
  status,
  budget,
  currency,
  updated_at,
});

/** One campaign as long as it is looked at. Changes reject with what the server refuses. */
export class OpenCampaign {
  readonly campaign = shallowRef<Campaign | null>(null);
  /** Why the last attempt to load has failed; null after a success. */
  readonly failure = shallowRef<unknown>(null);
  /** There is none with this id, or one may not see it any more. */
  readonly isGone = ref(false);

  private readonly path: string;

  constructor(readonly id: number) {
    this.path = `/api/campaigns/${id}`;
  }

  /** Never rejects: `failure` and `isGone` tell. */
  async load(): Promise<void> {
    try {
      const answer = await api.get<Campaign>(this.path);
      // An event that came while the answer was on its way knows more than it, but not of people.
      this.take(this.campaign.value ? withFacts(answer, factsOf(this.campaign.value)) : answer);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) this.takeGone();
      else this.failure.value = error;
    }
  }

  takeFacts(facts: CampaignFacts): void {
    if (!this.campaign.value) return;
    this.campaign.value = withFacts(this.campaign.value, facts);
    putIntoLists(this.campaign.value);
  }

  takeGone(): void {
    this.isGone.value = true;
    removeFromLists(this.id);
  }

  async rename(name: string): Promise<void> {
    this.take(await api.patch<Campaign>(this.path, { name }));
  }

  /** `budget` in minor units. */
  async changeBudget(budget: number): Promise<void> {
    this.take(await api.put<Campaign>(`${this.path}/budget`, { budget }));
  }

  async activate(): Promise<void> {
    this.take(await api.post<Campaign>(`${this.path}/activate`));
  }

  async deactivate(): Promise<void> {
    this.take(await api.post<Campaign>(`${this.path}/deactivate`));
  }

  async addMembers(userIds: number[]): Promise<void> {
    this.take(await api.post<Campaign>(`${this.path}/members`, { user_ids: userIds }));
  }

  /** With one's own id: leaves. `andSight`: whether the campaign cannot be seen afterwards. */
  async removeMember(userId: number, andSight = false): Promise<void> {
    await api.delete(`${this.path}/members/${userId}`);
    if (andSight) this.takeGone();
    else await this.load();
  }

  private take(campaign: Campaign): void {
    this.campaign.value = campaign;
    this.failure.value = null;
    this.isGone.value = false;
    putIntoLists(campaign);
  }
}

signals.sessionEnded.listen(() => {
  for (const { list } of lists.values()) list.clear();
  lists.clear();
});
