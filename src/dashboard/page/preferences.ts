import { LANGUAGES, type Language } from './text/languages.ts';

/** `system` follows the browser. */
export const THEMES = ['system', 'light', 'dark'] as const;

export type Theme = (typeof THEMES)[number];

const THEME_KEY = 'glm-gateway.theme';
const LANGUAGE_KEY = 'glm-gateway.language';

/** The theme that was chosen in this browser. */
export function readTheme(): Theme {
  const kept = read(THEME_KEY);
  return THEMES.find((theme) => theme === kept) ?? 'system';
}

/** Shows a theme and keeps it. */
export function chooseTheme(theme: Theme): void {
  write(THEME_KEY, theme);
  applyTheme(theme);
}

export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  // Charts are drawn in colours of the theme, and have to be drawn again.
  document.dispatchEvent(new Event(THEME_CHANGED));
}

/** Of the document, when another theme is shown. */
export const THEME_CHANGED = 'theme-changed';

/** The language that was chosen in this browser, or the first of the browser's that there is. */
export function readLanguage(): Language {
  const wanted = [read(LANGUAGE_KEY), ...navigator.languages];
  const found = wanted.flatMap((tag) => {
    const primary = tag?.split('-', 1)[0];
    return LANGUAGES.find((language) => language === primary) ?? [];
  });
  return found[0] ?? 'en';
}

export function keepLanguage(language: Language): void {
  write(LANGUAGE_KEY, language);
}

/** A browser may refuse to keep anything; then a choice lasts as long as the page. */
function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // Storage is switched off.
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage is switched off or full: the choice is not kept.
  }
}
