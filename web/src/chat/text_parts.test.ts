import { tokenize } from 'linkifyjs';
import { describe, expect, it } from 'vitest';

import { isFewEmoji, textParts } from './text_parts';

const parts = (text: string, names: string[] = []) =>
  textParts(text, names, tokenize).map((part) =>
    part.kind === 'link' ? `[${part.text}](${part.href})` : `${part.kind}:${part.text}`,
  );

describe('textParts', () => {
  it.each([
    ['plain', ['text:plain']],
    ['see https://a.example/x?y=1.', ['text:see ', '[https://a.example/x?y=1](https://a.example/x?y=1)', 'text:.']],
    ['a.example.com', ['[a.example.com](https://a.example.com)']],
    ['me@a.example.com', ['[me@a.example.com](mailto:me@a.example.com)']],
    ['javascript:alert(1)', ['text:javascript:alert(1)']],
    ['<b>x</b>\n<script>', ['text:<b>x</b>\n<script>']],
  ])('%s', (text, expected) => {
    expect(parts(text)).toEqual(expected);
  });

  it('never links to another protocol', () => {
    for (const text of [
      'ftp://a.example.com',
      'file:///etc',
      'data:text/html,x',
      'vbscript:x',
      'blob:https://a.example/1',
    ]) {
      const links = textParts(text, [], tokenize).flatMap((part) =>
        part.kind === 'link' ? [new URL(part.href).protocol] : [],
      );
      for (const protocol of links) expect(['http:', 'https:', 'mailto:']).toContain(protocol);
    }
  });

  it.each([
    ['@Grace Hopper, look', ['mention:@Grace Hopper', 'text:, look']],
    ['hi @grace!', ['text:hi ', 'mention:@grace', 'text:!']],
    ['@Graceful', ['text:@Graceful']],
    ['x@Grace', ['text:x@Grace']],
  ])('mentions: %s', (text, expected) => {
    expect(parts(text, ['Grace', 'Grace Hopper'])).toEqual(expected);
  });

  it('has mentions before links can be found', () => {
    expect(textParts('@Grace: a.example.com', ['Grace'], null)).toEqual([
      { kind: 'mention', text: '@Grace' },
      { kind: 'text', text: ': a.example.com' },
    ]);
  });

  it('loses nothing of the text', () => {
    const text = ' @Grace  https://a.example\n\n@@Grace a@b.example :) ';
    expect(
      textParts(text, ['Grace'], tokenize)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });
});

describe('isFewEmoji', () => {
  it.each(['👍', '🇩🇪', '👨‍👩‍👧‍👦', '❤️', '👍🏽 🎉', '👍👍👍👍👍👍'])('%s is', (text) => expect(isFewEmoji(text)).toBe(true));
  it.each(['', ' ', '1', '#', '👍 ok', '👍👍👍👍👍👍👍', '12👍'])('%s is not', (text) =>
    expect(isFewEmoji(text)).toBe(false),
  );
});
