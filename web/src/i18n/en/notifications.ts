import type { Entry } from '../translate';

export const notifications = {
  'notifications.heading': 'Notifications',
  'notifications.none': 'Nothing yet. Direct messages and mentions of you are listed here.',
  'notifications.loading': 'Loading notifications…',
  'notifications.readAll': 'Mark all as read',
  'notifications.unread': 'Unread',
  'notifications.direct': '{name} has written to you',
  'notifications.mention': '{name} has mentioned you in {title}',
  'notifications.somewhere': 'a conversation',
  'notifications.gone': 'The message is no longer there.',
  'notifications.other': 'Notification',
  'notifications.offer': 'Be told of new messages while Parley is in the background.',
  'notifications.turnOn': 'Turn on',
  'notifications.turnedOn': 'Browser notifications are on.',
  'notifications.denied':
    'The browser does not allow notifications of this page. Its settings for the page can change that.',
  'notifications.unsupported': 'This browser cannot show notifications of this page.',
} satisfies Record<string, Entry>;
