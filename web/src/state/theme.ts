/** Where the preferences of this device are kept; the first paint reads the theme there, too. */
export const preferencesKey = 'parley.preferences';

export type Theme = 'system' | 'light' | 'dark';

// The colour of the browser's own bars: --surface of each theme, as the metas of index.html have them for `system`.
const barColours = { light: '#ffffff', dark: '#161d1b' } as const;

/** Shows the page in `theme` from now on. `system` leaves it to the style sheets, which ask the browser. */
export function showTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')) {
    const own = meta.media.includes('dark') ? 'dark' : 'light';
    meta.content = barColours[theme === 'system' ? own : theme];
  }
}
