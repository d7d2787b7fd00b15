import { preferencesKey, showTheme, type Theme } from './state/theme';

// Runs before anything is drawn, as a script of its own: a theme that differs from the browser's must not be seen to
// change. The app reads the same with more care afterwards.
try {
  const { theme } = JSON.parse(localStorage.getItem(preferencesKey) ?? '{}') as { theme?: Theme };
  if (theme === 'light' || theme === 'dark') showTheme(theme);
} catch {
  // Nothing readable is kept: the browser's theme.
}
