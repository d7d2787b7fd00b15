import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { Conversation, Message, Notification } from '@/api/types';
import { signals } from '@/live/signals';

const server = vi.hoisted(() => ({ get: vi.fn(), post: vi.fn() }));
vi.mock('@/api', () => ({ api: server }));
vi.mock('@/api/session', () => ({ session: { value: { user: { id: 1 } } } }));
vi.mock('./preferences', () => ({ preferences: { browserNotifications: true } }));
vi.mock('./attention', () => ({ isAttendedSomewhere: async () => false }));

const {
  markAllNotificationsRead,
  markNotificationRead,
  notificationList,
  notifications,
  subjectOf,
  unreadNotifications,
} = await import('./notifications');
const { contentOf } = await import('./browser_notifications');

const stored = (id: string, second: number, read = false): Notification => ({
  id,
  type: 'App\\Notifications\\MessageSent',
  data: {},
  read_at: read ? '2026-01-01T00:01:00.000Z' : null,
  created_at: `2026-01-01T00:00:0${second}.000Z`,
});
const isRead = () => Object.fromEntries(notifications.value.map(({ id, read_at }) => [id, read_at !== null]));

beforeEach(async () => {
  signals.sessionEnded.tell();
  server.post.mockReset().mockResolvedValue({});
  const rows = [stored('c', 3), stored('b', 2), stored('a', 1, true)];
  server.get.mockReset().mockResolvedValue({ data: rows, next_cursor: null, unread_count: 2 });
  await notificationList.begin();
});

describe('notifications', () => {
  it('come live in their place, once', () => {
    signals.notificationCreated.tell({ notification: stored('d', 4), unread_count: 3 });
    signals.notificationCreated.tell({ notification: stored('d', 4), unread_count: 3 });
    expect(notifications.value.map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a']);
    expect(unreadNotifications.value).toBe(3);
  });

  it('are read at once, before the server says so', async () => {
    const done = markNotificationRead('b');
    expect([isRead(), unreadNotifications.value]).toEqual([{ c: false, b: true, a: true }, 1]);
    await done;
    expect(server.post).toHaveBeenCalledWith('/api/notifications/b/read');
  });

  it('are not read twice', async () => {
    await markNotificationRead('a');
    expect(server.post).not.toHaveBeenCalled();
    expect(unreadNotifications.value).toBe(2);
  });

  it('become unread again when the server does not take it', async () => {
    server.post.mockRejectedValue(new Error('refused'));
    await expect(markAllNotificationsRead()).rejects.toThrow('refused');
    expect([isRead(), unreadNotifications.value]).toEqual([{ c: false, b: false, a: true }, 2]);
  });

  it('are read on another device: the named ones, or all', () => {
    signals.notificationsRead.tell({ ids: ['c'], unread_count: 1 });
    expect(isRead()).toEqual({ c: true, b: false, a: true });
    signals.notificationsRead.tell({ ids: [], unread_count: 0 });
    expect(isRead()).toEqual({ c: true, b: true, a: true });
  });

  it('that were missed are counted by the server', async () => {
    server.get.mockResolvedValue({ data: [], next_cursor: null, unread_count: 9 });
    signals.notificationSynced.tell(stored('d', 4));
    signals.caughtUp.tell({ first: false });
    await vi.waitFor(() => expect(unreadNotifications.value).toBe(9));
    expect(notifications.value[0]?.id).toBe('d');
  });
});

describe('subjectOf', () => {
  it('is the message, or nothing for what is not about one', () => {
    const data = { user_id: 2, conversation_id: 7, message_id: 11 };
    expect(subjectOf({ ...stored('a', 1), data: { ...data, receiver_id: 1 } as never })).toEqual(data);
    expect(subjectOf(stored('a', 1))).toBeNull();
  });
});

describe('contentOf', () => {
  const subject = { user_id: 2, conversation_id: 7, message_id: 11 };
  const conversation = (more: Partial<Conversation>) =>
    ({ title: null, last_message: null, participants: [{ id: 2, name: 'Grace Hopper' }], ...more }) as Conversation;
  const last_message = { id: 11, body: 'Hello', sender: { name: 'Grace Hopper' } } as Message;

  it.each([
    ['nothing is known', null, { title: 'Parley', body: 'New message' }],
    ['the sender is known', conversation({}), { title: 'Grace Hopper', body: 'New message' }],
    ['the message is known', conversation({ last_message }), { title: 'Grace Hopper', body: 'Hello' }],
    [
      'it is in a group',
      conversation({ last_message, title: 'Launch' }),
      { title: 'Grace Hopper in Launch', body: 'Hello' },
    ],
  ])('says what is known: %s', (_, known, content) => expect(contentOf(subject, known)).toEqual(content));
});
