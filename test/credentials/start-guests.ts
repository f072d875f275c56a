import { type Credential, createCredential } from '../../src/credentials/credential.ts';
import { GuestPool, type GuestPoolOptions } from '../../src/credentials/guest-pool.ts';
import type { UpstreamResult } from '../../src/upstream/upstream-result.ts';
import type { UpstreamFailure } from '../../src/upstream-failure.ts';
import { createManualSchedule } from '../stats/manual-schedule.ts';

const NEVER = new AbortController().signal;
const NONE: ReadonlySet<string> = new Set();

/** The guest that the service admits at its `index`th visit. */
export const guest = (index: number) =>
  createCredential('guest', `secret-${index}`, `guest-${index}`);

/** The user id of an answer's guest; else the answer. */
export const userOf = (answer: UpstreamResult<Credential> | null) =>
  answer?.ok === true ? answer.value.userId : answer;

/** A visit to the service, and what it wants to know of the visitor. */
interface Visit {
  signal: AbortSignal;
  answer: (minted: UpstreamResult<Credential>) => void;
}

/**
 * A pool of guests whose service, clock and timers are in the test's hand. No spare ones unless
 * `size` says so, no jitter (15 minutes and 2 hours are what they are); chats are deleted at once.
 */
export function startGuests(options: Partial<GuestPoolOptions> = {}) {
  const visits: Visit[] = [];
  const deletions: string[] = [];
  const clock = { nowMs: 1_000_000 };
  const timers = createManualSchedule();
  const pool = new GuestPool({
    size: 0,
    mint(signal) {
      const { promise, resolve, reject } = Promise.withResolvers<UpstreamResult<Credential>>();
      signal.addEventListener('abort', () => reject(signal.reason));
      visits.push({ signal, answer: resolve });
      return promise;
    },
    async deleteChats({ userId }) {
      deletions.push(userId);
      return null;
    },
    log: { warn() {}, debug() {} },
    schedule: timers.schedule,
    mintTimeoutMs: 60_000,
    now: () => clock.nowMs,
    random: () => 0.5,
    ...options,
  });
  return {
    pool,
    visits,
    deletions,
    timers,
    /** Asks for a guest, as a request of the conversation that has tried these guests. */
    ask: (conversation: string, tried = NONE, signal = NEVER) =>
      pool.acquire({ conversation, tried, need: 'any' }, signal),
    /** Admits the visitor of the `index`th visit as guest number `index`. */
    admit: (index: number) => visits[index]?.answer({ ok: true, value: guest(index) }),
    refuse: (index: number, failure: UpstreamFailure) =>
      visits[index]?.answer({ ok: false, failure }),
    /** Lets time pass: the pool looks its guests over at the end of it. */
    pass(ms: number) {
      clock.nowMs += ms;
      timers.fire();
    },
    [Symbol.dispose]: () => pool[Symbol.dispose](),
  };
}

/** `startGuests` with a service that admits whoever comes, at once. */
export function startOpenGuests(options: Partial<GuestPoolOptions> = {}) {
  let minted = 0;
  const mint = async () => ({ ok: true as const, value: guest(minted++) });
  const started = startGuests({ mint, ...options });
  return { ...started, minted: () => minted };
}
