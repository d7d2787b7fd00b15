import { ref, shallowRef } from 'vue';

import { api, ApiError, NetworkError } from '@/api';
import { randomId } from '@/api/random_id';
import type { Account, MoneyMovement, MoneyTransaction, Page, Withdrawal } from '@/api/types';
import { signals } from '@/live/signals';

import { LiveList, type LiveListSource } from './live_list';

export type WithdrawalStatus = Withdrawal['status'];

/** The signed-in user's account; null before it is known. */
export const account = shallowRef<Account | null>(null);

/** Why the account could not be loaded; null after a success. */
export const accountFailure = shallowRef<unknown>(null);

// Refused before anything is done (HTTP status).
const tooManyRequests = 429;

/** A withdrawal is decided once: the state `pending` is the older one. */
const newerOf = <Row extends { status: string }>(known: Row, incoming: Row): Row =>
  incoming.status === 'pending' ? known : incoming;

/** The signed-in user's deposits and withdrawals. */
export const ledger = new LiveList<MoneyTransaction>({
  order: 'newest_first',
  newerOf,
  load: (query) => api.get<Page<MoneyTransaction>>('/api/financial/transactions', query),
});

const withdrawalsIn = (status: WithdrawalStatus, order: LiveListSource<Withdrawal>['order']) =>
  new LiveList<Withdrawal>({
    order,
    newerOf,
    load: (query) => api.get<Page<Withdrawal>>('/api/financial/withdrawals', { ...query, status }),
  });

/** Everybody's withdrawals, for those who decide them. What waits longest is the first to be decided. */
export const withdrawals: Readonly<Record<WithdrawalStatus, LiveList<Withdrawal>>> = {
  pending: withdrawalsIn('pending', 'oldest_first'),
  processed: withdrawalsIn('processed', 'newest_first'),
  rejected: withdrawalsIn('rejected', 'newest_first'),
};

/** How often something newer than an answer under way may have been told of the account. */
let accountChanges = 0;

function setAccount(now: Account): void {
  accountChanges += 1;
  account.value = now;
}

/** Never rejects: `accountFailure` tells. */
async function loadAccount(): Promise<void> {
  try {
    let before: number;
    let answer: Account;
    do {
      before = accountChanges;
      answer = await api.get<Account>('/api/financial/account');
    } while (before !== accountChanges);
    account.value = answer;
    accountFailure.value = null;
  } catch (error) {
    accountFailure.value = error;
  }
}

/** Looks at the account and the ledger anew. Never rejects. */
export async function refreshMoney(): Promise<void> {
  await Promise.all([loadAccount(), ledger.refresh()]);
}

/** The account as a live event tells it. */
export function takeAccount(now: Account): void {
  const heldMore = now.held > (account.value?.held ?? now.held);
  setAccount(now);
  // Of a new withdrawal nothing is told but the balance.
  if (heldMore) void ledger.refresh();
}

/** A movement as a live event tells it, perhaps again; whether it is news. */
export function takeTransaction(transaction: MoneyTransaction): boolean {
  const known = ledger.rows.value.find(({ id }) => id === transaction.id);
  ledger.put(transaction);
  return known?.status !== transaction.status;
}

/** Whether a request that has failed may have been carried out all the same. */
const mayBeCarriedOut = (error: unknown): boolean =>
  error instanceof NetworkError || (error instanceof ApiError && error.isTemporary && error.status !== tooManyRequests);

/**
 * A request that moves money at most once, however often it is sent: all attempts without a definite answer have one
 * `Idempotency-Key`. A definite answer ends that; the next attempt is another request.
 */
export class OnceRequest {
  /** Whether an attempt may have been carried out without our knowing: only the same one may be made again. */
  readonly isUncertain = ref(false);
  /** What the latest attempt was to move, in minor units; null if it needed none. */
  amount: number | null = null;
  private key = randomId();

  constructor(private readonly path: string) {}

  /** Rejects as `api.post` does. */
  async send(body?: { amount: number }): Promise<MoneyMovement> {
    this.amount = body?.amount ?? null;
    try {
      const answer = await api.post<MoneyMovement>(this.path, body, { 'Idempotency-Key': this.key });
      this.end();
      return answer;
    } catch (error) {
      if (mayBeCarriedOut(error)) this.isUncertain.value = true;
      else this.end();
      throw error;
    }
  }

  private end(): void {
    this.key = randomId();
    this.isUncertain.value = false;
  }
}

const makeOwnRequests = () => ({
  deposit: new OnceRequest('/api/financial/deposits'),
  withdrawal: new OnceRequest('/api/financial/withdrawals'),
});
let ownRequests = makeOwnRequests();

/**
 * The request that moves one's own money. There is one of each kind, so that what is uncertain stays so when its dialog is
 * closed, and is not done twice when that is opened again.
 */
export const ownRequest = (kind: 'deposit' | 'withdrawal'): OnceRequest => ownRequests[kind];

/** The one who asks deposits `amount`, or asks to withdraw it, through a request that was made for it. */
export async function moveOwnMoney(request: OnceRequest, amount: number): Promise<MoneyMovement> {
  const before = accountChanges;
  const movement = await request.send({ amount });
  ledger.put(movement.transaction);
  // What came meanwhile may be newer or older than the answer.
  if (before === accountChanges) setAccount(movement.account);
  else void loadAccount();
  return movement;
}

/** Takes a decided withdrawal from those that wait. Both lists are looked at when they are shown. */
export function takeDecided(withdrawal: Withdrawal, { transaction }: MoneyMovement): void {
  withdrawals.pending.remove(withdrawal.id);
  const { status } = transaction;
  if (status === 'processed' || status === 'rejected') withdrawals[status].put({ ...withdrawal, status });
}

signals.sessionEnded.listen(() => {
  ownRequests = makeOwnRequests();
  account.value = null;
  accountFailure.value = null;
  ledger.clear();
  for (const list of Object.values(withdrawals)) list.clear();
});
