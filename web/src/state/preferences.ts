import { reactive, watch } from 'vue';

import { language, languages, preferredLanguage, t, useLanguage, type LanguageCode } from '@/i18n';

import { preferencesKey, showTheme, type Theme } from './theme';
import { toast } from './toasts';

export type { Theme } from './theme';

interface Preferences {
  theme: Theme;
  language: LanguageCode;
  /** Whether the browser shows notifications while the app is in the background. */
  browserNotifications: boolean;
  /** Whether the key / opens the search. Who speaks to the computer presses single keys unawares (WCAG 2.1.4). */
  slashSearches: boolean;
}

const themes: readonly Theme[] = ['system', 'light', 'dark'];

/** What is kept, with the default in place of what is absent or unknown. */
export function parsePreferences(kept: string | null): Preferences {
  const defaults: Preferences = {
    theme: 'system',
    language: preferredLanguage(),
    browserNotifications: false,
    slashSearches: true,
  };
  try {
    const { theme, language, browserNotifications, slashSearches } = JSON.parse(kept ?? '{}') as Partial<Preferences>;
    return {
      theme: themes.find((known) => known === theme) ?? defaults.theme,
      language: language !== undefined && Object.hasOwn(languages, language) ? language : defaults.language,
      browserNotifications: browserNotifications === true,
      slashSearches: slashSearches !== false,
    };
  } catch {
    return defaults;
  }
}

/** What the person wants on this device; kept when changed, and in step over the tabs of a browser. */
export const preferences = reactive(parsePreferences(localStorage.getItem(preferencesKey)));

async function show(wanted: LanguageCode): Promise<void> {
  try {
    await useLanguage(wanted);
  } catch {
    if (preferences.language !== wanted) return;
    // What is chosen is what is seen.
    preferences.language = language.value;
    toast(t('app.language_failed'), 'error');
  }
}

/** Shows the app as the preferences say, now and when they change. Resolves when the language is there. */
export async function applyPreferences(): Promise<void> {
  watch(preferences, (value) => localStorage.setItem(preferencesKey, JSON.stringify(value)));
  addEventListener('storage', (event) => {
    if (event.key === preferencesKey) Object.assign(preferences, parsePreferences(event.newValue));
  });
  watch(() => preferences.theme, showTheme, { immediate: true });
  watch(
    () => preferences.language,
    (wanted) => void show(wanted),
  );
  // Offline, the texts of another language may be out of reach: English is always there.
  await useLanguage(preferences.language).catch(() => useLanguage('en'));
}
