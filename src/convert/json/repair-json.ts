import { jsonrepair } from 'jsonrepair';
import { parseJson } from '../../lib/parse-json.ts';
import { missingJsonEnd } from './missing-json-end.ts';

/**
 * Longer texts are not given to the library, in UTF-16 units: of the most broken kind (nothing but
 * quotes), it needs some 0.15 s for this many, and four times as long for twice as many (3.15.0,
 * measured). All else here is linear.
 */
const MAX_LIBRARY_UNITS = 32 * 1024;

/**
 * A longer end is not put behind a text: no model nests so deep, and the engine needs half a second to
 * find that such a value cannot be written again.
 */
const MAX_END_UNITS = 1000;

/** An escape, of JSON's or of another language's strings; or else a backslash that is meant as one. */
const BACKSLASH = /\\(?:["'`\\/bfnrt\r\n]|u[\da-fA-F]{4})|\\(?!$|u[\da-fA-F]{0,3}$)/g;

/**
 * The value of a JSON text; undefined when it is none, or is nested so deep that it could be read but
 * not be written again.
 */
export function parseWritableJson(text: string): unknown {
  const value = parseJson(text);
  try {
    if (typeof value === 'object') JSON.stringify(value);
    return value;
  } catch {
    return undefined; // nested too deep: the engine ran out of stack
  }
}

/**
 * The value of a JSON text as a model may write it: its end missing, or quotes, commas or escapes, or
 * in the way of another language. undefined when it cannot be told. A long text gets its end and what
 * it lacks of escapes, and nothing else.
 */
export function repairJson(text: string): unknown {
  if (text.trim() === '') return undefined;
  const escaped = withBackslashes(text);
  // If only the end is missing, or escapes, there is nothing to guess, and the library would.
  const value = parseWritableJson(withEnd(escaped));
  return value ?? parseWritableJson(withEnd(withLineBreaks(escaped))) ?? parseRepaired(escaped);
}

/** In patterns and Windows paths (`\d`, `C:\Users`) the library would take the backslash for nothing. */
function withBackslashes(text: string): string {
  return text.replace(BACKSLASH, (found) => (found === '\\' ? '\\\\' : found));
}

/** Line breaks and other control characters stand in strings as they are: models forget to escape. */
function withLineBreaks(text: string): string {
  let escaped = '';
  let from = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text[at] as string;
    if (unit === '\\') at += 1;
    else if (unit === '"') inString = !inString;
    else if (inString && unit < ' ') {
      escaped += text.slice(from, at) + JSON.stringify(unit).slice(1, -1);
      from = at + 1;
    }
  }
  return escaped + text.slice(from);
}

/** Where all the brackets are there, it is a quote before them that is missing. */
function withEnd(text: string): string {
  const end = missingJsonEnd(text);
  if (end.length > MAX_END_UNITS) return text;
  const brackets = end.slice(1);
  const trimmed = text.trimEnd();
  const lacksQuote = end.startsWith('"') && brackets !== '' && trimmed.endsWith(brackets);
  return lacksQuote ? trimmed.slice(0, -brackets.length) + end : text + end;
}

function parseRepaired(text: string): unknown {
  if (text.length > MAX_LIBRARY_UNITS) return undefined;
  try {
    return parseWritableJson(jsonrepair(text));
  } catch {
    return undefined; // beyond repair, or nested so deep that the library ran out of stack
  }
}
