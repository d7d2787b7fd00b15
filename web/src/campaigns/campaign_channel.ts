import { live } from '@/live';
import type { CampaignFacts } from '@/state/campaigns';

/** Somebody who looks at a campaign now. */
export interface PresentPerson {
  id: number;
  name: string;
}

/** What is told of a campaign while it is listened to. Events may be told twice. */
export interface CampaignListener {
  /** Everything is heard from now on: what was loaded before may be old. Also when the connection is back. */
  subscribed(): void;
  /** One may not see the campaign any more. */
  refused(): void;
  updated(facts: CampaignFacts, changed: string[]): void;
  budgetChanged(before: number, after: number): void;
  activated(): void;
  deactivated(): void;
  here(people: PresentPerson[]): void;
  joined(person: PresentPerson): void;
  left(person: PresentPerson): void;
}

/** Listens to campaign `id`, and is present on it, until the returned function is called. */
export function hearCampaign(id: number, listener: CampaignListener): () => void {
  const echo = live();
  const name = `campaign.${id}`;
  echo
    .private(name)
    .listen('CampaignUpdated', ({ campaign, changed }: { campaign: CampaignFacts; changed: string[] }) =>
      listener.updated(campaign, changed),
    )
    .listen('BudgetChanged', ({ old_budget, budget }: { old_budget: number; budget: number }) =>
      listener.budgetChanged(old_budget, budget),
    )
    .listen('CampaignActivated', () => listener.activated())
    .listen('CampaignDeactivated', () => listener.deactivated())
    .subscribed(() => listener.subscribed())
    .error(({ status }: { status?: number }) => {
      if (status === 403) listener.refused();
    });
  echo
    .join(name)
    .here((people: PresentPerson[]) => listener.here(people))
    .joining((person: PresentPerson) => listener.joined(person))
    .leaving((person: PresentPerson) => listener.left(person));
  return () => echo.leave(name);
}
