import { backoffMs } from '../lib/backoff.ts';
import type { FailureScope } from '../upstream/failure-verdict.ts';
import type { UpstreamFailure } from '../upstream-failure.ts';
import { type TimeAndChance, untilAskedMs } from './cooling-time.ts';
import { speaksOfUpstream } from './failure-streak.ts';

/**
 * Keeps requests from an upstream that fails whatever the credential.
 *
 *              blamed                    its time is over: lent to one request
 *   closed ─────────────▶ open ────────────────────────────────────────────▶ half-open
 *     ▲                    ▲                                                   │  │
 *     │                    └──failed as before (longer), or proved nothing─────┘  │
 *     └──succeeded────────────────────────────────────────────────────────────────┘
 */
export type Brake = Closed | Open | HalfOpen;

interface Closed {
  state: 'closed';
}
interface Open extends Closure {
  state: 'open';
}
/** One request finds out; all others fail until it is settled. */
interface HalfOpen extends Closure {
  state: 'half-open';
}

interface Closure {
  /** What opened it; clients are told it. */
  failure: UpstreamFailure;
  /** Unix ms. */
  untilMs: number;
  /** How often in a row it has opened. */
  openings: number;
}

export interface BrakePolicy {
  /** How long it stays open the first time, at most; setting `UPSTREAM_RECOVERY_TIMEOUT`. */
  recoveryMs: number;
}

export type BrakeEvent =
  /** The upstream is to blame. `retryAfterMs`: the soonest that it asked for; null = it did not. */
  | { type: 'blamed'; failure: UpstreamFailure; retryAfterMs: number | null }
  /** A request is let through, which makes it the probe when the time is over. */
  | { type: 'lent' }
  /** The probe was. */
  | { type: 'succeeded' }
  /** An operator has done something that may help. */
  | { type: 'invited' }
  | { type: 'failed'; isProbe: boolean; scope: FailureScope; failure: UpstreamFailure }
  /** The request was cancelled. */
  | { type: 'proved-nothing'; isProbe: boolean };

export interface BrakeContext extends TimeAndChance {
  policy: BrakePolicy;
}

/** As an upstream begins. */
export const CLOSED: Brake = { state: 'closed' };

const MAX_OPEN_MS = 10 * 60_000;
/** Nobody is told to come back at once. */
const LEAST_RETRY_AFTER_MS = 1_000;

/** The brake after an event; the very same object when nothing changes. Pure. */
export function nextBrake(brake: Brake, event: BrakeEvent, context: BrakeContext): Brake {
  switch (event.type) {
    case 'succeeded':
      return brake.state === 'closed' ? brake : CLOSED;
    case 'blamed':
      return brake.state === 'closed' ? open(1, event.failure, event.retryAfterMs, context) : brake;
    case 'lent':
      return mayProbe(brake, context.nowMs) ? { ...brake, state: 'half-open' } : brake;
    case 'failed':
      if (brake.state !== 'half-open' || !event.isProbe) return brake;
      return isExcused(brake, event.scope, event.failure)
        ? open(brake.openings + 1, event.failure, event.failure.retryAfterMs, context)
        : { ...brake, state: 'open' };
    case 'invited':
      return brake.state === 'open' ? { ...brake, untilMs: context.nowMs } : brake;
    case 'proved-nothing':
      return brake.state === 'half-open' && event.isProbe ? { ...brake, state: 'open' } : brake;
    default:
      return event satisfies never;
  }
}

/**
 * Why nobody is let through now; null when somebody is. `retryAfterMs` says how long it takes at
 * least, 1 s or more. Pure.
 */
export function refusalOf(brake: Brake, nowMs: number): UpstreamFailure | null {
  if (brake.state === 'closed' || mayProbe(brake, nowMs)) return null;
  const retryAfterMs = Math.max(LEAST_RETRY_AFTER_MS, brake.untilMs - nowMs);
  return { ...brake.failure, retryAfterMs };
}

/** Whether a failure is what the brake is open for, and so costs no credential anything. Pure. */
export function isExcused(brake: Brake, scope: FailureScope, { kind }: UpstreamFailure): boolean {
  return brake.state !== 'closed' && (speaksOfUpstream(scope) || kind === brake.failure.kind);
}

/** What others may know of a brake. */
export type BrakeStatus =
  | { state: 'closed' }
  /** Leases fail until then, in Unix ms. */
  | { state: 'open'; failure: UpstreamFailure; untilMs: number }
  /** The next request is the probe, or it is under way. */
  | { state: 'half-open'; failure: UpstreamFailure };

/** The brake as of now. Pure. */
export function brakeStatus(brake: Brake, nowMs: number): BrakeStatus {
  if (brake.state === 'closed') return { state: 'closed' };
  const { failure, untilMs } = brake;
  if (brake.state === 'half-open' || mayProbe(brake, nowMs)) return { state: 'half-open', failure };
  return { state: 'open', failure, untilMs };
}

function mayProbe(brake: Brake, nowMs: number): brake is Open {
  return brake.state === 'open' && brake.untilMs <= nowMs;
}

function open(
  openings: number,
  failure: UpstreamFailure,
  retryAfterMs: number | null,
  { policy, nowMs, random }: BrakeContext,
): Brake {
  const firstMs = policy.recoveryMs;
  const ownMs = backoffMs(openings, { firstMs, maxMs: Math.max(firstMs, MAX_OPEN_MS), random });
  const untilMs = retryAfterMs === null ? nowMs + ownMs : untilAskedMs(retryAfterMs, nowMs);
  return { state: 'open', failure, untilMs, openings };
}
