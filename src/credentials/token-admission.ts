import type { UpstreamFailure } from '../upstream-failure.ts';
import type { Credential } from './credential.ts';

/** What became of an entry that was to be added. */
export type Admission =
  | { result: 'added' | 'already_there'; id: string }
  | { result: 'refused'; reason: string }
  | { result: 'not_checked'; failure: UpstreamFailure };

/**
 * One answer for each entry, by what became of each credential; null is an entry that can't be one, for
 * the reason `mismatch`. An entry that repeats an earlier one finds there what that one has added. Pure.
 */
export function inOrder(
  entries: readonly (Credential | null)[],
  admissions: ReadonlyMap<string, Admission>,
  mismatch: string,
): Admission[] {
  const seen = new Set<string>();
  return entries.map((token) => {
    const admission = token === null ? undefined : admissions.get(token.id);
    if (token === null || admission === undefined) {
      return { result: 'refused', reason: mismatch };
    }
    const isRepeated = seen.has(token.id);
    seen.add(token.id);
    return isRepeated && admission.result === 'added'
      ? { result: 'already_there', id: token.id }
      : admission;
  });
}
