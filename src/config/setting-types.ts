import type { SettingType } from './setting.ts';

const BOOLEANS = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['on', true],
  ['false', false],
  ['0', false],
  ['no', false],
  ['off', false],
]);

/** true/false, 1/0, yes/no, on/off, in any case. */
export const boolean: SettingType<boolean> = {
  allowed: 'true or false (also 1/0, yes/no, on/off)',
  parse: (text) => BOOLEANS.get(text.toLowerCase()),
};

/** Digits only, within an inclusive range. */
export function integer(min: number, max: number): SettingType<number> {
  return {
    allowed: `a whole number from ${min} to ${max}`,
    parse(text) {
      const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

/** Text of a given form. */
export function text(allowed: string, form = /./s): SettingType<string> {
  return { allowed, parse: (value) => (form.test(value) ? value : undefined) };
}

/** Words without duplicates, in the order given. Empty entries vanish. */
export function list(
  allowed = 'a list, separated by commas or newlines',
  separator = /[,\n]/,
): SettingType<readonly string[]> {
  return { allowed, parse: (value) => splitList(value, separator) };
}

/** One word of a fixed set, in any case. `synonyms` maps other spellings to a word of the set. */
export function oneOf<const T extends string>(
  words: readonly T[],
  synonyms: Readonly<Record<string, T>> = {},
): SettingType<T> {
  const known = new Map([
    ...words.map((word) => [word, word] as const),
    ...Object.entries(synonyms),
  ]);
  return {
    allowed: `one of ${words.join(', ')}`,
    parse: (value) => known.get(value.toLowerCase()),
  };
}

/** Words of a fixed set without duplicates, in the order given, in any case; at least one. */
export function listOf<const T extends string>(words: readonly T[]): SettingType<readonly T[]> {
  const word = oneOf(words);
  return {
    allowed: `a list of ${words.join(', ')}, separated by commas`,
    parse(value) {
      const parsed = splitList(value, /[,\n]/).map((entry) => word.parse(entry));
      const isRight = parsed.length > 0 && parsed.every((entry) => entry !== undefined);
      return isRight ? [...new Set(parsed)] : undefined;
    },
  };
}

/** An absolute http or https URL, normalized. */
export const httpUrl: SettingType<string> = {
  allowed: 'an http:// or https:// URL',
  parse: (value) => parseHttpUrl(value)?.href,
};

/** The URL of an HTTP proxy; without a scheme it is http, as curl has it. */
export const proxyUrl: SettingType<string> = {
  allowed: 'the http:// or https:// URL of a proxy (SOCKS is not supported)',
  parse(value) {
    const url = parseHttpUrl(value.includes('://') ? value : `http://${value}`);
    return url?.pathname === '/' && url.search === '' ? url.href : undefined;
  },
};

/** `*` or a list of origins as a browser sends them. */
export const origins: SettingType<readonly string[]> = {
  allowed: '*, or a list of origins like https://app.example.com',
  parse(value) {
    const parsed = splitList(value, /[,\n]/).map(parseOrigin);
    return parsed.every((origin) => origin !== undefined) ? [...new Set(parsed)] : undefined;
  },
};

function splitList(value: string, separator: RegExp): readonly string[] {
  const words = value.split(separator).map((word) => word.trim());
  return [...new Set(words.filter((word) => word !== ''))];
}

function parseOrigin(value: string): string | undefined {
  if (value === '*') return value;
  const url = parseHttpUrl(value);
  return url && `${url.origin}/` === url.href ? url.origin : undefined;
}

function parseHttpUrl(value: string): URL | undefined {
  const url = URL.parse(value);
  return url && /^https?:$/.test(url.protocol) ? url : undefined;
}
