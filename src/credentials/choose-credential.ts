import type { CredentialEntry } from './credential-entry.ts';
import { type StandingContext, standingOf } from './credential-standing.ts';
import type { LeaseWish } from './lease-wish.ts';
import { selectLeastBusy } from './select-least-busy.ts';

export interface ChoiceContext extends StandingContext {
  /** Whether a credential that is due for its probe comes before the healthy ones. */
  prefersProbe: boolean;
}

/** A credential, or why there is none: the usable ones are full, or being probed, or there are none. */
export type Choice = CredentialEntry | 'full' | 'probing' | 'none';

/**
 * Chooses the credential for a wish: one that the request has not tried, else, when the wish allows
 * it, one that it has; among those the least busy, equals in turn. One look at each credential. Pure.
 */
export function chooseCredential(
  entries: Iterable<CredentialEntry>,
  wish: Pick<LeaseWish, 'model' | 'tried' | 'allowTried'>,
  context: ChoiceContext,
): Choice {
  const found = { free: [], due: [], triedFree: [], triedDue: [] } as Candidates;
  let otherwise: Choice = 'none';
  for (const entry of entries) {
    const isTried = wish.tried.has(entry.credential.id);
    if (isTried && !wish.allowTried) continue;
    const standing = standingOf(entry, wish.model, context);
    if (standing === 'free') (isTried ? found.triedFree : found.free).push(entry);
    else if (standing === 'due') (isTried ? found.triedDue : found.due).push(entry);
    else if (standing === 'full') otherwise = 'full';
    else if (standing === 'probing' && otherwise === 'none') otherwise = 'probing';
  }
  const { free, due, triedFree, triedDue } = found;
  const untried = context.prefersProbe ? [due, free] : [free, due];
  const best = [...untried, triedFree, triedDue].find(({ length }) => length > 0) ?? [];
  const loadOf = ({ credential }: CredentialEntry) => context.loadOf(credential.id);
  // Among equals the one that has not been lent for longest.
  return selectLeastBusy(best, loadOf, ({ lastTurn }) => lastTurn) ?? otherwise;
}

type Candidates = Record<'free' | 'due' | 'triedFree' | 'triedDue', CredentialEntry[]>;
