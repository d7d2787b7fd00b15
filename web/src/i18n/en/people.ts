import type { Entry } from '../translate';

export const people = {
  'people.find': 'Find people by name or e-mail',
  'people.found': 'People',
  'people.nobody': 'Nobody found.',
  'people.chosen': 'Chosen people',
  'people.remove': 'Take {name} out',
  'people.present': 'Already in it',
} satisfies Record<string, Entry>;
