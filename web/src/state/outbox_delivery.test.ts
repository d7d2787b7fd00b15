import { describe, expect, it } from 'vitest';

import { ApiError, NetworkError } from '@/api/errors';

import { deliver, type DeliveryMeans } from './outbox_delivery';
import type { OutboxEntry } from './outbox_entry';

const refusal = (status: number, fields = {}, retryAfter: number | null = null) =>
  new ApiError(status, `http_${status}`, 'No.', fields, retryAfter);

const entryWith = (...ids: (string | null)[]): OutboxEntry => ({
  userId: 1,
  tempId: 't',
  conversationId: 7,
  body: 'Hello',
  replyTo: null,
  files: ids.map((attachmentId, index) => ({ name: `${index}`, blob: new Blob(['x']), attachmentId })),
  writtenAt: 1,
  tab: 'this',
  refusal: null,
});

/** Means whose posts end as `answers` say, the last of them for ever. */
function makeMeans(...answers: (Error | null)[]) {
  const log: string[] = [];
  const means: DeliveryMeans = {
    upload: async ({ name }) => (log.push(`upload ${name}`), `new-${name}`),
    forgetUpload: ({ name }) => void log.push(`forget ${name}`),
    post: async ({ files }) => {
      log.push(`post ${files.map(({ attachmentId }) => attachmentId).join()}`);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer) throw answer;
    },
    keep: async () => void log.push('keep'),
  };
  return { log, means };
}

describe('deliver', () => {
  it('uploads what is missing, keeps that, and posts', async () => {
    const { log, means } = makeMeans(null);
    expect(await deliver(entryWith('old', null), means)).toEqual({ kind: 'stored' });
    expect(log).toEqual(['upload 1', 'keep', 'post old,new-1']);
  });

  it('uploads lost files once more', async () => {
    const { log, means } = makeMeans(refusal(422, { attachment_ids: ['invalid'] }), null);
    expect(await deliver(entryWith('old'), means)).toEqual({ kind: 'stored' });
    expect(log).toEqual(['post old', 'forget 0', 'upload 0', 'keep', 'post new-0']);
  });

  it('gives up when files are lost a second time', async () => {
    const lost = refusal(422, { attachment_ids: ['invalid'] });
    const { means } = makeMeans(lost);
    expect(await deliver(entryWith('old'), means)).toEqual({ kind: 'refused', error: lost });
  });

  it.each([
    ['no answer', new NetworkError(), null],
    ['408', refusal(408), null],
    ['500', refusal(500), null],
    ['503 with a time', refusal(503, {}, 2), 2],
    ['429 with a time', refusal(429, {}, 12), 12],
    ['401', refusal(401), null],
    ['an upload that was ended', new DOMException('', 'AbortError'), null],
  ])('tries again later after %s', async (_name, error, afterSeconds) => {
    const { means } = makeMeans(error);
    expect(await deliver(entryWith(), means)).toEqual({ kind: 'later', afterSeconds });
  });

  it.each([400, 403, 404, 409, 413, 422])('takes %d for a refusal', async (status) => {
    const error = refusal(status);
    const { means } = makeMeans(error);
    expect(await deliver(entryWith(), means)).toEqual({ kind: 'refused', error });
  });
});
