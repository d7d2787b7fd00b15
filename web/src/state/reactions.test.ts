import { expect, it } from 'vitest';

import { withReaction } from './reactions';

const thumb = { emoji: '👍', count: 2, user_ids: [1, 2] };
const heart = { emoji: '❤️', count: 1, user_ids: [1] };

it.each([
  ['the first one', [], 1, '👍', true, [{ emoji: '👍', count: 1, user_ids: [1] }]],
  ['another kind', [thumb], 1, '❤️', true, [thumb, heart]],
  ['one more', [thumb], 3, '👍', true, [{ emoji: '👍', count: 3, user_ids: [1, 2, 3] }]],
  ['one less', [thumb], 1, '👍', false, [{ emoji: '👍', count: 1, user_ids: [2] }]],
  ['the last one', [heart, thumb], 1, '❤️', false, [thumb]],
])('withReaction: %s', (_, reactions, userId, emoji, added, expected) => {
  expect(withReaction(reactions, userId, emoji, added)).toEqual(expected);
});

it.each([
  ['what is there already', 1, '👍', true],
  ['what is not there', 3, '👍', false],
  ['an unknown kind', 1, '❤️', false],
])('withReaction does not change %s', (_, userId, emoji, added) => {
  const reactions = [thumb];
  expect(withReaction(reactions, userId, emoji, added)).toBe(reactions);
});
