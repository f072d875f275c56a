import type { UpstreamResult } from '../upstream/upstream-result.ts';
import type { GuestPool } from './guest-pool.ts';
import type { Lease } from './lease.ts';
import type { LeaseLedger } from './lease-ledger.ts';
import type { LeaseWish } from './lease-wish.ts';
import type { Loan } from './loan.ts';
import type { BrakePass, UpstreamBrake } from './upstream-brake.ts';

/** Whatever a request may try again it does try again: another guest is no better, and has to be minted. */
const NONE: ReadonlySet<string> = new Set();

/** What is needed of the guests. */
export type Guests = Pick<GuestPool, 'acquire' | 'settle' | typeof Symbol.dispose>;

/** Who is asked for a guest, and who is told what came of it. */
export interface GuestDesk {
  guests: Guests;
  ledger: LeaseLedger;
  brake: UpstreamBrake;
}

/**
 * Lends a guest to a request that the brake has let through with `pass`. null when guests will not
 * do; a minting's failure is the answer, and counts for the brake. When the brake opens while the
 * request waits, its refusal is the answer, and nobody is minted any more. Rejects only when `signal`
 * aborts, with its reason.
 */
export async function leaseGuest(
  { guests, ledger, brake }: GuestDesk,
  pass: BrakePass,
  { conversation, need, tried, allowTried }: LeaseWish,
  signal: AbortSignal,
): Promise<UpstreamResult<Lease> | null> {
  const wish = { conversation, need, tried: allowTried ? NONE : tried };
  const { opening } = brake;
  const either = AbortSignal.any([signal, opening]);
  let acquired: Awaited<ReturnType<Guests['acquire']>>;
  try {
    acquired = await guests.acquire(wish, either);
  } catch (error) {
    brake.release(pass);
    if (signal.aborted) throw error;
    return { ok: false, failure: opening.reason };
  }
  if (acquired === null) {
    brake.release(pass);
    return null;
  }
  if (!acquired.ok) {
    ledger.noteMintingFailure(acquired.failure, pass, conversation);
    return acquired;
  }
  const { value: guest } = acquired;
  return { ok: true, value: ledger.lend(guest, lendFrom(guests, guest.id), pass, conversation) };
}

/** A guest goes back to its pool, which replaces guests instead of healing them. */
function lendFrom(guests: Guests, id: string): Loan {
  return {
    confirm() {},
    complete: () => guests.settle(id, 'completed'),
    cancel: () => guests.settle(id, 'cancelled'),
    fail({ penalty }) {
      guests.settle(id, penalty);
      // Whether or not it was to blame, a new guest is as good.
      return () => {};
    },
  };
}
