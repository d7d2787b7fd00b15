import { serverConfig } from '@/state/server_config';
import { AmountInput } from '@/ui/amount_input';

/** A budget that a person is writing. `beginning`: what it is now, in minor units. */
export const budgetInput = (currency: string, beginning?: number): AmountInput =>
  new AmountInput(() => ({ currency, least: 0, most: serverConfig().money.max_amount }), beginning);
