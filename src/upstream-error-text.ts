import { isRecord } from './lib/is-record.ts';

/** Longest free text of an upstream that goes on to clients and logs, in UTF-16 units. */
const MAX_UNITS = 300;

/**
 * An `Authorization` value, a JWT, a `token` of a query (a URL of chat.z.ai carries one), an official
 * API key (32 hex digits, a dot, its secret), a key of OpenAI's form.
 */
const CREDENTIAL =
  /\bBearer\s+\S+|\beyJ[\w-]{6,}[\w.-]*|\btoken=[^\s&"']+|\b[\da-f]{32}\.\w{8,}|\bsk-[\w-]{8,}/gi;

/** An upstream's text, fit to be shown: cut short, with anything that looks like a credential taken out. */
export function redactErrorText(text: string): string {
  const safe = text.replace(CREDENTIAL, '[redacted]');
  if (safe.length <= MAX_UNITS) return safe;
  // The cut may halve a surrogate pair.
  return `${safe.slice(0, MAX_UNITS).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** An error code as text, whether it came as a number or as text; null when there is none. */
export function readErrorCode(code: unknown): string | null {
  if (typeof code === 'number') return String(code);
  return typeof code === 'string' && code !== '' ? code : null;
}

/**
 * What an error says in words; '' when it says nothing. Of a list of wrong fields, as FastAPI sends
 * it, the words only: beside them it repeats what it was sent, and a prompt is no error. Other lists
 * and objects as JSON.
 */
export function readErrorText(text: unknown): string {
  if (typeof text === 'string') return text.trim();
  if (text === null || text === undefined) return '';
  const messages = Array.isArray(text) ? text.flatMap(messageOf) : [];
  return messages.length > 0 ? messages.join('; ') : JSON.stringify(text);
}

/** https://fastapi.tiangolo.com/tutorial/handling-errors/: `{loc, msg, type, input}`. */
function messageOf(entry: unknown): string[] {
  if (!isRecord(entry) || typeof entry.msg !== 'string') return [];
  const place = Array.isArray(entry.loc) ? `${entry.loc.join('.')}: ` : '';
  return [place + entry.msg];
}
