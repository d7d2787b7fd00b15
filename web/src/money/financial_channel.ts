import type { Account, MoneyTransaction } from '@/api/types';
import { t, type Key } from '@/i18n';
import { moneyText } from '@/i18n/formats';
import { live } from '@/live';
import { account, refreshMoney, takeAccount, takeTransaction } from '@/state/money';
import { serverConfig } from '@/state/server_config';
import { toast } from '@/state/toasts';

/** What the events of a movement tell. */
interface Moved {
  transaction: MoneyTransaction;
  balance: number;
}

/** Hears what happens to the money of user `me` until the returned function is called. */
export function hearMoney(me: number): () => void {
  const echo = live();
  const name = `financial.${me}`;
  const hear =
    (text: Key) =>
    ({ transaction }: Moved): void => {
      const currency = account.value?.currency ?? serverConfig().money.currency;
      if (takeTransaction(transaction)) toast(t(text, { amount: moneyText(transaction.amount, currency) }));
    };
  echo
    .private(name)
    .listen('DepositCompleted', hear('money.heard_deposit'))
    .listen('WithdrawalProcessed', hear('money.heard_processed'))
    .listen('WithdrawalRejected', hear('money.heard_rejected'))
    .listen('BalanceUpdated', (now: Account) => takeAccount(now))
    // Each time: what happened between an answer and this moment was not heard.
    .subscribed(() => void refreshMoney());
  return () => echo.leave(name);
}
