import type { Entry } from '../translate';

export const search = {
  'search.field': 'Search people and messages',
  'search.leave': 'Leave the search',
  'search.filters': 'Filters',
  'search.where': 'Where',
  'search.everywhere': 'Everywhere',
  'search.from': 'From',
  'search.anybody': 'From anybody',
  'search.withAttachment': 'Only with files',
  'search.people': 'People',
  'search.messages': 'Messages',
  'search.morePeople': 'More people',
  'search.moreMessages': 'Older messages',
  'search.in': 'in {title}',
  'search.hint': 'Write what you are looking for.',
  'search.searching': 'Searching…',
  'search.nothing': 'Nothing found.',
  'search.failed': 'The search has failed.',
  'search.peopleFound': { one: '{count} person found.', other: '{count} people found.' },
  'search.messagesFound': { one: '{count} message found.', other: '{count} messages found.' },
} satisfies Record<string, Entry>;
