import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { Company, Conversation, Message } from '@/api/types';

// Each start of the app loads its modules anew; only the server and who is signed in are played.
const server = vi.hoisted(() => ({ get: vi.fn() }));
const session = vi.hoisted(() => ({ value: null as { user: { id: number } } | null }));
vi.mock('@/api', () => ({ api: server }));
vi.mock('@/api/session', () => ({ session }));

const moment = '2026-01-01T00:00:00.000Z';
const row = (id: number, more: Partial<Conversation> = {}) =>
  ({
    ...{ id, title: `known ${id}`, last_read_id: 1, last_message_id: 1, last_message: null, other: null },
    ...{ participants: [], unread_count: 0, muted: false, updated_at: moment },
    ...more,
  }) as unknown as Conversation;
const company = { id: 1, name: 'Acme' } as Company;

async function start(userId: number) {
  vi.resetModules();
  session.value = { user: { id: userId } };
  const parts = {
    ...(await import('./conversations')),
    ...(await import('./companies')),
    ...(await import('./known_lists')),
    ...(await import('@/live/signals')),
  };
  parts.keepLists();
  const titles = () => parts.conversations.value.map(({ title }) => title);
  return { ...parts, titles };
}

/** Opens the app, with a server that answers, until what it shows is kept. */
async function startOnline(userId: number, rows: Conversation[]) {
  const app = await start(userId);
  server.get.mockImplementation(async (path: string) => {
    return { data: path === '/api/companies' ? [company] : rows, next_cursor: null };
  });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await Promise.all([app.loadConversations(), app.loadCompanies()]);
  await vi.advanceTimersByTimeAsync(app.writePause);
  vi.useRealTimers();
  await vi.waitFor(async () => expect(await keptBy()).toContain(String(userId)));
  return app;
}

/** For whom something is kept. */
async function keptBy(): Promise<string[]> {
  const { BrowserStore } = await import('./browser_store');
  return new BrowserStore('parley-lists-1', 'lists').keys();
}

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  server.get.mockReset().mockRejectedValue(new Error('no answer'));
});

describe('known lists', () => {
  it('are shown at the next start, until the server answers', async () => {
    await startOnline(1, [row(7), row(8)]);
    const app = await start(1);
    await app.showKnownLists(1);
    expect(app.titles()).toEqual(['known 8', 'known 7']);
    expect([app.conversationsAreOld.value, app.conversationsLoaded.value]).toEqual([true, false]);
    expect(app.companies.value).toEqual([company]);
    server.get.mockResolvedValue({ data: [row(9, { title: 'now' })], next_cursor: null });
    await app.loadConversations();
    expect(app.titles()).toEqual(['now']);
    expect(app.conversationsAreOld.value).toBe(false);
  });

  it('come too late where the server was faster', async () => {
    await startOnline(1, [row(7)]);
    const app = await start(1);
    server.get.mockResolvedValue({ data: [row(9, { title: 'now' })], next_cursor: null });
    await app.loadConversations();
    await app.showKnownLists(1);
    expect(app.titles()).toEqual(['now']);
  });

  it('give way to what the server says now of a row that live events have changed meanwhile', async () => {
    await startOnline(1, [row(7, { unread_count: 5 })]);
    const app = await start(1);
    await app.showKnownLists(1);
    const message = { id: 9, conversation_id: 7, sender_id: 2, created_at: moment, updated_at: moment } as Message;
    app.signals.message.tell({ message, arrival: 'sent', tempId: null });
    server.get.mockImplementation(async (path: string) => {
      if (path.endsWith('/7')) return row(7, { title: 'now', last_message_id: 9, unread_count: 1 });
      return { data: [row(7, { title: 'before' })], next_cursor: null };
    });
    await app.loadConversations();
    await vi.waitFor(() => expect(app.findConversation(7)).toMatchObject({ title: 'now', unread_count: 1 }));
  });

  it('are erased when the session ends, and for anybody else', async () => {
    const app = await startOnline(1, [row(7)]);
    app.signals.sessionEnded.tell();
    await vi.waitFor(async () => expect(await keptBy()).toEqual([]));
    await startOnline(1, [row(7)]);
    const other = await start(2);
    await other.showKnownLists(2);
    expect(other.titles()).toEqual([]);
    expect(await keptBy()).toEqual([]);
  });

  it('are not kept from before the server has answered', async () => {
    const app = await start(1);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    app.putConversation(row(7));
    await vi.advanceTimersByTimeAsync(app.writePause);
    vi.useRealTimers();
    expect(await keptBy()).toEqual([]);
  });

  it('are empty where the browser keeps nothing', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const app = await start(1);
    await app.showKnownLists(1);
    await app.forgetKnownLists();
    expect([app.titles(), app.conversationsAreOld.value]).toEqual([[], false]);
  });
});
