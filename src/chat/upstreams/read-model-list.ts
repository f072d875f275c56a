import type { CredentialPool } from '../../credentials/credential-pool.ts';
import type { LeaseWish } from '../../credentials/lease-wish.ts';
import type { LiveModel } from '../../upstream/live-model.ts';
import type { UpstreamResult } from '../../upstream/upstream-result.ts';

/** Reading a list is no conversation and asks for no model, but guests know nothing else. */
const LISTING: LeaseWish = {
  model: '',
  tried: new Set(),
  allowTried: false,
  need: 'any',
  conversation: 'list of models',
};

/**
 * Reads an upstream's list of models with a healthy account of it; where there is none, with what a
 * chat would get. Rejects only when `signal` aborts.
 */
export async function readModelList(
  credentials: Pick<CredentialPool, 'peek' | 'lease'>,
  fetchList: (secret: string, signal: AbortSignal) => Promise<UpstreamResult<LiveModel[]>>,
  signal: AbortSignal,
): Promise<UpstreamResult<LiveModel[]>> {
  const account = credentials.peek();
  if (account !== null) return fetchList(account.secret, signal);
  const leased = await credentials.lease(LISTING, signal);
  if (!leased.ok) return leased;
  using lease = leased.value;
  return await fetchList(lease.credential.secret, signal);
}
