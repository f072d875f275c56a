import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { createFormat, type Format } from '../format.ts';
import { CHINESE } from './chinese.ts';
import { ENGLISH, type Text } from './english.ts';
import { type Language, LOCALES } from './languages.ts';

const TEXTS: Readonly<Record<Language, Text>> = { en: ENGLISH, zh: CHINESE };

/** What is said, and how numbers and times are written, in one language. */
export interface Wording {
  text: Text;
  format: Format;
}

export function wordingOf(language: Language): Wording {
  return { text: TEXTS[language], format: createFormat(LOCALES[language]) };
}

/** The wording of the whole page. */
export const WordingContext = createContext<Wording>(wordingOf('en'));

export function useWording(): Wording {
  return useContext(WordingContext);
}
