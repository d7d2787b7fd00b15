import { kept } from './kept';

/** A text with `{name}` in the places of its parameters. */
export type Text = string;

/** A text for each plural category that the language has (`Intl.PluralRules`); `count` decides. */
export type Plural = { other: Text } & Partial<Record<Intl.LDMLPluralRule, Text>>;

export type Entry = Text | Plural;

/** The same keys in another language, whose plural categories may differ. */
export type Translated<English> = Record<keyof English, Entry>;
export type Parameters = Record<string, string | number>;

/** Puts `parameters` into the text of `entry` for `locale`; numbers are written as there. */
export function translate(entry: Entry, parameters: Parameters, locale: string): string {
  const text = typeof entry === 'string' ? entry : chosen(entry, Number(parameters.count ?? 0), locale);
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = parameters[name];
    if (value === undefined) return placeholder;
    return typeof value === 'number' ? numberFormat(locale).format(value) : value;
  });
}

function chosen(plural: Plural, count: number, locale: string): Text {
  return plural[pluralRules(locale).select(count)] ?? plural.other;
}

const pluralRules = kept((locale: string) => new Intl.PluralRules(locale));
const numberFormat = kept((locale: string) => new Intl.NumberFormat(locale));
