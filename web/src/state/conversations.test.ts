import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { Conversation, Message } from '@/api/types';
import { signals } from '@/live/signals';

const me = 1;
const server = vi.hoisted(() => ({ get: vi.fn() }));
vi.mock('@/api', () => ({ api: server }));
vi.mock('@/api/session', () => ({ session: { value: { user: { id: 1 } } } }));

const {
  conversations,
  conversationsFailure,
  ensureConversation,
  findConversation,
  loadConversations,
  missedMessages,
  putConversation,
  retryConversations,
  takeOwnRead,
  unreadTotal,
} = await import('./conversations');

const moment = (id: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, id)).toISOString();

const message = (id: number, more: Partial<Message> = {}): Message =>
  ({
    id,
    conversation_id: 7,
    sender_id: 2,
    body: `message ${id}`,
    attachments: [],
    deleted_at: null,
    created_at: moment(id),
    updated_at: moment(id),
    ...more,
  }) as Message;

const row = (more: Partial<Conversation> = {}): Conversation => ({
  id: 7,
  company_id: 1,
  type: 'direct',
  title: null,
  creator_id: null,
  participants: [],
  participant_count: 2,
  other: { id: 2, name: 'Grace', avatar_url: null, online: true, last_read_id: 0 },
  last_message_id: 10,
  last_read_id: 10,
  unread_count: 0,
  muted: false,
  created_at: moment(0),
  updated_at: moment(10),
  last_message: message(10),
  ...more,
});

const tell = (sent: Message, arrival: 'sent' | 'updated' | 'missed' = 'sent') =>
  signals.message.tell({ message: sent, arrival, tempId: null });
const known = () => findConversation(7)!;

beforeEach(() => {
  signals.sessionEnded.tell();
  server.get.mockReset().mockRejectedValue(new Error('not expected'));
  putConversation(row());
});

describe('unread messages', () => {
  it('are counted once, however often a message is told', () => {
    tell(message(11));
    tell(message(11));
    tell(message(12));
    tell(message(11), 'updated');
    expect([known().unread_count, known().last_message_id]).toEqual([2, 12]);
  });

  it('end with a message of one’s own', () => {
    tell(message(11));
    tell(message(12, { sender_id: me }));
    expect([known().unread_count, known().last_read_id]).toEqual([0, 12]);
  });

  it('do not include deleted ones', () => {
    tell(message(11, { deleted_at: moment(12) }), 'missed');
    expect(known().unread_count).toBe(0);
  });

  it('that were missed are counted by the row of the conversation, not a second time', () => {
    signals.conversationSynced.tell(row({ last_message_id: 12, unread_count: 2, updated_at: moment(12) }));
    tell(message(11), 'missed');
    tell(message(12), 'missed');
    tell(message(13));
    signals.caughtUp.tell({ first: false });
    expect([known().unread_count, known().last_message?.id, missedMessages.value]).toEqual([3, 13, 2]);
  });

  it('stay when catching up tells a row from before the newest message', () => {
    tell(message(11));
    tell(message(12));
    signals.conversationSynced.tell(row({ last_message_id: 11, unread_count: 1 }));
    expect([known().unread_count, known().last_message_id]).toEqual([2, 12]);
  });

  it('end when one reads on another device', () => {
    tell(message(11));
    signals.messagesRead.tell({
      conversation_id: 7,
      reader_id: me,
      message_ids: [11],
      last_read_id: 11,
      read_at: moment(12),
    });
    expect([known().unread_count, known().last_read_id]).toEqual([0, 11]);
  });

  it('do not come back with an answer from before they were read', () => {
    tell(message(11));
    takeOwnRead(7, 11);
    putConversation(row({ last_message_id: 11, unread_count: 1, last_message: message(11) }));
    expect([known().unread_count, known().last_read_id]).toEqual([0, 11]);
  });

  it('are asked for after a part of them was read', async () => {
    tell(message(11));
    tell(message(12));
    server.get.mockResolvedValue(row({ last_message_id: 12, last_read_id: 11, unread_count: 1 }));
    takeOwnRead(7, 11);
    await vi.waitFor(() => expect(known().unread_count).toBe(1));
  });

  it('of muted conversations are not in the total', () => {
    tell(message(11));
    putConversation(row({ id: 8, unread_count: 5, muted: true }));
    putConversation(row({ id: 9, unread_count: 2 }));
    expect(unreadTotal.value).toBe(3);
  });

  it('after a pause do not include one’s own', () => {
    tell(message(11, { sender_id: me }), 'missed');
    tell(message(12), 'missed');
    signals.caughtUp.tell({ first: false });
    expect(missedMessages.value).toBe(1);
  });
});

describe('the last message', () => {
  it('loses its text when it is deleted', () => {
    tell(message(11));
    takeOwnRead(7, 11);
    signals.messageDeleted.tell({ id: 11, conversation_id: 7 });
    expect(known().last_message).toMatchObject({ body: '', deleted_at: expect.any(String) });
  });

  it('changes with an edit, and an older version told late changes nothing', () => {
    tell(message(10, { body: 'edited', updated_at: moment(20) }), 'updated');
    tell(message(10));
    expect(known().last_message?.body).toBe('edited');
  });

  it('stays when an older row arrives, which brings what else it says', () => {
    tell(message(11));
    putConversation(row({ title: 'New title' }));
    expect([known().last_message?.id, known().title]).toEqual([11, 'New title']);
  });

  it('decides the order of the list', () => {
    putConversation(row({ id: 8, last_message_id: 11, updated_at: moment(11) }));
    expect(conversations.value.map(({ id }) => id)).toEqual([8, 7]);
    tell(message(12));
    expect(conversations.value.map(({ id }) => id)).toEqual([7, 8]);
  });
});

describe('conversations', () => {
  it('are asked for when a message of an unknown one arrives', async () => {
    server.get.mockResolvedValue(row({ id: 9, last_message_id: 11, unread_count: 1 }));
    tell(message(11, { conversation_id: 9 }));
    await vi.waitFor(() => expect(findConversation(9)?.unread_count).toBe(1));
  });

  it('are asked for again when they change while an answer is on its way', async () => {
    const answers: ((answer: Conversation) => void)[] = [];
    server.get.mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
    signals.conversationUpdated.tell({ conversation_id: 7, changed: ['title'] });
    signals.conversationUpdated.tell({ conversation_id: 7, changed: ['title'] });
    answers[0]!(row({ title: 'first' }));
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    answers[1]!(row({ title: 'second' }));
    await vi.waitFor(() => expect(known().title).toBe('second'));
  });

  it('stay until they are loaded anew when the place in the history is lost', async () => {
    const page = { data: [row({ id: 8 })], next_cursor: null };
    server.get.mockResolvedValue(page);
    signals.reset.tell();
    expect(known()).toBeDefined();
    await vi.waitFor(() => expect(conversations.value.map(({ id }) => id)).toEqual([8]));
  });

  it('of a session that has ended are not taken in', async () => {
    let answer: (page: unknown) => void = () => undefined;
    server.get.mockImplementation(() => new Promise((resolve) => (answer = resolve)));
    const loading = loadConversations();
    signals.sessionEnded.tell();
    answer({ data: [row()], next_cursor: null });
    await loading;
    expect(conversations.value).toEqual([]);
  });

  it('are refused when one may not see them', async () => {
    server.get.mockRejectedValue(new Error('not found'));
    await expect(ensureConversation(99)).rejects.toThrow('not found');
  });

  it('that have been left do not come back with an answer that is on its way', async () => {
    const answers: ((answer: unknown) => void)[] = [];
    server.get.mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
    const asked = ensureConversation(9);
    const loading = loadConversations();
    signals.conversationLeft.tell({ conversation_id: 9 });
    answers[0]!(row({ id: 9 }));
    answers[1]!({ data: [row({ id: 9 }), row({ id: 10 })], next_cursor: null });
    await Promise.all([asked, loading]);
    expect(findConversation(9)).toBeUndefined();
    expect(findConversation(10)).toBeDefined();
  });

  it('are loaded anew when that is what has failed', async () => {
    server.get.mockRejectedValueOnce(new Error('no connection'));
    signals.reset.tell();
    await vi.waitFor(() => expect(conversationsFailure.value).not.toBeNull());
    server.get.mockResolvedValue({ data: [row({ id: 8 })], next_cursor: null });
    await retryConversations();
    expect(conversationsFailure.value).toBeNull();
    expect(conversations.value.map(({ id }) => id)).toEqual([8]);
  });
});
