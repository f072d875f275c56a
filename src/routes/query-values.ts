import { type TObject, type TOptional, type TString, Type } from '@sinclair/typebox';
import { InvalidRequestError } from '../errors.ts';

/** Parameters that may be left out, or be empty, which is the same. */
export function optionalTexts<Name extends string>(
  ...names: readonly Name[]
): TObject<Record<Name, TOptional<TString>>> {
  const texts = names.map((name) => [name, Type.Optional(Type.String())] as const);
  return Type.Object(Object.fromEntries(texts) as Record<Name, TOptional<TString>>);
}

/**
 * Unix ms of an ISO 8601 time or of Unix ms; undefined when there is none.
 *
 * @throws InvalidRequestError
 */
function readTime(param: string, text: string | undefined): number | undefined {
  if (!text) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isFinite(new Date(ms).getTime())) return ms;
  const message = `'${param}' must be a time like 2026-11-20T19:00:00Z, or Unix milliseconds.`;
  throw new InvalidRequestError(message, param);
}

/**
 * A range of which either end may be open.
 *
 * @throws InvalidRequestError
 */
export function readRange(query: { from?: string | undefined; to?: string | undefined }) {
  const fromMs = readTime('from', query.from);
  const toMs = readTime('to', query.to);
  if ((fromMs ?? Number.NEGATIVE_INFINITY) >= (toMs ?? Number.POSITIVE_INFINITY)) {
    throw new InvalidRequestError("'from' must be before 'to'.", 'from');
  }
  return { fromMs, toMs };
}

/**
 * One of some words; undefined when there is none.
 *
 * @throws InvalidRequestError
 */
export function readWord<Word extends string>(
  param: string,
  text: string | undefined,
  words: readonly Word[],
): Word | undefined {
  if (!text) return undefined;
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  const message = `'${param}' must be one of: ${words.join(', ')}.`;
  throw new InvalidRequestError(message, param, 'invalid_value');
}

/**
 * A whole number from 1 to `max`; undefined when there is none.
 *
 * @throws InvalidRequestError
 */
export function readCount(
  param: string,
  text: string | undefined,
  max: number,
): number | undefined {
  if (!text) return undefined;
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= max) return count;
  const message = `'${param}' must be a whole number from 1 to ${max}.`;
  throw new InvalidRequestError(message, param, 'invalid_value');
}
