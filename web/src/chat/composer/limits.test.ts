import { describe, expect, it } from 'vitest';

import { charactersLeft, chooseFiles, cleanBody, countdownFrom } from './limits';

const limits = { message_length: 10_000, attachment_bytes: 10, attachments_per_message: 2 };
const file = (name: string, size: number) => new File(['x'.repeat(size)], name);

describe('cleanBody', () => {
  it('takes white space around away, and control characters but newlines and tabs', () => {
    expect(cleanBody(' \n a\u0000\r\n\tb\u0085 \n')).toBe('a\n\tb');
  });
});

describe('charactersLeft', () => {
  it('counts code points near the limit', () => {
    const limit = countdownFrom + 10;
    expect(charactersLeft('😀'.repeat(20), limit)).toBe(limit - 20);
    expect(charactersLeft('😀'.repeat(limit + 1), limit)).toBe(-1);
  });

  it('does not count the white space that is taken away', () => {
    expect(charactersLeft(`${'a'.repeat(600)}   `, 600)).toBe(0);
  });
});

describe('chooseFiles', () => {
  it('takes files up to the size', () => {
    const choice = chooseFiles(0, [file('a', 10), file('b', 11)], limits);
    expect(choice.accepted.map(({ name }) => name)).toEqual(['a']);
    expect(choice.complaints).toEqual([{ kind: 'too_large', name: 'b' }]);
  });

  it('refuses empty files', () => {
    expect(chooseFiles(0, [file('a', 0)], limits).complaints).toEqual([{ kind: 'empty', name: 'a' }]);
  });

  it('takes files up to the count, those that are there included, and complains once', () => {
    const choice = chooseFiles(1, [file('a', 1), file('b', 1), file('c', 1)], limits);
    expect(choice.accepted.map(({ name }) => name)).toEqual(['a']);
    expect(choice.complaints).toEqual([{ kind: 'too_many' }]);
  });
});
