import type { Penalty } from '../upstream/failure-verdict.ts';
import type { Credential } from './credential.ts';

/**
 * What a guest is there for.
 *
 *   spare ──first conversation──▶ bound ──old, idle, failed──▶ leaving
 *
 * There is no way back: a guest that has served a conversation never serves another.
 */
type GuestRole =
  | { is: 'spare' }
  | { is: 'bound'; conversation: string }
  /** It gets no more requests, and retires when its last one is settled. */
  | { is: 'leaving' };

/** A live guest: minted, not yet retired. */
export interface Guest {
  readonly credential: Credential;
  readonly mintedAtMs: number;
  /** When it leaves for its age. */
  readonly oldAtMs: number;
  /** How long it may be without a request once it has had one. */
  readonly idleMs: number;
  role: GuestRole;
  inFlight: number;
  /** When its last request began or was settled; null before the first. */
  usedAtMs: number | null;
  /** Failures in a row that may have been its own. */
  strikes: number;
}

/** A guest, as an operator sees it. */
export interface GuestStatus {
  id: string;
  userId: string;
  role: GuestRole['is'];
  inFlight: number;
  /** Unix ms. */
  mintedAtMs: number;
  /** When its last request began or was settled, in Unix ms; null before the first. */
  lastUsedAtMs: number | null;
}

/** What a request came to: done, left by its client, or the penalty for how it failed. */
export type GuestUse = 'completed' | 'cancelled' | Penalty;

const MAX_AGE_MS = 2 * 60 * 60 * 1_000;
const MAX_IDLE_MS = 15 * 60 * 1_000;

/** Guests that were minted together do not leave together. */
const JITTER = 0.2;

/** With as many failures in a row it is replaced: a new guest costs less than finding out why. */
const MAX_STRIKES = 3;

/** Makes a spare guest that leaves about two hours after now, or 15 idle minutes, each ±20 %. */
export function createGuest(credential: Credential, nowMs: number, random: () => number): Guest {
  const about = (ms: number) => ms * (1 - JITTER + 2 * JITTER * random());
  return {
    credential,
    mintedAtMs: nowMs,
    oldAtMs: nowMs + about(MAX_AGE_MS),
    idleMs: about(MAX_IDLE_MS),
    role: { is: 'spare' },
    inFlight: 0,
    usedAtMs: null,
    strikes: 0,
  };
}

/** What an operator may know of a guest. */
export function describeGuest(guest: Guest): GuestStatus {
  const { credential, role, inFlight, mintedAtMs, usedAtMs } = guest;
  const { id, userId } = credential;
  return { id, userId, role: role.is, inFlight, mintedAtMs, lastUsedAtMs: usedAtMs };
}

/** Whether its time is over. An unused spare grows old, not idle. Pure. */
export function isDue({ oldAtMs, idleMs, inFlight, usedAtMs }: Guest, nowMs: number): boolean {
  if (nowMs >= oldAtMs) return true;
  return inFlight === 0 && usedAtMs !== null && nowMs - usedAtMs >= idleMs;
}

/** Whether a use that has just been settled makes it a guest to replace. Counts its strikes. */
export function isSpentBy(guest: Guest, use: GuestUse): boolean {
  switch (use) {
    case 'completed':
      guest.strikes = 0;
      return false;
    case 'cancelled':
    case 'none':
      return false;
    case 'strike':
      guest.strikes += 1;
      return guest.strikes >= MAX_STRIKES;
    case 'pause':
      // Throttled beside other requests, it is good for those; alone, it is good for none.
      return guest.inFlight === 0;
    case 'cool':
    case 'doubt':
    case 'out':
      return true;
    default:
      return use satisfies never;
  }
}
