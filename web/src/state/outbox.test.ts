import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { Message } from '@/api/types';

// The whole outbox on a real (if fake) IndexedDB; only the server and the page are played.

const post = vi.fn<(path: string, body: { temp_id: string; body: string }) => Promise<Message>>();
const session = { value: { user: { id: 1 } } as { user: { id: number } } | null };

vi.mock('@/api/client', () => ({
  Api: class {
    post = post;
  },
}));
vi.mock('@/api/session', () => ({ session, token: () => null, endSession: () => undefined }));

const conversationId = 7;
let nextId = 100;

const messageOf = (tempId: string, body: string): Message =>
  ({ id: nextId++, conversation_id: conversationId, sender_id: 1, body, temp_id: tempId, attachments: [] }) as never;

/** The modules of a page that has just been loaded; what IndexedDB keeps stays. */
async function loadPage() {
  vi.resetModules();
  const [outbox, { signals }, errors] = await Promise.all([
    import('./outbox'),
    import('@/live/signals'),
    import('@/api/errors'),
  ]);
  const pending = outbox.pendingOf(conversationId);
  const write = (body: string) => outbox.send(conversationId, { body, replyTo: null, files: [] });
  return {
    ...outbox,
    ...errors,
    signals,
    write,
    pending: () => pending.value.map(({ body, state }) => `${body} ${state}`),
  };
}

const bodies = () => post.mock.calls.map(([, { body }]) => body);
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 3_000, interval: 5 });
const goOnline = (onLine: boolean) => vi.stubGlobal('navigator', { onLine, languages: ['en'] });

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('addEventListener', () => undefined);
  const kept = new Map([['parley.tab', 'this']]);
  vi.stubGlobal('sessionStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: () => undefined });
  goOnline(true);
  session.value = { user: { id: 1 } };
  post.mockReset().mockImplementation(async (_path, { temp_id, body }) => messageOf(temp_id, body));
});

describe('the outbox', () => {
  it('tells the stores of the stored message in the moment in which it is pending no longer', async () => {
    const page = await loadPage();
    const told: string[][] = [];
    page.signals.message.listen(() => told.push(page.pending()));
    page.write('a');
    expect(page.pending()).toEqual(['a waiting']);
    expect(await page.hasUnsent()).toBe(true);
    await eventually(() => expect(told).toEqual([[]]));
    expect(await page.hasUnsent()).toBe(false);
  });

  it('sends what was written offline after a reload, in order, under the same ids', async () => {
    goOnline(false);
    const before = await loadPage();
    const ids: string[] = [];
    for (const body of ['a', 'b', 'c']) before.write(body);
    for (const { tempId } of before.pendingOf(conversationId).value) ids.push(tempId);
    // Kept as soon as IndexedDB has taken them.
    const { OutboxStore } = await import('./outbox_store');
    await eventually(async () => expect(await new OutboxStore().load(1)).toHaveLength(3));
    expect(post).not.toHaveBeenCalled();

    goOnline(true);
    const after = await loadPage();
    await after.beginOutbox(1);
    await eventually(() => expect(bodies()).toEqual(['a', 'b', 'c']));
    expect(post.mock.calls.map(([, { temp_id }]) => temp_id)).toEqual(ids);
    await eventually(() => expect(after.pending()).toEqual([]));
  });

  it('repeats what was on its way during a reload', async () => {
    post.mockImplementationOnce(() => new Promise(() => undefined));
    const before = await loadPage();
    before.write('a');
    await eventually(() => expect(post).toHaveBeenCalledTimes(1));
    const after = await loadPage();
    await after.beginOutbox(1);
    await eventually(() => expect(bodies()).toEqual(['a', 'a']));
    const [first, second] = post.mock.calls;
    expect(second?.[1].temp_id).toBe(first?.[1].temp_id);
  });

  it('keeps a refusal over a reload and sends it only when asked', async () => {
    const before = await loadPage();
    post.mockRejectedValueOnce(new before.ApiError(403, 'forbidden', 'You cannot.', {}, null));
    before.write('a');
    await eventually(() => expect(before.pending()).toEqual(['a failed']));
    const after = await loadPage();
    await after.beginOutbox(1);
    expect(after.pending()).toEqual(['a failed']);
    expect(after.pendingOf(conversationId).value[0]?.error).toBe('You are not allowed to do this.');
    expect(post).toHaveBeenCalledTimes(1);
    after.retryPending(after.pendingOf(conversationId).value[0]!.tempId);
    await eventually(() => expect(after.pending()).toEqual([]));
  });

  it('never sends the messages of somebody else', async () => {
    goOnline(false);
    const before = await loadPage();
    before.write('a');
    const { OutboxStore } = await import('./outbox_store');
    await eventually(async () => expect(await new OutboxStore().load(1)).toHaveLength(1));
    goOnline(true);
    session.value = { user: { id: 2 } };
    const after = await loadPage();
    await after.beginOutbox(2);
    expect(after.pending()).toEqual([]);
    expect(post).not.toHaveBeenCalled();
    expect(await new OutboxStore().load(1)).toHaveLength(1);
  });

  it('lets a message go that the live connection brings before the answer', async () => {
    const page = await loadPage();
    post.mockRejectedValueOnce(new page.NetworkError());
    page.write('a');
    await eventually(() => expect(post).toHaveBeenCalledTimes(1));
    await eventually(() => expect(page.pending()).toEqual(['a waiting']));
    const { tempId } = page.pendingOf(conversationId).value[0]!;
    page.signals.message.tell({ message: messageOf(tempId, 'a'), arrival: 'missed', tempId });
    expect(page.pending()).toEqual([]);
    const { OutboxStore } = await import('./outbox_store');
    await eventually(async () => expect(await new OutboxStore().load(1)).toEqual([]));
  });

  it('works in memory where nothing can be kept', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const page = await loadPage();
    await page.beginOutbox(1);
    page.write('a');
    await eventually(() => expect(bodies()).toEqual(['a']));
  });

  it('leaves alone what an open tab sends, and takes over what a closed one has left', async () => {
    const { OutboxStore } = await import('./outbox_store');
    const of = (tempId: string, tab: string) => ({
      ...{ userId: 1, tempId, conversationId, body: tempId, replyTo: null, files: [], refusal: null },
      ...{ tab, writtenAt: 1 },
    });
    await new OutboxStore().keep(of('open', 'other'));
    await new OutboxStore().keep(of('closed', 'gone'));
    const other = new BroadcastChannel('parley.outbox');
    other.onmessage = () => other.postMessage({ kind: 'here', tab: 'other' });
    const page = await loadPage();
    await page.beginOutbox(1);
    await eventually(() => expect(bodies()).toEqual(['closed']));
    other.close();
  });
});
