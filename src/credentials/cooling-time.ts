import { backoffMs } from '../lib/backoff.ts';

/** What the length of a cooling or of a brake's closed road depends on, beside the failure. */
export interface TimeAndChance {
  /** Unix ms. */
  nowMs: number;
  /** In [0, 1). */
  random: () => number;
}

const PAUSE = { firstMs: 1_000, maxMs: 60_000 };
/** Below a second, "later" is now. Above a day, the upstream's clock or ours is wrong. */
const SHORTEST_MS = 1_000;
const LONGEST_MS = 24 * 3_600_000;
/** Credentials that went down together do not come back together. */
const JITTER = 0.1;

/** When it may be tried again if the upstream asked for `retryAfterMs`; between a second and a day. */
export function untilAskedMs(retryAfterMs: number, nowMs: number): number {
  return nowMs + Math.min(LONGEST_MS, Math.max(SHORTEST_MS, retryAfterMs));
}

/** When pause number `pause` in a row (1 = the first) ends: 1 s, 2 s, 4 s … up to a minute, or half. */
export function untilPausedMs(pause: number, { nowMs, random }: TimeAndChance): number {
  return nowMs + backoffMs(pause, { ...PAUSE, random });
}

/** When a recovery of `recoveryMs` ends: up to a tenth later. */
export function untilRecoveredMs(recoveryMs: number, { nowMs, random }: TimeAndChance): number {
  return nowMs + Math.round(recoveryMs * (1 + JITTER * random()));
}
