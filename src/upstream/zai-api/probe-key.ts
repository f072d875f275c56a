import type { UpstreamFailure, UpstreamFailureKind } from '../../upstream-failure.ts';
import type { ApiSite } from './api-site.ts';
import { callApi } from './call-api.ts';

/**
 * What Z.ai says of a key.
 *
 * - `known`: it is a key, of an account that is not blocked. Whether it has balance shows only with a
 *   completion.
 * - `refused`: it can't serve; `failure` is why.
 * - `unknown`: it was not told; `failure` is what came instead.
 */
export type KeyVerdict =
  | { verdict: 'known' }
  | { verdict: 'refused' | 'unknown'; failure: UpstreamFailure };

/** Asks for nothing: no model and no messages. It is refused for its form, and so costs nothing. */
const EMPTY_COMPLETION = { path: '/chat/completions', body: {} };

/** The request itself is refused, for what it is: the key has passed. */
const ABOUT_THE_FORM: ReadonlySet<UpstreamFailureKind> = new Set([
  'bad-request',
  'model-not-found',
]);
const ABOUT_THE_KEY: ReadonlySet<UpstreamFailureKind> = new Set([
  'credential-rejected',
  'account-blocked',
  'insufficient-balance',
  'quota-exhausted',
  'permission-denied',
]);

/**
 * How Z.ai answers a request without a key, as a failure: `credential-rejected` says that it is there,
 * and that it looks at the key before anything else. Rejects only when `signal` aborts.
 */
export async function probeApi(
  site: ApiSite,
  signal: AbortSignal,
): Promise<UpstreamFailure | null> {
  const answered = await callApi(site, { ...EMPTY_COMPLETION, secret: '' }, signal);
  return answered.ok ? null : answered.failure;
}

/**
 * Asks Z.ai about a key, with a request that it must refuse for its form. That means something only
 * where `probeApi` has shown that keys are looked at first. Rejects only when `signal` aborts.
 */
export async function probeKey(
  site: ApiSite,
  secret: string,
  signal: AbortSignal,
): Promise<KeyVerdict> {
  const answered = await callApi(site, { ...EMPTY_COMPLETION, secret }, signal);
  if (answered.ok) return { verdict: 'known' };
  const { failure } = answered;
  if (ABOUT_THE_FORM.has(failure.kind)) return { verdict: 'known' };
  return { verdict: ABOUT_THE_KEY.has(failure.kind) ? 'refused' : 'unknown', failure };
}
