import { expect, it } from 'vitest';

import { rowSteps } from './row_steps';

const rows = (text: string) => [...text].map((key) => ({ key }));
const steps = (from: string, to: string) =>
  rowSteps(rows(from), rows(to)).map(
    ({ rows: next, shift }) => (shift ? '<' : '') + next.map(({ key }) => key).join(''),
  );

it.each([
  ['nothing before', '', 'abc', ['abc']],
  ['more at the end', 'abc', 'abcde', ['abcde']],
  ['less at the end', 'abcde', 'abc', ['abc']],
  ['one in the middle', 'abd', 'abcd', ['abcd']],
  ['more at the start', 'cde', 'abcde', ['<abcde']],
  ['less at the start', 'abcde', 'cde', ['<cde']],
  ['more at the start, as many less at the end', 'cdef', 'abcd', ['cd', '<abcd']],
  ['less at the start, as many more at the end', 'abcd', 'cdef', ['<cd', 'cdef']],
  ['everything gone', 'abc', '', ['']],
  ['nothing in common', 'abc', 'xyz', []],
])('%s', (_, from, to, expected) => {
  expect(steps(from, to)).toEqual(expected);
});
