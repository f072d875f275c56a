import type { UpstreamResult } from '../upstream/upstream-result.ts';
import { callWebJson } from '../upstream/zai-web/call-web-json.ts';
import { browserHeaders } from '../upstream/zai-web/headers.ts';
import type { WebSite } from '../upstream/zai-web/web-site.ts';
import type { UpstreamFailure, UpstreamFailureKind } from '../upstream-failure.ts';

/**
 * What the service says of a credential.
 *
 * - `account`: it is an account's. `userId`: the user the service knows it as, null when it did not say.
 * - `refused`: it is none, or not any more; `reason` is fit for an operator.
 * - `unknown`: the service could not be asked; `failure` is why.
 */
export type CredentialVerdict =
  | { verdict: 'account'; userId: string | null }
  | { verdict: 'refused'; reason: string }
  | { verdict: 'unknown'; failure: UpstreamFailure };

/** What speaks of the credential itself. Everything else speaks of the service, or of the way to it. */
const REFUSALS: ReadonlySet<UpstreamFailureKind> = new Set([
  'credential-rejected',
  'account-verification-required',
]);

/**
 * Asks the web chat whose credential this is, as its page does at a visit. Only an account's will do:
 * a guest's is refused, and so is any other role. Rejects only when `signal` aborts, with its reason.
 */
export async function validateCredential(
  site: WebSite,
  secret: string,
  signal: AbortSignal,
): Promise<CredentialVerdict> {
  const answered = await callWebJson(
    {
      method: 'GET',
      url: `${site.baseUrl}/api/v1/auths/`,
      headers: { ...browserHeaders(site, '/'), Authorization: `Bearer ${secret}` },
      proxyUrl: site.proxyUrl,
      secret,
    },
    signal,
  );
  return readVerdict(answered);
}

function readVerdict(answered: UpstreamResult<Record<string, unknown>>): CredentialVerdict {
  if (!answered.ok) {
    const { failure } = answered;
    if (REFUSALS.has(failure.kind)) return { verdict: 'refused', reason: failure.message };
    return { verdict: 'unknown', failure };
  }
  const { role, id } = answered.value;
  if (role === 'user') {
    return { verdict: 'account', userId: typeof id === 'string' && id !== '' ? id : null };
  }
  const whose = role === 'guest' ? "a guest's" : 'of a role that may not chat';
  return { verdict: 'refused', reason: `Z.ai says that the token is ${whose}, not an account's.` };
}
