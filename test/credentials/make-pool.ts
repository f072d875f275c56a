import { createCredential } from '../../src/credentials/credential.ts';
import {
  CredentialPool,
  type CredentialPoolOptions,
} from '../../src/credentials/credential-pool.ts';
import type { Lease, LeaseOutcome } from '../../src/credentials/lease.ts';
import type { Guests } from '../../src/credentials/lease-guest.ts';
import type { LeaseWish } from '../../src/credentials/lease-wish.ts';
import type { UpstreamResult } from '../../src/upstream/upstream-result.ts';
import { judgeWebFailure } from '../../src/upstream/zai-web/judge-failure.ts';
import { type UpstreamFailureKind, upstreamFailure } from '../../src/upstream-failure.ts';

export const NEVER = new AbortController().signal;
export const START_MS = 1_000_000;
export const COMPLETED: LeaseOutcome = { state: 'completed' };

export const account = (name: string) => createCredential('account', `secret of ${name}`, name);
export const idOf = (name: string) => account(name).id;

/** How an attempt fails. */
export const failed = (
  kind: UpstreamFailureKind,
  retryAfterMs: number | null = null,
): LeaseOutcome => ({ state: 'failed', failure: upstreamFailure(kind, kind, { retryAfterMs }) });

/** A wish for any credential, but for what is said. `tried`: names. */
export function wishFor(
  known: Partial<Omit<LeaseWish, 'tried'>> & { tried?: string[] } = {},
): LeaseWish {
  const { tried = [], ...rest } = known;
  const ids = new Set(tried.map(idOf));
  const base = { model: 'glm', allowTried: false, need: 'any', conversation: 'talk' } as const;
  return { ...base, ...rest, tried: ids };
}

/** A pool of accounts in a time that the test makes pass. Dice fall on 0: pauses are half as long. */
export function makePool(
  names: readonly string[] = [],
  options: Partial<CredentialPoolOptions> = {},
) {
  const clock = { nowMs: START_MS };
  const alarms = new Set<{ atMs: number; ring: () => void }>();
  const changed: string[] = [];
  const logged: { message: string; fields: object }[] = [];
  const note = (fields: object, message: string) => void logged.push({ message, fields });
  const pool = new CredentialPool({
    upstream: 'zai-web',
    judge: judgeWebFailure,
    policy: { failureThreshold: 3, recoveryMs: 1_800_000 },
    brakePolicy: { recoveryMs: 30_000 },
    guests: null,
    maxInFlight: 0,
    log: { info: note, warn: note },
    now: () => clock.nowMs,
    random: () => 0,
    schedule(ring, delayMs) {
      const alarm = { atMs: clock.nowMs + delayMs, ring };
      alarms.add(alarm);
      return () => void alarms.delete(alarm);
    },
    onChange: (id) => changed.push(id),
    ...options,
  });
  for (const name of names) pool.add(account(name));
  return {
    pool,
    clock,
    changed,
    logged,
    /** Lets time pass; alarms ring on the way. */
    pass(ms: number): void {
      const endMs = clock.nowMs + ms;
      for (;;) {
        const [next] = [...alarms].toSorted((one, other) => one.atMs - other.atMs);
        if (next === undefined || next.atMs > endMs) break;
        alarms.delete(next);
        clock.nowMs = Math.max(clock.nowMs, next.atMs);
        next.ring();
      }
      clock.nowMs = endMs;
    },
    /** How many alarms are set. */
    get alarms(): number {
      return alarms.size;
    },
    lend: (wish: LeaseWish = wishFor()) => lend(pool, wish),
    /** The account that is lent, and comes back completed; or the failure. */
    async ask(wish: LeaseWish = wishFor()) {
      const leased = await pool.lease(wish, NEVER);
      if (!leased.ok) return leased.failure;
      leased.value.settle(COMPLETED);
      return leased.value.credential.userId;
    },
    /** Lends and settles at once. Whose turn it is does not matter when there is one account. */
    async fail(outcome: LeaseOutcome, wish: LeaseWish = wishFor()): Promise<string> {
      const lease = await lend(pool, wish);
      lease.settle(outcome);
      return lease.credential.userId;
    },
    healthOf: (name: string) => pool.memoryOf(idOf(name))?.health,
  };
}

/** A lease, or an error that tells why there is none. */
async function lend(pool: CredentialPool, wish: LeaseWish): Promise<Lease> {
  const leased = await pool.lease(wish, NEVER);
  if (!leased.ok) throw new Error(leased.failure.message);
  return leased.value;
}

/** Whether a lease is still waited for, once everything that is ready has happened. */
export async function isWaiting(leasing: Promise<UpstreamResult<Lease>>): Promise<boolean> {
  const turn = new Promise((resolve) => void setImmediate(resolve, 'waiting'));
  return (await Promise.race([leasing, turn])) === 'waiting';
}

/** Guests who come at once, a new one at each call; `refusal` keeps them out. */
export function makeGuests() {
  const settled: [id: string, use: string][] = [];
  const wishes: Parameters<Guests['acquire']>[0][] = [];
  let minted = 0;
  const guests = {
    refusal: null as ReturnType<typeof upstreamFailure> | null,
    isClosed: false,
    settled,
    wishes,
    async acquire(wish: (typeof wishes)[number], signal: AbortSignal) {
      wishes.push(wish);
      await Promise.resolve();
      signal.throwIfAborted();
      if (guests.refusal !== null) return { ok: false as const, failure: guests.refusal };
      minted += 1;
      const name = `guest-${minted}`;
      return { ok: true as const, value: createCredential('guest', `secret of ${name}`, name) };
    },
    settle: (id: string, use: string) => void settled.push([id, use]),
    [Symbol.dispose]() {
      guests.isClosed = true;
    },
  };
  return guests satisfies Guests;
}
