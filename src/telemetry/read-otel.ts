import type { OtelVariables } from '../config/otel-variables.ts';

/** Is told of a variable that makes no sense, without its value: it may be a secret. */
type Warn = (message: string) => void;

/** A word of a fixed set, in any case; `fallback` when there is none, or another. */
export function readOtelWord<Word extends string, Fallback extends Word | null>(
  variables: OtelVariables,
  name: string,
  words: readonly Word[],
  fallback: Fallback,
  warn: Warn,
): Word | Fallback {
  const text = variables[name]?.toLowerCase();
  if (text === undefined) return fallback;
  const word = words.find((one) => one === text);
  if (word === undefined) warn(`${name} is none of ${words.join(', ')}; it is ignored`);
  return word ?? fallback;
}

/** A number within an inclusive range; `fallback` when there is none, or another. */
export function readOtelNumber(
  variables: OtelVariables,
  name: string,
  { min, max }: { min: number; max: number },
  fallback: number,
  warn: Warn,
): number {
  const text = variables[name];
  if (text === undefined) return fallback;
  const number = Number(text);
  if (number >= min && number <= max) return number;
  warn(`${name} is no number from ${min} to ${max}; it is ignored`);
  return fallback;
}

/**
 * `key=value` pairs, separated by commas, percent-encoded as in W3C's baggage. What is no pair is left
 * out.
 */
export function readOtelList(
  variables: OtelVariables,
  name: string,
  warn: Warn,
): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const entry of (variables[name] ?? '').split(',')) {
    const [, key, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(entry) ?? [];
    if (key !== undefined && value !== undefined) pairs[key] = decode(value);
    else if (entry.trim() !== '')
      warn(`${name} has an entry that is not key=value; it is left out`);
  }
  return pairs;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A lone percent sign: it was not encoded.
  }
}
