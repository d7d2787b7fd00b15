import type { ApiError } from '@/api';
import { isKey, t, type Key } from '@/i18n';

/**
 * What the server's sentences mean where its code alone does not tell; a number in them is what `count` becomes. They are
 * those of Laravel's validation, and as stable as its codes. The first that fits counts.
 */
const sentences: readonly [RegExp, Key][] = [
  [/ field is required\.$/, 'refusal.required'],
  [/ must be a valid email address\.$/, 'refusal.email'],
  [/^The email has already been taken\.$/, 'refusal.taken'],
  [/^These credentials do not match our records\.$/, 'refusal.credentials'],
  [/^The password is incorrect\.$/, 'refusal.password'],
  [/ must be at least (\d+) characters\.$/, 'refusal.too_short'],
  [/ must not be greater than (\d+) characters\.$/, 'refusal.too_long'],
  [/ must not be greater than \d+ bytes\.$/, 'refusal.too_long_bytes'],
  [/ must not contain (?:control characters|the character NUL)\.$/, 'refusal.characters'],
  [/^The selected .+ (?:is|are) invalid\b/, 'refusal.choice'],
  [/^Registration is open to invited addresses only\.$/, 'refusal.not_invited'],
  [/^Registration is switched off/, 'refusal.registration_off'],
  [/ has blocked you\.$|^You cannot send messages to this user\.$/, 'refusal.blocked'],
  [/^A group may have at most (\d+) participants/, 'refusal.group_full'],
  [/^A campaign has at most (\d+) members/, 'refusal.campaign_full'],
  [/^The balance is insufficient\.$/, 'refusal.balance'],
  [/^The balance must not be greater/, 'refusal.balance_max'],
  [/^The file is not a picture/, 'refusal.picture'],
];

/** The server's `sentence` in the language in use; null for one that we have no words for. */
function inOurWords(sentence: string): string | null {
  for (const [pattern, key] of sentences) {
    const found = pattern.exec(sentence);
    if (found) return t(key, found[1] === undefined ? {} : { count: Number(found[1]) });
  }
  return null;
}

/** What the server says of single fields, in the language in use where we have words for it. */
export function fieldTexts(fields: ApiError['fields']): Record<string, string[]> {
  const texts = (all: string[]) => all.map((sentence) => inOurWords(sentence) ?? sentence);
  return Object.fromEntries(Object.entries(fields).map(([field, all]) => [field, texts(all)]));
}

/** Why the server has refused something, in the language in use; in the server's own words if we have none. */
export function refusalText(error: ApiError): string {
  const ofFields = Object.values(fieldTexts(error.fields)).flat();
  if (ofFields.length > 0) return ofFields.join(' ');
  const ofCode = `error.${error.code}`;
  return inOurWords(error.message) ?? (isKey(ofCode) ? t(ofCode) : wordsOfStatus(error));
}

/** Several codes say that the server cannot at the moment; a proxy before it has none at all. */
function wordsOfStatus({ code, status, isTemporary, message }: ApiError): string {
  if (status === 429) return t('error.too_many_requests');
  if (isTemporary) return t('error.unavailable');
  return code === `http_${status}` ? t('error.unknown') : message;
}
