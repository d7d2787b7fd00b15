import { ref, watch } from 'vue';

import type { Emoji } from './emoji_data';

const storageKey = 'parley.emoji';
const recentMax = 24;

interface Habits {
  /** Used last, the latest first, as they were used. */
  recent: Emoji[];
  /** 0: none; 1 to 5: from light to dark. */
  tone: number;
}

function read(): Habits {
  const none: Habits = { recent: [], tone: 0 };
  try {
    return { ...none, ...(JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Partial<Habits>) };
  } catch {
    return none;
  }
}

/** Which emoji the person of this device uses; kept when changed. */
export const habits = ref(read());

watch(habits, (value) => {
  try {
    localStorage.setItem(storageKey, JSON.stringify(value));
  } catch {
    // No room: they live as long as the page.
  }
});

/** Looks again at what is kept: another tab may have changed it, or signing out. */
export function recallHabits(): void {
  habits.value = read();
}

export function useTone(tone: number): void {
  habits.value = { ...habits.value, tone };
}

/** The emoji in the chosen skin tone. */
export const toned = ({ unicode, tones }: Emoji): string => tones[habits.value.tone - 1] ?? unicode;

/** Notes that an emoji was used. */
export function noteUse(emoji: Emoji): void {
  const used: Emoji = { ...emoji, unicode: toned(emoji), tones: [] };
  const others = habits.value.recent.filter(({ unicode }) => unicode !== used.unicode);
  habits.value = { ...habits.value, recent: [used, ...others].slice(0, recentMax) };
}
