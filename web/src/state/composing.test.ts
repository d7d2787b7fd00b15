import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { Message } from '@/api/types';

const session = { value: { user: { id: 1 } } as { user: { id: number } } | null };
vi.mock('@/api/session', () => ({ session }));

const message = (id: number, body: string) => ({ id, conversation_id: 7, body }) as Message;

/** The module of a page that has just been loaded. */
async function loadPage() {
  vi.resetModules();
  const [composing, { signals }] = await Promise.all([import('./composing'), import('@/live/signals')]);
  return { ...composing, signals };
}

class MemoryStorage {
  [key: string]: unknown;
  getItem = (key: string) => (this[key] as string | undefined) ?? null;
  setItem = (key: string, value: string) => void (this[key] = value);
  removeItem = (key: string) => void delete this[key];
}

beforeEach(() => {
  session.value = { user: { id: 1 } };
  vi.stubGlobal('localStorage', new MemoryStorage());
});

describe('composingOf', () => {
  it('keeps what is written over a reload, for its conversation', async () => {
    (await loadPage()).composingOf(7).text = 'Hello';
    const page = await loadPage();
    expect(page.composingOf(7).text).toBe('Hello');
    expect(page.composingOf(8).text).toBe('');
  });

  it('forgets what was sent', async () => {
    const composing = (await loadPage()).composingOf(7);
    composing.text = 'Hello';
    composing.text = '';
    expect((await loadPage()).composingOf(7).text).toBe('');
  });

  it('shows nothing of one person to another, and has it when they are back', async () => {
    const page = await loadPage();
    page.composingOf(7).text = 'Hello';
    session.value = { user: { id: 2 } };
    expect(page.composingOf(7).text).toBe('');
    session.value = { user: { id: 1 } };
    expect(page.composingOf(7).text).toBe('Hello');
  });

  it('leaves the new message alone while an old one is edited', async () => {
    const page = await loadPage();
    const composing = page.composingOf(7);
    composing.text = 'Hello';
    page.startEdit(message(1, 'Old'));
    expect(composing.editedText).toBe('Old');
    composing.editedText = 'New';
    expect((await loadPage()).composingOf(7).text).toBe('Hello');
  });

  it('gives up the answer to a message that is deleted', async () => {
    const page = await loadPage();
    page.startReply(message(1, 'Old'));
    page.signals.messageDeleted.tell({ id: 2, conversation_id: 7 });
    expect(page.composingOf(7).replyTo?.id).toBe(1);
    page.signals.messageDeleted.tell({ id: 1, conversation_id: 7 });
    expect(page.composingOf(7).replyTo).toBeNull();
  });
});
