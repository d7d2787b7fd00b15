import type { Entry } from '../translate';

export const app = {
  'app.name': 'Parley',
  'app.notKnownYet': '…',
  'app.loading': 'Loading…',
  'app.unreachable': 'The server does not answer.',
  'app.language': 'Language',
  'app.show_password': 'Show the password',
  'app.unreachable_text': 'Check your connection, then try again.',
  'app.skip': 'Skip to the content',
  'action.cancel': 'Cancel',
  'action.close': 'Close',
  'action.save': 'Save',
  'action.retry': 'Try again',
  'action.back': 'Back',
  'action.more': 'Show more',
  'app.language_failed': 'This language could not be loaded. Check your connection, then try again.',
  'app.part_failed': 'This part of the app could not be loaded. Check your connection, then try again.',
  'app.online': 'Online',
  'time.yesterday': 'Yesterday',
  'time.today': 'Today',
} satisfies Record<string, Entry>;
