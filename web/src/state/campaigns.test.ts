import { expect, it, vi } from 'vitest';

import type { Campaign } from '@/api/types';

const get = vi.fn();
vi.mock('@/api', () => ({ api: { get }, ApiError: class extends Error {} }));

const { OpenCampaign, withFacts } = await import('./campaigns');

const campaign: Campaign = {
  id: 1,
  company_id: 1,
  name: 'Spring',
  status: 'draft',
  budget: 100,
  currency: 'USD',
  created_at: '2026-01-20T10:00:00.000Z',
  updated_at: '2026-01-20T10:30:00.000Z',
  owner: { id: 2, name: 'Ada', email: 'ada@example.com', avatar_url: null },
  member_count: 0,
  may_change: true,
  members: [],
};
const { id, company_id, currency } = campaign;
const facts = { id, company_id, currency, name: 'Summer', status: 'active' as const, budget: 200 };

it('takes what an event tells and keeps the people', () => {
  const now = withFacts(campaign, { ...facts, updated_at: '2026-01-20T10:30:00.001Z' });
  expect(now).toMatchObject({ name: 'Summer', status: 'active', budget: 200, owner: { name: 'Ada' } });
});

it('ignores an event that is told again after a newer one', () => {
  expect(withFacts(campaign, { ...facts, updated_at: '2026-01-20T10:29:59.999Z' })).toBe(campaign);
});

it('keeps what an event has told while an older answer was on its way, and takes its people', async () => {
  const member = { id: 3, name: 'Grace', email: 'grace@example.com', avatar_url: null };
  get.mockResolvedValueOnce(campaign);
  const open = new OpenCampaign(1);
  await open.load();
  open.takeFacts({ ...facts, updated_at: '2026-01-20T10:31:00.000Z' });
  get.mockResolvedValueOnce({ ...campaign, members: [member], member_count: 1 });
  await open.load();
  expect(open.campaign.value).toMatchObject({ name: 'Summer', budget: 200, members: [member], member_count: 1 });
  expect(get).toHaveBeenCalledTimes(2);
});
