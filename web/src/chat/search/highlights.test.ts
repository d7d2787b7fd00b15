import { describe, expect, it } from 'vitest';

import { partsOf } from './highlights';

/** The marked parts in brackets. */
const shown = (text: string, ranges: number[][]) =>
  partsOf(text, ranges)
    .map((part) => (part.marked ? `[${part.text}]` : part.text))
    .join('');

describe('partsOf', () => {
  it.each([
    ['nothing found', 'plain', [], 'plain'],
    ['in the middle', 'one two three', [[4, 3]], 'one [two] three'],
    [
      'at both ends',
      'ab',
      [
        [0, 1],
        [1, 1],
      ],
      '[a][b]',
    ],
    ['code points, not units of two bytes', '🎉🎉 go', [[3, 2]], '🎉🎉 [go]'],
    [
      'out of order',
      'abc',
      [
        [2, 1],
        [0, 1],
      ],
      '[a]b[c]',
    ],
    [
      'overlapping',
      'abcd',
      [
        [0, 3],
        [1, 3],
      ],
      '[abc][d]',
    ],
    [
      'past the end',
      'abc',
      [
        [1, 9],
        [7, 2],
      ],
      'a[bc]',
    ],
    ['an empty range', 'abc', [[1, 0]], 'abc'],
    ['markup stays text', '<b>x</b>', [[3, 1]], '<b>[x]</b>'],
  ])('%s', (_, text, ranges, expected) => expect(shown(text, ranges)).toBe(expected));
});
