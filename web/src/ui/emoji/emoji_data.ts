/** An emoji of the picker. */
export interface Emoji {
  unicode: string;
  label: string;
  /** Further words by which it is found. */
  tags: readonly string[];
  /** The same in five skin tones, from light to dark; empty for what has no skin. */
  tones: readonly string[];
}

/** A row of emojibase's compact data. */
export interface EmojiRow {
  unicode: string;
  label: string;
  group?: number;
  tags?: string[];
  skins?: { unicode: string }[];
}

/** The groups of emojibase that are shown, by number; 2 are components, which are no emoji by themselves. */
export const groupNumbers = [0, 1, 3, 4, 5, 6, 7, 8, 9] as const;
export type GroupNumber = (typeof groupNumbers)[number];

export type EmojiGroups = ReadonlyMap<GroupNumber, readonly Emoji[]>;

/** More than this many found emoji are of no use to anybody. */
const foundMax = 160;

const toneCount = 5;

let loading: Promise<EmojiGroups> | null = null;

/** All emoji, loaded when first needed. Rejects when they cannot be loaded; the next call tries again. */
export function loadEmoji(): Promise<EmojiGroups> {
  loading ??= import('emojibase-data/en/compact.json')
    .then(({ default: rows }) => groupEmoji(rows))
    .catch((error: unknown) => {
      loading = null;
      throw error;
    });
  return loading;
}

export function groupEmoji(rows: readonly EmojiRow[]): EmojiGroups {
  const groups = new Map<GroupNumber, Emoji[]>(groupNumbers.map((number) => [number, []]));
  for (const row of rows) groups.get(row.group as GroupNumber)?.push(emojiOf(row));
  return groups;
}

const emojiOf = ({ unicode, label, tags, skins }: EmojiRow): Emoji => ({
  unicode,
  label,
  tags: tags ?? [],
  // Two people have a tone each, in all combinations: those stay without a choice.
  tones: skins?.length === toneCount ? skins.map((skin) => skin.unicode) : [],
});

/** The emoji with a word that begins with each word of `query`; those whose name begins so come first. */
export function findEmoji(groups: EmojiGroups, query: string): Emoji[] {
  const terms = wordsOf(query);
  if (terms.length === 0) return [];
  const found = [...groups.values()].flat().filter((emoji) => matches(emoji, terms));
  const isFirst = ({ label }: Emoji) => label.startsWith(terms[0]!);
  return [...found.filter(isFirst), ...found.filter((emoji) => !isFirst(emoji))].slice(0, foundMax);
}

function matches({ label, tags }: Emoji, terms: readonly string[]): boolean {
  const words = [...wordsOf(label), ...tags];
  return terms.every((term) => words.some((word) => word.startsWith(term)));
}

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[\s:,_]+/)
    .filter(Boolean);
