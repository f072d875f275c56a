import type { UpstreamFailure } from '../upstream-failure.ts';
import type { Credential } from './credential.ts';

/** What became of an entry that was to be added. */
export type AddedCredential =
  | { result: 'added' | 'already_there'; id: string }
  | { result: 'refused'; reason: string }
  | { result: 'not_checked'; failure: UpstreamFailure };

/**
 * One answer for each entry, by what became of each credential; null is an entry that can't be one, for
 * the reason `mismatch`. An entry that repeats an earlier one finds there what that one has added. Pure.
 */
export function inOrder(
  entries: readonly (Credential | null)[],
  added: ReadonlyMap<string, AddedCredential>,
  mismatch: string,
): AddedCredential[] {
  const seen = new Set<string>();
  return entries.map((credential) => {
    const answer = credential === null ? undefined : added.get(credential.id);
    if (credential === null || answer === undefined) {
      return { result: 'refused', reason: mismatch };
    }
    const isRepeated = seen.has(credential.id);
    seen.add(credential.id);
    return isRepeated && answer.result === 'added'
      ? { result: 'already_there', id: credential.id }
      : answer;
  });
}
