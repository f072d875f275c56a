import { useState } from 'preact/hooks';
import { chooseTheme, readTheme, THEMES, type Theme } from '../preferences.ts';
import { LANGUAGE_NAMES, LANGUAGES, type Language } from '../text/languages.ts';
import { useWording } from '../text/text-context.ts';

export interface LanguageChoice {
  language: Language;
  chooseLanguage: (language: Language) => void;
}

/** Language and theme. */
export function Choices({ language, chooseLanguage }: LanguageChoice) {
  const { text } = useWording();
  const [theme, setTheme] = useState<Theme>(readTheme);
  const changeTheme = (chosen: Theme) => {
    chooseTheme(chosen);
    setTheme(chosen);
  };
  return (
    <>
      <select
        aria-label={text.language}
        value={language}
        onChange={({ currentTarget }) => chooseLanguage(currentTarget.value as Language)}
      >
        {LANGUAGES.map((one) => (
          <option key={one} value={one}>
            {LANGUAGE_NAMES[one]}
          </option>
        ))}
      </select>
      <select
        aria-label={text.theme}
        value={theme}
        onChange={({ currentTarget }) => changeTheme(currentTarget.value as Theme)}
      >
        {THEMES.map((one) => (
          <option key={one} value={one}>
            {text.themes[one]}
          </option>
        ))}
      </select>
    </>
  );
}
