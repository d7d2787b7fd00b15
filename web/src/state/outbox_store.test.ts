import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';

import type { OutboxEntry } from './outbox_entry';
import { OutboxStore } from './outbox_store';

const entry = (userId: number, tempId: string, writtenAt: number): OutboxEntry => ({
  userId,
  tempId,
  conversationId: 7,
  body: tempId,
  replyTo: null,
  files: [],
  writtenAt,
  tab: 'this',
  refusal: null,
});

describe('OutboxStore', () => {
  beforeEach(async () => {
    const store = new OutboxStore();
    for (const userId of [1, 11]) for (const old of await store.load(userId)) await store.forget(old);
  });

  it('keeps messages over a reload, in the order of writing', async () => {
    await new OutboxStore().keep(entry(1, 'a', 2));
    await new OutboxStore().keep(entry(1, 'b', 1));
    expect((await new OutboxStore().load(1)).map(({ tempId }) => tempId)).toEqual(['b', 'a']);
  });

  it('keeps the newest state of a message, files included', async () => {
    const store = new OutboxStore();
    const file = { name: 'a.txt', blob: new Blob(['hello'], { type: 'text/plain' }), attachmentId: null };
    await store.keep({ ...entry(1, 'a', 1), files: [file] });
    await store.keep({ ...entry(1, 'a', 1), files: [{ ...file, attachmentId: 'x' }], refusal: 'No.' });
    const [kept] = await store.load(1);
    expect(kept?.refusal).toBe('No.');
    expect(kept?.files[0]?.attachmentId).toBe('x');
    expect(kept?.files[0]?.blob.size).toBe(5);
  });

  it('forgets', async () => {
    const store = new OutboxStore();
    await store.keep(entry(1, 'a', 1));
    await store.forget(entry(1, 'a', 1));
    expect(await store.load(1)).toEqual([]);
  });

  it('tells people apart, also when one number begins with the other', async () => {
    const store = new OutboxStore();
    await store.keep(entry(11, 'a', 1));
    expect(await store.load(1)).toEqual([]);
    expect(await store.load(11)).toHaveLength(1);
  });

  it('forgets everything of one person and nothing of another', async () => {
    const store = new OutboxStore();
    await store.keep(entry(1, 'a', 1));
    await store.keep(entry(11, 'b', 1));
    await store.forgetAll(1);
    expect([await store.hasAny(1), await store.hasAny(11)]).toEqual([false, true]);
  });
});
