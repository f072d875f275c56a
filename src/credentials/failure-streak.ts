import type { FailureScope } from '../upstream/failure-verdict.ts';
import type { UpstreamFailure, UpstreamFailureKind } from '../upstream-failure.ts';

/** A failure since the upstream last served anyone. */
export interface StreakFailure {
  /** Whose it was; unique for a guest that could not be had. */
  credentialId: string;
  isGuest: boolean;
  scope: FailureScope;
  failure: UpstreamFailure;
  /** Unix ms. */
  atMs: number;
  /** Undoes what the failure cost the credential, unless something else has happened to it since. */
  takeBack: () => void;
}

/** Who else could be lent, and so might prove a failure to be the credential's own. */
export interface Peers {
  /** Ids of the credentials that could be lent now or in a moment, busy ones included. */
  usable: Iterable<string>;
  /** Whether guests are allowed. */
  guests: boolean;
}

const WINDOW_MS = 60_000;
/** Three failures that name the upstream or our address; six that may be one request's own. */
const TOO_MUCH_BLAME = 6;
const LEAST_ALIKE = 2;

/**
 * These kinds are said of one credential at a time. That most are dead does not mean that the rest
 * is: nobody is kept from a healthy one until all have failed alike.
 */
const SAID_OF_ONE: ReadonlySet<UpstreamFailureKind> = new Set([
  'credential-rejected',
  'account-verification-required',
]);

/**
 * These kinds may speak of the request as well: one whose prompt makes the service stumble stumbles
 * in all of its attempts, and must not keep others from an upstream that serves them.
 */
const AMBIGUOUS: ReadonlySet<UpstreamFailureKind> = new Set([
  'unavailable',
  'first-byte-timeout',
  'idle-timeout',
]);

/** The streak with one more failure, less those of more than a minute ago. Pure. */
export function lengthenStreak(
  streak: readonly StreakFailure[],
  latest: StreakFailure,
): readonly StreakFailure[] {
  return [...streak.filter(({ atMs }) => latest.atMs - atMs < WINDOW_MS), latest];
}

/**
 * The failures for which the upstream, or our address, is to blame rather than the credentials; null
 * when the latest failure does not show it:
 *
 * - three that speak of the upstream or of our address, or six when they are ambiguous, or
 * - of the credentials that could be lent, at least two and more than half have failed as the latest
 *   one (all of them, for rejections). When guests are allowed, one must be among them: if a visitor
 *   with no account gets through, it is not the address.
 *
 * Pure.
 */
export function findBlame(
  streak: readonly StreakFailure[],
  peers: () => Peers,
): readonly StreakFailure[] | null {
  const latest = streak.at(-1);
  if (latest === undefined) return null;
  if (speaksOfUpstream(latest.scope)) {
    const blamed = streak.filter(({ scope }) => speaksOfUpstream(scope));
    return blameOf(blamed) >= TOO_MUCH_BLAME ? blamed : null;
  }
  if (latest.scope !== 'credential') return null;
  const alike = streak.filter(
    ({ scope, failure }) => scope === 'credential' && failure.kind === latest.failure.kind,
  );
  return haveMostFailed(alike, latest.failure.kind, peers()) ? alike : null;
}

function blameOf(failures: readonly StreakFailure[]): number {
  return failures.reduce((sum, { failure }) => sum + (AMBIGUOUS.has(failure.kind) ? 1 : 2), 0);
}

/** Whether a failure is everyone's. Pure. */
export function speaksOfUpstream(scope: FailureScope): boolean {
  return scope === 'upstream' || scope === 'address';
}

function haveMostFailed(
  alike: readonly StreakFailure[],
  kind: UpstreamFailureKind,
  { usable, guests }: Peers,
): boolean {
  if (guests && !alike.some(({ isGuest }) => isGuest)) return false;
  const failed = new Set(alike.map(({ credentialId }) => credentialId));
  const all = new Set([...failed, ...usable]);
  if (failed.size < LEAST_ALIKE) return false;
  return SAID_OF_ONE.has(kind) ? failed.size === all.size : failed.size > all.size / 2;
}
