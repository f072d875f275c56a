import { type AccountTokens, parseAccountTokens } from './account-tokens.ts';

/** What a token file holds. Lines count from 1. */
export interface TokenFileContent {
  accounts: AccountTokens['accounts'];
  /** Where something stands that can't be a token. */
  refusedLines: number[];
}

/**
 * Reads the text of a token file: entries separated by line breaks of any kind or by commas; `#`
 * begins a comment, at the start of a line or later. Entries are what `parseAccountTokens` takes.
 */
export function parseTokenFile(text: string): TokenFileContent {
  const entries = text.split(/\r\n|\r|\n/).flatMap((line, index) =>
    line
      .replace(/#.*/, '')
      .split(',')
      .filter((entry) => entry.trim() !== '')
      .map((entry) => ({ entry, line: index + 1 })),
  );
  const { accounts, refused } = parseAccountTokens(entries.map(({ entry }) => entry));
  const lines = refused.flatMap(({ position }) => entries[position - 1]?.line ?? []);
  return { accounts, refusedLines: [...new Set(lines)] };
}
