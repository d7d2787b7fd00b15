import { randomId } from '@/api/random_id';

const storageKey = 'parley.tab';
const channelName = 'parley.outbox';

/** Other tabs answer within so many milliseconds, unless they are frozen. */
const answerTimeout = 300;

/** A closed tab may be one that is being reloaded: it gets so many milliseconds to come back. */
const returnTimeout = 5_000;

type Word = { kind: 'ask' } | { kind: 'here' | 'gone'; tab: string };

/** This tab, also after a reload. */
export const thisTab = keptTab();

function keptTab(): string {
  try {
    const kept = sessionStorage.getItem(storageKey) ?? randomId();
    sessionStorage.setItem(storageKey, kept);
    return kept;
  } catch {
    // Without storage nothing is kept that another tab could find.
    return randomId();
  }
}

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(channelName);
const say = (word: Word): void => channel?.postMessage(word);

let present = new Set<string>();

/** The other tabs of the app that are open now. One that is frozen may be missing: what it sends is stored once all the same. */
export async function findOtherTabs(): Promise<ReadonlySet<string>> {
  present = new Set();
  if (!channel) return present;
  say({ kind: 'ask' });
  await new Promise((resolve) => setTimeout(resolve, answerTimeout));
  return present;
}

/** Calls `look` some time after another tab was closed. */
export function onTabClosed(look: () => void): void {
  channel?.addEventListener('message', ({ data }: MessageEvent<Word>) => {
    if (data.kind === 'gone') setTimeout(look, returnTimeout);
  });
}

channel?.addEventListener('message', ({ data }: MessageEvent<Word>) => {
  if (data.kind === 'ask') say({ kind: 'here', tab: thisTab });
  if (data.kind === 'here') present.add(data.tab);
});
if (channel) addEventListener('pagehide', () => say({ kind: 'gone', tab: thisTab }));
