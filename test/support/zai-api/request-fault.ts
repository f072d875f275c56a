import type { ApiErrorCode } from './answers.ts';

/** One thing that is wrong with a request. */
export interface Fault {
  code: ApiErrorCode;
  /** In which field and how, for the test's author. */
  reason: string;
}

/** Whether a JSON value is an object, with members to look at. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field that the vendor's reference does not know. */
export function* unknownFields(
  value: Record<string, unknown>,
  known: readonly string[],
  place: string,
): Generator<Fault> {
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) yield { code: 1210, reason: `${place}${name} is not known` };
  }
}

/** A field that came, but can't be so. */
export function invalid(place: string, why: string): Fault {
  return { code: 1214, reason: `${place} ${why}` };
}

/** A field that is missing or says nothing. */
export function missing(place: string): Fault {
  return { code: 1213, reason: `${place} is missing or empty` };
}
