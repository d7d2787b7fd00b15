import { computed, ref } from 'vue';

import { api } from '@/api';
import type { Notification, Page } from '@/api/types';
import { signals } from '@/live/signals';

import { PagedList } from './paged_list';

const pageSize = 50;

type NotificationPage = Page<Notification> & { unread_count: number };

/** What a notification of a message says (docs/chat.md): who sent which message where. */
export interface MessageSubject {
  user_id: number;
  conversation_id: number;
  message_id: number;
}

/** How many notifications are unread, also those that are not loaded. */
export const unreadNotifications = ref(0);

/** The notifications, newest first. */
export const notificationList = new PagedList<Notification>(async (cursor, signal) => {
  const page = await api.get<NotificationPage>('/api/notifications', { limit: pageSize, cursor }, signal);
  unreadNotifications.value = page.unread_count;
  return page;
});

export const notifications = computed(() => notificationList.rows.value);

/** What has come while the newest notifications were on their way, whose answer may not have it. */
let early: Notification[] = [];

/** Loads the newest notifications, and how many are unread. */
export async function loadNotifications(): Promise<void> {
  early = [];
  await notificationList.begin();
  const isNew = ({ id }: Notification) => !notifications.value.some((row) => row.id === id);
  early.filter(isNew).forEach(put);
  if (notificationList.failure.value) throw notificationList.failure.value;
}

async function loadUnreadCount(): Promise<void> {
  const page = await api.get<NotificationPage>('/api/notifications', { limit: 1 });
  unreadNotifications.value = page.unread_count;
}

/** The message that a notification is about; null for a kind that this app does not know. */
export function subjectOf({ data }: Notification): MessageSubject | null {
  const { user_id, conversation_id, message_id } = data as Partial<Record<keyof MessageSubject, unknown>>;
  const known = typeof user_id === 'number' && typeof conversation_id === 'number' && typeof message_id === 'number';
  return known ? { user_id, conversation_id, message_id } : null;
}

/** Shows a notification as read at once; rejects, and shows it as before, when the server does not take it. */
export async function markNotificationRead(id: string): Promise<void> {
  if (notifications.value.find((row) => row.id === id)?.read_at) return;
  await optimistically(
    () => takeNotificationRead(id),
    () => api.post(`/api/notifications/${id}/read`),
  );
}

/** A notification that the server has taken as read. */
export function takeNotificationRead(id: string): void {
  // A live event may have told of it already.
  if (notifications.value.find((row) => row.id === id)?.read_at !== null) return;
  setRead((row) => row.id === id);
  unreadNotifications.value = Math.max(0, unreadNotifications.value - 1);
}

/** Shows all of them as read at once; rejects like `markNotificationRead`. */
export async function markAllNotificationsRead(): Promise<void> {
  await optimistically(
    () => {
      setRead(() => true);
      unreadNotifications.value = 0;
    },
    () => api.post('/api/notifications/read-all'),
  );
}

async function optimistically(apply: () => void, ask: () => Promise<unknown>): Promise<void> {
  const before = { rows: notifications.value, count: unreadNotifications.value };
  apply();
  try {
    await ask();
  } catch (error) {
    const unread = new Set(before.rows.filter(({ read_at }) => !read_at).map(({ id }) => id));
    change((row) => (unread.has(row.id) ? { ...row, read_at: null } : row));
    unreadNotifications.value = before.count;
    throw error;
  }
}

function setRead(which: (row: Notification) => boolean): void {
  const now = new Date().toISOString();
  change((row) => (!row.read_at && which(row) ? { ...row, read_at: now } : row));
}

function change(update: (row: Notification) => Notification): void {
  notificationList.rows.value = notifications.value.map(update);
}

function put(notification: Notification): void {
  if (notificationList.isLoading.value) early.push(notification);
  if (!notificationList.isLoaded.value) return;
  const others = notifications.value.filter(({ id }) => id !== notification.id);
  const newestFirst = (a: Notification, b: Notification) => b.created_at.localeCompare(a.created_at);
  notificationList.rows.value = [notification, ...others].sort(newestFirst);
}

let synced = false;

signals.notificationCreated.listen(({ notification, unread_count }) => {
  put(notification);
  unreadNotifications.value = unread_count;
});
signals.notificationSynced.listen((notification) => {
  put(notification);
  synced = true;
});
signals.notificationsRead.listen(({ ids, unread_count }) => {
  const read = new Set(ids);
  // Of many at once only the newest are named.
  setRead((row) => unread_count === 0 || read.has(row.id));
  unreadNotifications.value = unread_count;
});
signals.caughtUp.listen(() => {
  // Catching up tells notifications, not how many are unread. Without an answer the next event tells.
  if (synced) void loadUnreadCount().catch(() => undefined);
  synced = false;
});
// A failure is kept for the list to show.
signals.reset.listen(() => void loadNotifications().catch(() => undefined));
signals.sessionEnded.listen(() => {
  notificationList.clear();
  unreadNotifications.value = 0;
});
