import type { FailureScope } from '../upstream/failure-verdict.ts';
import type { UpstreamFailure } from '../upstream-failure.ts';
import type { UpstreamId } from '../upstream-id.ts';
import {
  type Brake,
  type BrakeEvent,
  type BrakePolicy,
  type BrakeStatus,
  brakeStatus,
  CLOSED,
  isExcused,
  nextBrake,
  refusalOf,
} from './brake.ts';
import type { TimeAndChance } from './cooling-time.ts';
import { findBlame, lengthenStreak, type Peers, type StreakFailure } from './failure-streak.ts';
import type { ChangeLog } from './log-health.ts';

export interface UpstreamBrakeOptions {
  upstream: UpstreamId;
  policy: BrakePolicy;
  log: ChangeLog;
  timeAndChance: () => TimeAndChance;
}

/** What a request was let through with: by that very object the probe is told from all others. */
export type BrakePass = Brake;

/**
 * One upstream's brake: watches what its requests come to, and opens when a streak of failures is
 * not the credentials'. Then the credentials get back what those failures have cost them.
 */
export class UpstreamBrake {
  readonly #options: UpstreamBrakeOptions;
  #brake: Brake = CLOSED;
  #opening = new AbortController();
  #streak: readonly StreakFailure[] = [];

  constructor(options: UpstreamBrakeOptions) {
    this.#options = options;
  }

  /** As of now. */
  get status(): BrakeStatus {
    return brakeStatus(this.#brake, this.#options.timeAndChance().nowMs);
  }

  /** Why nobody is let through now; null when somebody is. */
  refusal(): UpstreamFailure | null {
    return refusalOf(this.#brake, this.#options.timeAndChance().nowMs);
  }

  /** Whether a failure is what it is open for, and so to cost no credential anything. */
  excuses(scope: FailureScope, failure: UpstreamFailure): boolean {
    return isExcused(this.#brake, scope, failure);
  }

  /** Lets a request through, as the probe when the time is over. To be called when nothing refuses it. */
  letThrough(): BrakePass {
    this.#apply({ type: 'lent' });
    return this.#brake;
  }

  /** Aborts when it opens, with the refusal as its reason: what waits behind it waits in vain. */
  get opening(): AbortSignal {
    return this.#opening.signal;
  }

  /** Something has changed for the better: the next request may try, whatever the time. */
  invite(): void {
    this.#apply({ type: 'invited' });
  }

  /**
   * A request was served. While it is open, that counts for the probe only: others were let through
   * before, and tell of the time before.
   */
  succeed(pass: BrakePass): void {
    if (this.#brake.state !== 'closed' && pass !== this.#brake) return;
    this.#streak = [];
    this.#apply({ type: 'succeeded' });
  }

  /** A request failed. `peers` is asked when it matters. */
  fail(pass: BrakePass, latest: StreakFailure, peers: () => Peers): void {
    const { scope, failure } = latest;
    if (this.#brake.state !== 'closed') {
      this.#apply({ type: 'failed', isProbe: pass === this.#brake, scope, failure });
      return;
    }
    this.#streak = lengthenStreak(this.#streak, latest);
    const blamed = findBlame(this.#streak, peers);
    if (blamed === null) return;
    this.#streak = [];
    this.#apply({ type: 'blamed', failure, retryAfterMs: soonest(blamed) });
    // The latest first: what a credential was before its first failure is what it is again.
    for (const { takeBack } of blamed.toReversed()) takeBack();
  }

  /** A request was cancelled. */
  release(pass: BrakePass): void {
    this.#apply({ type: 'proved-nothing', isProbe: pass === this.#brake });
  }

  #apply(event: BrakeEvent): void {
    const { upstream, policy, timeAndChance, log } = this.#options;
    const before = this.#brake;
    const context = { ...timeAndChance(), policy };
    const brake = nextBrake(before, event, context);
    this.#brake = brake;
    if (before.state === 'closed' && brake.state === 'open') {
      this.#opening.abort(refusalOf(brake, context.nowMs));
      this.#opening = new AbortController();
    }
    if (brake.state === 'closed' && before.state !== 'closed') {
      log.info({ upstream, kind: before.failure.kind }, 'the upstream serves again');
    }
    if (brake.state !== 'open' || brake.openings === openingsOf(before)) return;
    const { kind, message: reason } = brake.failure;
    const forMs = brake.untilMs - context.nowMs;
    log.warn(
      { upstream, kind, reason, forMs },
      'the upstream is left alone, whatever the credential',
    );
  }
}

function soonest(failures: readonly StreakFailure[]): number | null {
  const asked = failures.flatMap(({ failure }) => failure.retryAfterMs ?? []);
  return asked.length === 0 ? null : Math.min(...asked);
}

function openingsOf(brake: Brake): number {
  return brake.state === 'closed' ? 0 : brake.openings;
}
