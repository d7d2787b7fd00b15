import type { Entry } from '../translate';

export const shell = {
  'shell.navigation': 'Main menu',
  'shell.chat': 'Chat',
  'shell.notifications': 'Notifications',
  'shell.campaigns': 'Campaigns',
  'shell.money': 'Money',
  'shell.settings': 'Settings',
  'shell.unread': { one: '{count} unread', other: '{count} unread' },
  'shell.account': 'Account of {name}',
  'shell.profile': 'Profile',
  'shell.sign_out': 'Sign out',
  'shell.signing_out': 'Signing out…',
  'shell.sign_out_anyway': 'Sign out all the same',
  'shell.unsent': 'Some of your messages have not been sent. They are lost when you sign out now.',
  'shell.connecting': 'Connecting…',
  'shell.offline': 'You are offline. Messages are sent when you are back.',
  'shell.back': 'Connected again.',
  'shell.back_with': {
    one: 'Connected again: caught up with {count} message.',
    other: 'Connected again: caught up with {count} messages.',
  },
  'shell.inGroup': '{name} in {title}',
  'shell.newMessage': 'New message',
} satisfies Record<string, Entry>;
