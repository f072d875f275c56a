import type { FailureScope } from '../upstream/failure-verdict.ts';
import type { UpstreamFailure, UpstreamFailureKind } from '../upstream-failure.ts';

/** A failure since the upstream last served anyone. */
export interface StreakFailure {
  /** Whose it was; unique for a guest that could not be had. */
  credentialId: string;
  isGuest: boolean;
  /** What it was about: one odd prompt may fail again and again. */
  conversation: string;
  scope: FailureScope;
  failure: UpstreamFailure;
  /** Unix ms. */
  atMs: number;
  /** Nothing but an operator can mend it: that others failed alike excuses nobody. */
  isFinal: boolean;
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

/** Nobody was served meanwhile; and a request that waits for a silent upstream takes minutes to fail. */
const STREAK_MS = 10 * 60_000;
/** Within this time credentials fail together rather than one after the other. */
const ALIKE_MS = 60_000;
const TOO_MUCH_BLAME = 3;
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
 * These kinds may speak of the request as well: a prompt that makes the service stumble does so in
 * all of its attempts, and must not keep others from an upstream that serves them. So they count
 * once for each conversation.
 */
const AMBIGUOUS: ReadonlySet<UpstreamFailureKind> = new Set([
  'unavailable',
  'empty-reply',
  'broken-stream',
]);

/** The streak with one more failure, less those of more than ten minutes ago. Pure. */
export function lengthenStreak(
  streak: readonly StreakFailure[],
  latest: StreakFailure,
): readonly StreakFailure[] {
  return [...streak.filter(({ atMs }) => latest.atMs - atMs < STREAK_MS), latest];
}

/**
 * The failures for which the upstream, or our address, is to blame rather than the credentials; null
 * when the latest failure does not show it:
 *
 * - three that speak of the upstream or of our address, or
 * - within a minute at least two of the credentials that could be lent, and more than half of them,
 *   have failed as the latest one (all of them, for rejections). When guests are allowed, one must be
 *   among them: if a visitor with no account gets through, it is not the address.
 *
 * Failures that may be a request's own must be those of three conversations.
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
  const { kind } = latest.failure;
  if (latest.isFinal || !(latest.scope === 'credential' || AMBIGUOUS.has(kind))) return null;
  const alike = streak.filter(
    ({ failure, isFinal, atMs }) =>
      failure.kind === kind && !isFinal && latest.atMs - atMs < ALIKE_MS,
  );
  if (AMBIGUOUS.has(kind) && blameOf(alike) < TOO_MUCH_BLAME) return null;
  return haveMostFailed(alike, kind, peers()) ? alike : null;
}

function blameOf(failures: readonly StreakFailure[]): number {
  const ambiguous = failures.filter(({ failure }) => AMBIGUOUS.has(failure.kind));
  const conversations = new Set(ambiguous.map(({ conversation }) => conversation));
  return failures.length - ambiguous.length + conversations.size;
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
