import { t } from '@/i18n';
import type { CampaignStatus } from '@/state/campaigns';
import type { IconName } from '@/ui/icons';

export const campaignStatuses: readonly CampaignStatus[] = ['draft', 'active', 'inactive'];

export const statusText = (status: CampaignStatus): string => t(`campaigns.status_${status}`);

const pictures = {
  draft: { icon: 'edit', tone: 'plain' },
  active: { icon: 'check', tone: 'good' },
  inactive: { icon: 'block', tone: 'waiting' },
} as const;

/** How a campaign's status is shown: the props of `StatusTag`. */
export const shownStatus = (
  status: CampaignStatus,
): { icon: IconName; text: string; tone: 'plain' | 'good' | 'waiting' } => ({
  ...pictures[status],
  text: statusText(status),
});
