import type { CredentialPool } from '../credentials/credential-pool.ts';
import type { Lease } from '../credentials/lease.ts';
import type { LeaseWish } from '../credentials/lease-wish.ts';
import { startDeadline } from '../lib/deadline.ts';
import type { UpstreamResult } from '../upstream/upstream-result.ts';
import { upstreamFailure } from '../upstream-failure.ts';

/** Suggested to a client when every credential has its hands full. */
const RETRY_AFTER_MS = 5_000;

/**
 * A lease, or the failure `rate-limited` when every credential carries as many requests as it may
 * for all of `timeoutMs`. Rejects only when `signal` aborts, with its reason.
 */
export async function leaseInTime(
  credentials: Pick<CredentialPool, 'lease'>,
  wish: LeaseWish,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<UpstreamResult<Lease>> {
  using deadline = startDeadline(timeoutMs, signal, () => new Error('no credential in time'));
  try {
    return await credentials.lease(wish, deadline.signal);
  } catch (error) {
    if (!deadline.isOver || signal.aborted) throw error;
    const message = `No credential of the gateway had room for the request within ${timeoutMs / 1000} s.`;
    const failure = upstreamFailure('rate-limited', message, { retryAfterMs: RETRY_AFTER_MS });
    return { ok: false, failure };
  }
}
