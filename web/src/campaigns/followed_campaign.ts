import { computed, onBeforeUnmount, onMounted, reactive, ref, shallowRef, type ComputedRef, type Ref } from 'vue';

import { t } from '@/i18n';
import { moneyText } from '@/i18n/formats';
import { OpenCampaign, type CampaignFacts } from '@/state/campaigns';
import { useRefreshing } from '@/state/refreshing';

import { hearCampaign, type PresentPerson } from './campaign_channel';

// The channel tells everything while it is there; this is for what stands between us and it.
const refreshInterval = 60_000;

/** What of a campaign others can change while one looks at it. */
export type LivePart = 'name' | 'status' | 'budget' | 'members';

/** A campaign that is followed while a component is mounted. */
export interface FollowedCampaign {
  readonly open: OpenCampaign;
  /** Who looks at it now, by name. */
  readonly present: ComputedRef<readonly PresentPerson[]>;
  /** How often others have changed each part: a new number asks for a moment's attention. */
  readonly changes: Readonly<Record<LivePart, number>>;
  /** What others have changed last, in words for screen readers. */
  readonly news: Ref<string>;
  /** Tries again what has failed. */
  readonly retry: () => void;
}

/** Loads campaign `id` and keeps it as it is on the server as long as the calling component is mounted. */
export function useCampaign(id: number): FollowedCampaign {
  const open = new OpenCampaign(id);
  const people = shallowRef<readonly PresentPerson[]>([]);
  const present = computed(() => [...people.value].sort((a, b) => a.name.localeCompare(b.name) || a.id - b.id));
  const changes = reactive({ name: 0, status: 0, budget: 0, members: 0 });
  const news = ref('');
  let endHearing: (() => void) | undefined;
  let isMounted = true;

  function tell(part: LivePart, text: string): void {
    changes[part] += 1;
    news.value = text;
  }

  /** The parts that have an event of their own are told of by that. */
  function takeUpdate(facts: CampaignFacts, changed: string[]): void {
    const isNews = facts.updated_at >= (open.campaign.value?.updated_at ?? '');
    open.takeFacts(facts);
    if (isNews && changed.includes('name')) tell('name', t('campaigns.heard_name', { name: facts.name }));
    if (changed.includes('members')) {
      tell('members', t('campaigns.heard_members'));
      void open.load();
    }
  }

  function tellBudget(before: number, after: number): void {
    const { currency } = open.campaign.value!;
    const amounts = { before: moneyText(before, currency), after: moneyText(after, currency) };
    tell('budget', t('campaigns.heard_budget', amounts));
  }

  const without = (id: number) => people.value.filter((person) => Number(person.id) !== Number(id));

  function hear(): void {
    endHearing = hearCampaign(id, {
      subscribed: () => void open.load(),
      refused: () => open.takeGone(),
      updated: takeUpdate,
      budgetChanged: tellBudget,
      activated: () => tell('status', t('campaigns.heard_activated')),
      deactivated: () => tell('status', t('campaigns.heard_deactivated')),
      here: (now) => (people.value = now),
      joined: (person) => (people.value = [...without(person.id), person]),
      left: (person) => (people.value = without(person.id)),
    });
  }

  /** Who may not see a campaign is not asked to be let into its channels. */
  async function load(): Promise<void> {
    await open.load();
    if (isMounted && !endHearing && open.campaign.value && !open.isGone.value) hear();
  }

  onMounted(() => void load());
  onBeforeUnmount(() => {
    isMounted = false;
    endHearing?.();
  });
  useRefreshing(() => void load(), refreshInterval);
  return { open, present, changes, news, retry: () => void load() };
}
