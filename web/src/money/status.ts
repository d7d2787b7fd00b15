import { t } from '@/i18n';
import type { MoneyTransaction } from '@/api/types';
import type { IconName } from '@/ui/icons';

/** How a movement's status is shown: the props of `StatusTag`. */
export interface ShownStatus {
  icon: IconName;
  text: string;
  tone: 'good' | 'waiting' | 'bad' | 'plain';
}

export function shownStatus(status: MoneyTransaction['status']): ShownStatus {
  switch (status) {
    case 'completed':
      return { icon: 'check', text: t('money.status_completed'), tone: 'good' };
    case 'pending':
      return { icon: 'clock', text: t('money.status_pending'), tone: 'waiting' };
    case 'processed':
      return { icon: 'checks', text: t('money.status_processed'), tone: 'good' };
    case 'rejected':
      return { icon: 'block', text: t('money.status_rejected'), tone: 'bad' };
  }
}
