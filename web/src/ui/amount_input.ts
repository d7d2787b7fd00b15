import { computed, ref } from 'vue';

import { locale, t } from '@/i18n';
import { amountToWrite, readAmount, type AmountFault } from '@/i18n/amounts';
import { moneyText } from '@/i18n/formats';

/** What an amount must be, in minor units of `currency`. */
export interface AmountRule {
  currency: string;
  least: number;
  most: number;
}

/** An amount that a person is writing. */
export class AmountInput {
  readonly text = ref('');
  /** Whether the person has done with it, so that what is wrong is said. */
  readonly isDone = ref(false);

  /** In minor units; null while what is written is no amount that the rule allows. */
  readonly minor = computed(() => ('minor' in this.read.value ? this.read.value.minor : null));

  /** What is wrong, for people; empty while nothing is. */
  readonly faults = computed(() => {
    const read = this.read.value;
    return 'fault' in read ? [this.describe(read.fault)] : [];
  });

  private readonly read = computed(() => {
    const { currency, least, most } = this.rule();
    const read = readAmount(this.text.value, currency, locale.value, most);
    return 'minor' in read && read.minor < least ? { fault: 'too_small' as const } : read;
  });

  /** `rule` may change while the person writes. `beginning`: in minor units. */
  constructor(
    readonly rule: () => AmountRule,
    beginning?: number,
  ) {
    if (beginning !== undefined) this.text.value = amountToWrite(beginning, rule().currency, locale.value);
  }

  private describe(fault: AmountFault | 'too_small'): string {
    const { currency, least, most } = this.rule();
    switch (fault) {
      case 'unreadable':
        return t('money.amount_unreadable', { example: amountToWrite(123_456, currency, locale.value) });
      case 'too_precise':
        return t('money.amount_too_precise', { least: moneyText(1, currency) });
      case 'too_large':
        return t('money.amount_too_large', { most: moneyText(most, currency) });
      case 'too_small':
        return t('money.amount_too_small', { least: moneyText(least, currency) });
    }
  }
}
