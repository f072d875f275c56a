import { toGatewayError, type UpstreamFailureKind, upstreamFailure } from '../upstream-failure.ts';
import type { DocumentedError } from './documented-errors.ts';

/** When a failed exchange with an upstream is the answer; null = it never is. */
const WHEN = {
  'bad-request': 'The upstream rejects the request itself.',
  'model-not-found': 'No upstream serves a model of this name.',
  'content-filtered': 'The upstream’s content filter stopped the request.',
  'credential-rejected':
    'No credential of the gateway could serve the request. It says nothing of the client’s key.',
  'account-verification-required': null,
  'rate-limited': 'The upstream lets none of the gateway’s credentials do more for now.',
  'account-blocked': null,
  'insufficient-balance': null,
  'quota-exhausted': 'The quotas of the gateway’s credentials are used up.',
  'permission-denied': null,
  'duplicate-request': 'The upstream took the request for one it had already.',
  'client-outdated': 'The upstream wants a newer front-end version than the gateway knows.',
  'address-blocked': 'The upstream blocks the gateway’s address.',
  'verification-required':
    'The upstream wants a human at a browser, which the gateway never imitates.',
  'model-overloaded': 'The model is overloaded.',
  unavailable: 'The upstream does not serve for now.',
  unreachable: 'The upstream could not be reached.',
  'connect-timeout': 'The upstream did not accept the connection within `CONNECT_TIMEOUT`.',
  'first-byte-timeout': 'The upstream did not begin its reply within `FIRST_BYTE_TIMEOUT`.',
  'idle-timeout': 'The upstream was silent for `IDLE_TIMEOUT`.',
  'total-timeout': 'The reply took longer than `TOTAL_TIMEOUT`.',
  'empty-reply': 'The upstream’s reply was empty.',
  'broken-stream': 'The upstream’s reply broke off, or made no sense.',
  'frame-too-large': 'A piece of the upstream’s reply was larger than any that is known.',
  'required-call-missing': 'The model did not call the tool it had to call, asked twice.',
  'invalid-json': 'The model did not write the JSON it was asked for, asked twice.',
  'client-stalled': null,
  'worker-crashed': 'The thread that carried the reply died. Others are not affected.',
} as const satisfies Record<UpstreamFailureKind, string | null>;

/** How long an upstream that says so makes clients wait, in ms. */
const RETRY_AFTER_MS: Partial<Record<UpstreamFailureKind, number>> = {
  'rate-limited': 20_000,
  'quota-exhausted': 3_600_000,
  'model-overloaded': 10_000,
  unavailable: 10_000,
};

/** The failures of upstreams that become an answer: the last one, once all attempts are spent. */
export const UPSTREAM_ERRORS: readonly DocumentedError[] = Object.entries(WHEN).flatMap(
  ([kind, when]) => (when === null ? [] : documentFailure(kind as UpstreamFailureKind, when)),
);

function documentFailure(kind: UpstreamFailureKind, when: string): DocumentedError {
  const retryAfterMs = RETRY_AFTER_MS[kind] ?? null;
  return { when, error: toGatewayError(upstreamFailure(kind, when, { retryAfterMs })) };
}
