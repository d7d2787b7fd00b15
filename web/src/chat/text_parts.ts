/** A piece of a message's text. */
export type TextPart =
  { kind: 'text'; text: string } | { kind: 'mention'; text: string } | { kind: 'link'; text: string; href: string };

const linkProtocols = new Set(['http:', 'https:', 'mailto:']);
const wordCharacter = /[\p{L}\p{N}_]/u;

/** Divides a text into what are links and what are none; joined the pieces are the text again. */
export type FindLinks = (text: string) => { v: string; isLink: boolean; toHref: (scheme?: string) => string }[];

/** Whether a text may have links or mentions. Most have neither, and looking for them is the dearest part of a message. */
export const mayHaveParts = (text: string): boolean => /[@.:]/.test(text);

/**
 * `text` in pieces: links, mentions of `names`, and what is between them. Joined they are the text again. Without
 * `findLinks` there are no links.
 */
export function textParts(text: string, names: readonly string[], findLinks: FindLinks | null): TextPart[] {
  if (!mayHaveParts(text)) return [{ kind: 'text', text }];
  if (!findLinks) return joined(mentionParts(text, names));
  return joined(
    findLinks(text).flatMap((piece): TextPart[] => {
      const href = piece.isLink ? safeAddress(piece.toHref('https')) : null;
      return href === null ? mentionParts(piece.v, names) : [{ kind: 'link', text: piece.v, href }];
    }),
  );
}

function safeAddress(address: string): string | null {
  try {
    return linkProtocols.has(new URL(address).protocol) ? address : null;
  } catch {
    return null;
  }
}

function mentionParts(text: string, names: readonly string[]): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    if (at < from || (at > 0 && wordCharacter.test(text[at - 1]!))) continue;
    const end = mentionEnd(text, at + 1, names);
    if (end === null) continue;
    parts.push({ kind: 'text', text: text.slice(from, at) }, { kind: 'mention', text: text.slice(at, end) });
    from = end;
  }
  return [...parts, { kind: 'text', text: text.slice(from) }];
}

/** Where the longest of `names` that begins at `start` ends, if it ends there as a word does. */
function mentionEnd(text: string, start: number, names: readonly string[]): number | null {
  let longest: number | null = null;
  for (const name of names) {
    const end = start + name.length;
    if (name === '' || end <= (longest ?? 0) || wordCharacter.test(text[end] ?? '')) continue;
    if (text.slice(start, end).toLowerCase() === name.toLowerCase()) longest = end;
  }
  return longest;
}

function joined(parts: TextPart[]): TextPart[] {
  const result: TextPart[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (part.kind === 'text' && part.text === '') continue;
    if (part.kind === 'text' && last?.kind === 'text') last.text += part.text;
    else result.push(part);
  }
  return result;
}

/** A message of so few emoji and nothing else is shown larger. */
const largeEmojiMax = 6;

const onlyEmoji =
  /^(?:\p{RI}\p{RI}|\p{Emoji_Presentation}|\p{Extended_Pictographic}|[\p{Emoji_Modifier}\u200D\uFE0F\s])+$/u;
const someEmoji = /\p{RI}\p{RI}|\p{Extended_Pictographic}/u;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Whether `text` is a few emoji and nothing else. */
export function isFewEmoji(text: string): boolean {
  // An emoji has at most 32 bytes, which are never more than that many units here.
  if (text.length > largeEmojiMax * 32 || !onlyEmoji.test(text) || !someEmoji.test(text)) return false;
  const clusters = [...graphemes.segment(text)].filter(({ segment }) => segment.trim() !== '');
  return clusters.length <= largeEmojiMax;
}
