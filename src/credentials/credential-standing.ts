import type { CredentialEntry } from './credential-entry.ts';
import { type Health, isDue } from './health.ts';

/**
 * Whether a credential can be lent now, for one model.
 *
 * - `free`: yes.
 * - `due`: yes, as a probe: its time is over.
 * - `full`: it carries as many requests as it may.
 * - `probing`: a probe is under way.
 * - `cooling`: not before its time is over.
 * - `out`: not before an operator acts.
 */
export type Standing = 'free' | 'due' | 'full' | 'probing' | 'cooling' | 'out';

export interface StandingContext {
  /** Unix ms. */
  nowMs: number;
  /** How many requests it carries now. */
  loadOf: (id: string) => number;
  /** How many it may carry at once; 0 = no limit. */
  maxInFlight: number;
}

/** From the best to the worst. */
const BY_HEALTH = ['free', 'due', 'probing', 'cooling', 'out'] as const;

/**
 * The standing of a credential: the worse of its health in all and its health with `model` (null:
 * whatever the model). Pure.
 */
export function standingOf(
  entry: CredentialEntry,
  model: string | null,
  { nowMs, loadOf, maxInFlight }: StandingContext,
): Standing {
  if (entry.disabled) return 'out';
  const worst = Math.max(
    rankOf(entry.health, nowMs),
    model === null ? 0 : rankOf(entry.healthWith(model), nowMs),
  );
  const standing = BY_HEALTH[worst] ?? 'out';
  const isLendable = standing === 'free' || standing === 'due';
  const isFull = maxInFlight > 0 && loadOf(entry.credential.id) >= maxInFlight;
  return isLendable && isFull ? 'full' : standing;
}

function rankOf(health: Health, nowMs: number): number {
  if (health.state === 'healthy') return BY_HEALTH.indexOf('free');
  return BY_HEALTH.indexOf(isDue(health, nowMs) ? 'due' : health.state);
}
