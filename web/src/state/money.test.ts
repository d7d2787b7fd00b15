import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Account, MoneyMovement, MoneyTransaction } from '@/api/types';

const asked: { path: string; key: string | undefined }[] = [];
const answers: (() => unknown)[] = [];

vi.mock('@/api', async () => {
  const errors = await import('@/api/errors');
  const answer = async () => answers.shift()!();
  return {
    ...errors,
    api: {
      get: (path: string) => (asked.push({ path, key: undefined }), answer()),
      post: (path: string, _body: unknown, headers: Record<string, string>) => (
        asked.push({ path, key: headers['Idempotency-Key'] }),
        answer()
      ),
    },
  };
});

const { ApiError, NetworkError } = await import('@/api/errors');
const { OnceRequest, account, ledger, moveOwnMoney, ownRequest, takeAccount, takeTransaction } =
  await import('./money');
const { signals } = await import('@/live/signals');

const accountOf = (balance: number, held = 0): Account => ({ balance, held, currency: 'USD' });
const transactionOf = (id: number, status: MoneyTransaction['status']): MoneyTransaction => ({
  id,
  type: 'withdrawal',
  amount: 5,
  status,
  balance_after: 0,
  created_at: '2026-01-20T10:30:00.000Z',
});
const movement = (id: number, balance: number): MoneyMovement => ({
  transaction: transactionOf(id, 'pending'),
  account: accountOf(balance, 5),
});
const refuse = (error: Error) => () => {
  throw error;
};
const keys = () => asked.flatMap(({ key }) => (key === undefined ? [] : [key]));

beforeEach(() => {
  account.value = accountOf(0);
  ledger.clear();
});
afterEach(() => {
  asked.length = 0;
  answers.length = 0;
});

describe('OnceRequest', () => {
  it('keeps its key until there is a definite answer', async () => {
    const request = new OnceRequest('/api/financial/deposits');
    answers.push(refuse(new NetworkError()), refuse(new ApiError(503, 'unavailable', '', {}, 1)), () => movement(1, 5));
    await expect(request.send({ amount: 5 })).rejects.toThrow(NetworkError);
    expect(request.isUncertain.value).toBe(true);
    await expect(request.send({ amount: 5 })).rejects.toThrow(ApiError);
    await request.send({ amount: 5 });
    expect(request.isUncertain.value).toBe(false);
    expect(new Set(keys()).size).toBe(1);
  });

  it('takes a new key after a refusal', async () => {
    const request = new OnceRequest('/api/financial/deposits');
    answers.push(refuse(new ApiError(422, 'invalid', '', {}, null)), () => movement(1, 5));
    await expect(request.send({ amount: 5 })).rejects.toThrow(ApiError);
    await request.send({ amount: 6 });
    expect(new Set(keys()).size).toBe(2);
  });

  it('is certain that a request that came too often was not carried out', async () => {
    const request = new OnceRequest('/api/financial/deposits');
    answers.push(refuse(new ApiError(429, 'too_many', '', {}, 1)));
    await expect(request.send({ amount: 5 })).rejects.toThrow(ApiError);
    expect(request.isUncertain.value).toBe(false);
  });

  it('has keys of visible ASCII, each its own', async () => {
    answers.push(
      () => movement(1, 5),
      () => movement(2, 5),
    );
    await new OnceRequest('/a').send();
    await new OnceRequest('/a').send();
    const [first, second] = keys();
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(second).not.toBe(first);
  });
});

describe('ownRequest', () => {
  it('is the same while it is uncertain, with its amount', async () => {
    answers.push(refuse(new NetworkError()), () => movement(1, 5));
    await expect(moveOwnMoney(ownRequest('deposit'), 5)).rejects.toThrow(NetworkError);
    expect(ownRequest('deposit').isUncertain.value).toBe(true);
    expect(ownRequest('deposit').amount).toBe(5);
    expect(ownRequest('withdrawal').isUncertain.value).toBe(false);
    await moveOwnMoney(ownRequest('deposit'), 5);
    expect(new Set(keys()).size).toBe(1);
  });

  it('is forgotten with the session', async () => {
    answers.push(refuse(new NetworkError()));
    await expect(moveOwnMoney(ownRequest('deposit'), 5)).rejects.toThrow(NetworkError);
    signals.sessionEnded.tell();
    expect(ownRequest('deposit').isUncertain.value).toBe(false);
  });
});

describe('the account', () => {
  it('is as the answer to a movement says', async () => {
    answers.push(() => movement(7, 30));
    await moveOwnMoney(new OnceRequest('/api/financial/withdrawals'), 5);
    expect(account.value).toEqual(accountOf(30, 5));
    expect(ledger.rows.value.map(({ id }) => id)).toEqual([7]);
  });

  it('is asked for when an event came while a movement was under way', async () => {
    answers.push(
      () => (takeAccount(accountOf(99)), movement(7, 30)),
      () => accountOf(70),
    );
    await moveOwnMoney(new OnceRequest('/api/financial/withdrawals'), 5);
    await vi.waitFor(() => expect(account.value).toEqual(accountOf(70)));
  });

  it('looks for the withdrawal that an event says nothing of', async () => {
    answers.push(() => ({ data: [transactionOf(3, 'pending')], next_cursor: null }));
    takeAccount(accountOf(0, 5));
    await vi.waitFor(() => expect(ledger.rows.value).toEqual([transactionOf(3, 'pending')]));
  });
});

describe('the ledger', () => {
  it('does not go back to pending', () => {
    takeTransaction(transactionOf(3, 'processed'));
    takeTransaction(transactionOf(3, 'pending'));
    expect(ledger.rows.value).toEqual([transactionOf(3, 'processed')]);
  });
});
