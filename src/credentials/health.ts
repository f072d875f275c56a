import type { Penalty } from '../upstream/failure-verdict.ts';
import type { UpstreamFailure, UpstreamFailureKind } from '../upstream-failure.ts';
import {
  type TimeAndChance,
  untilAskedMs,
  untilPausedMs,
  untilRecoveredMs,
} from './cooling-time.ts';

/**
 * How far a credential can be trusted, in all or with one model. JSON, so that it can be stored.
 *
 *   healthy ──too many strikes, pause, cool, doubt──▶ cooling ──its time is over, lent──▶ probing
 *      ▲                                                 ▲                                 │ │ │
 *      │                                                 └──failed, or proved nothing──────┘ │ │
 *      └──succeeded──────────────────────────────────────────────────────────────────────────┘ │
 *                         out ◀──doubted before, and rejected again────────────────────────────┘
 *
 * The penalty `out` leads to `out` from everywhere. Only an operator, or a validation that
 * succeeds, leads back.
 */
export type Health = Healthy | Cooling | Probing | Out;

interface Healthy {
  state: 'healthy';
  /** Failures in a row. */
  strikes: number;
}
interface Cooling extends Cooldown {
  state: 'cooling';
}
/** One request finds out; no other gets it until that one is settled. */
interface Probing extends Cooldown {
  state: 'probing';
}
interface Out {
  state: 'out';
  /** Without secrets. */
  reason: string;
}

/** Why it is not lent, and until when. */
interface Cooldown {
  /** Unix ms. */
  untilMs: number;
  /** The failures in a row that are the cause; 0 when a single failure was enough. */
  strikes: number;
  /** How often in a row it was paused. */
  pauses: number;
  /** Whether the upstream has rejected it since it last served. */
  doubted: boolean;
  /** The failure that cooled it. */
  kind: UpstreamFailureKind;
  /** That failure's message. */
  reason: string;
}

/** Settings `TOKEN_FAILURE_THRESHOLD`, `TOKEN_RECOVERY_TIMEOUT`. */
export interface HealthPolicy {
  /** How many strikes in a row are too many; at least 1. */
  failureThreshold: number;
  recoveryMs: number;
}

export type HealthEvent =
  /** A request gets it, which makes it the probe when the cooling is over. */
  | { type: 'lent' }
  /** `isProbe`: by the request that was lent it when its cooling was over. */
  | { type: 'succeeded'; isProbe: boolean }
  | { type: 'failed'; isProbe: boolean; penalty: Penalty; failure: UpstreamFailure }
  /** The request was cancelled, or its failure speaks of something else. */
  | { type: 'proved-nothing'; isProbe: boolean };

export interface HealthContext extends TimeAndChance {
  policy: HealthPolicy;
}

/** As a credential begins. */
export const HEALTHY: Health = { state: 'healthy', strikes: 0 };

/**
 * The health after an event; the very same object when nothing changes. Pure.
 *
 * While it is cooling or probing, requests that were lent it earlier are still under way. What they
 * find is older news: a success refutes a run of strikes, but neither a pause nor a rejection; a
 * failure can make the cooling longer, but is never taken for the probe's.
 */
export function nextHealth(health: Health, event: HealthEvent, context: HealthContext): Health {
  switch (health.state) {
    case 'healthy':
      return afterHealthy(health, event, context);
    case 'cooling':
      return afterCooling(health, event, context);
    case 'probing':
      return afterProbing(health, event, context);
    case 'out':
      return health;
    default:
      return health satisfies never;
  }
}

/** The health as it is worth remembering: a probe does not outlive the process that made it. Pure. */
export function withoutProbe(health: Health): Health {
  return health.state === 'probing' ? { ...health, state: 'cooling' } : health;
}

/** The health as an operator sees it: from the end of its cooling on it is to be probed. Pure. */
export function asOf(health: Health, nowMs: number): Health {
  if (health.state !== 'cooling' || !isDue(health, nowMs)) return health;
  return { ...health, state: 'probing' };
}

/** Whether the next request may be its probe. Pure. */
export function isDue(health: Health, nowMs: number): boolean {
  return health.state === 'cooling' && health.untilMs <= nowMs;
}

/** Whether it is cooling for no more than a pause, in which nothing speaks against it. Pure. */
export function isPaused(health: Health): boolean {
  if (health.state !== 'cooling') return false;
  return health.pauses > 0 && health.strikes === 0 && !health.doubted;
}

function afterHealthy(health: Healthy, event: HealthEvent, context: HealthContext): Health {
  if (event.type === 'succeeded') return health.strikes === 0 ? health : HEALTHY;
  if (event.type !== 'failed') return health;
  const { penalty, failure } = event;
  const strikes = health.strikes + 1;
  const isBearable = penalty === 'strike' && strikes < context.policy.failureThreshold;
  if (isBearable) return { ...health, strikes };
  const past = { strikes: health.strikes, pauses: 0, doubted: false };
  return punish(past, penalty, failure, context) ?? health;
}

function afterCooling(health: Cooling, event: HealthEvent, context: HealthContext): Health {
  switch (event.type) {
    case 'lent':
      return isDue(health, context.nowMs) ? { ...health, state: 'probing' } : health;
    case 'succeeded':
      return health.strikes > 0 ? HEALTHY : health;
    case 'failed':
      return prolong(health, event.penalty, event.failure, context);
    case 'proved-nothing':
      return health;
    default:
      return event satisfies never;
  }
}

function afterProbing(health: Probing, event: HealthEvent, context: HealthContext): Health {
  if (event.type === 'lent') return health;
  if (event.type === 'succeeded') return event.isProbe || health.strikes > 0 ? HEALTHY : health;
  if (event.type === 'failed' && (event.isProbe || event.penalty === 'out')) {
    const { penalty, failure } = event;
    if (penalty === 'doubt' && health.doubted) return { state: 'out', reason: failure.message };
    return punish(health, penalty, failure, context) ?? withoutProbe(health);
  }
  return event.isProbe ? withoutProbe(health) : health;
}

/** What led to where it is, as far as it counts for what comes next. */
type Past = Pick<Cooldown, 'strikes' | 'pauses' | 'doubted'>;

/** null: the failure costs nothing. */
function punish(
  { strikes, pauses, doubted }: Past,
  penalty: Penalty,
  { kind, message: reason, retryAfterMs }: UpstreamFailure,
  context: HealthContext,
): Cooling | Out | null {
  const { policy, nowMs } = context;
  const asked = retryAfterMs === null ? null : untilAskedMs(retryAfterMs, nowMs);
  const recovered = untilRecoveredMs(policy.recoveryMs, context);
  const cooling = { state: 'cooling', strikes: 0, pauses, doubted, kind, reason } as const;
  switch (penalty) {
    case 'none':
      return null;
    case 'strike':
      return { ...cooling, untilMs: recovered, strikes: strikes + 1 };
    case 'pause':
      return {
        ...cooling,
        untilMs: asked ?? untilPausedMs(pauses + 1, context),
        pauses: pauses + 1,
      };
    case 'cool':
      return { ...cooling, untilMs: asked ?? recovered };
    case 'doubt':
      return { ...cooling, untilMs: asked ?? recovered, doubted: true };
    case 'out':
      return { state: 'out', reason };
    default:
      return penalty satisfies never;
  }
}

/**
 * An earlier request fails while it is cooling: it stays down for the longer of the two times. A
 * pause without a time says nothing new, nor does one more strike.
 */
function prolong(
  health: Cooling,
  penalty: Penalty,
  failure: UpstreamFailure,
  context: HealthContext,
): Health {
  if (penalty === 'strike') return health;
  if (penalty === 'pause' && failure.retryAfterMs === null) return health;
  const punished = punish(health, penalty, failure, context);
  if (punished === null || punished.state === 'out') return punished ?? health;
  if (punished.untilMs <= health.untilMs && punished.doubted === health.doubted) return health;
  const untilMs = Math.max(punished.untilMs, health.untilMs);
  return { ...punished, untilMs, pauses: health.pauses };
}
