import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { Conversation, Notification } from '@/api/types';
import { signals } from '@/live/signals';

const server = vi.hoisted(() => ({ get: vi.fn(), post: vi.fn() }));
vi.mock('@/api', () => ({ api: server }));
vi.mock('@/api/session', () => ({ session: { value: { user: { id: 1 } } } }));

const { putConversation, takeOwnRead } = await import('./conversations');
const { loadNotifications, notificationList, unreadNotifications } = await import('./notifications');
const { tellSeenNotifications } = await import('./seen_notifications');

const stored = (messageId: number, conversationId = 7): Notification => ({
  id: `${conversationId}-${messageId}`,
  type: 'App\\Notifications\\MessageSent',
  data: { user_id: 2, conversation_id: conversationId, message_id: messageId, receiver_id: 1 } as never,
  read_at: null,
  created_at: `2026-01-01T00:00:${messageId}.000Z`,
});
const conversation = (id: number, lastReadId: number) =>
  ({
    ...{ id, last_read_id: lastReadId, last_message_id: 99, last_message: null, other: null, unread_count: 3 },
    ...{ participants: [], updated_at: '2026-01-01T00:00:00.000Z' },
  }) as unknown as Conversation;
const told = () => server.post.mock.calls.map(([path]) => path);
const ownRead = (upTo: number) => ({
  ...{ conversation_id: 7, reader_id: 1, message_ids: [], last_read_id: upTo, read_at: '2026-01-01T00:02:00.000Z' },
});

beforeEach(async () => {
  signals.sessionEnded.tell();
  server.post.mockReset().mockResolvedValue({});
  const rows = [stored(13), stored(12), stored(11), stored(12, 8)];
  server.get.mockReset().mockResolvedValue({ data: rows, next_cursor: null, unread_count: 5 });
  await loadNotifications();
  putConversation(conversation(7, 10));
  putConversation(conversation(8, 10));
});

describe('notifications of messages that have been read', () => {
  it('become read up to the message, in their conversation alone', async () => {
    takeOwnRead(7, 12);
    await tellSeenNotifications();
    expect(told()).toEqual(['/api/notifications/7-12/read', '/api/notifications/7-11/read']);
    expect(unreadNotifications.value).toBe(3);
  });

  it('become read when that was on another device, not when somebody else has read', async () => {
    signals.messagesRead.tell({ ...ownRead(11), reader_id: 2 });
    signals.messagesRead.tell(ownRead(11));
    await vi.waitFor(() => expect(unreadNotifications.value).toBe(4));
    expect(told()).toEqual(['/api/notifications/7-11/read']);
  });

  it('become read when they come after the reading', async () => {
    takeOwnRead(7, 14);
    signals.notificationCreated.tell({ notification: stored(14), unread_count: 6 });
    await vi.waitFor(() => expect(unreadNotifications.value).toBe(2));
    expect(told()[0]).toBe('/api/notifications/7-14/read');
  });

  it('are counted once when a live event tells of them before the answer', async () => {
    server.post.mockImplementationOnce(async () => {
      signals.notificationsRead.tell({ ids: ['7-11'], unread_count: 4 });
      return {};
    });
    signals.messagesRead.tell(ownRead(11));
    await vi.waitFor(() => expect(server.post).toHaveBeenCalledTimes(1));
    await tellSeenNotifications();
    expect(unreadNotifications.value).toBe(4);
  });

  it('stay unread without an answer, until the connection is back', async () => {
    server.post.mockRejectedValueOnce(new Error('no answer'));
    takeOwnRead(7, 13);
    await tellSeenNotifications();
    expect([told().length, unreadNotifications.value]).toEqual([1, 5]);
    signals.caughtUp.tell({ first: false });
    await vi.waitFor(() => expect(unreadNotifications.value).toBe(2));
    expect(notificationList.rows.value.filter(({ read_at }) => read_at === null).map(({ id }) => id)).toEqual(['8-12']);
  });
});
