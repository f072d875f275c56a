import { type GatewayError, UpstreamError } from './errors.ts';

/**
 * What an upstream's failure speaks of, and so what may be done about it.
 *
 * | kind | speaks of |
 * | --- | --- |
 * | `bad-request`, `model-not-found`, `content-filtered` | the request: no other attempt can help |
 * | `credential-rejected`, `account-verification-required`, `rate-limited` | the credential |
 * | `account-blocked`, `insufficient-balance`, `quota-exhausted` | the account behind the credential |
 * | `permission-denied` | the credential with this model |
 * | `duplicate-request` | the id of the request: with a new one it is another request |
 * | `client-outdated` | the front-end version we claim: refresh it, try again |
 * | `address-blocked` | our address (a WAF's page) |
 * | `verification-required` | the upstream: it wants a human at a browser, which we never imitate |
 * | `model-overloaded` | the model on this upstream, for now |
 * | `unavailable`, `unreachable` | the upstream, for now |
 * | `connect-timeout`, `first-byte-timeout`, `idle-timeout`, `total-timeout` | one of the four clocks of an attempt |
 * | `empty-reply`, `broken-stream`, `frame-too-large` | this one reply |
 * | `required-call-missing`, `invalid-json` | this one reply: it is not what the client asked for |
 * | `client-stalled` | the client: it has not read its reply for too long |
 * | `worker-crashed` | us: the thread that carried the stream died |
 */
export type UpstreamFailureKind =
  | 'bad-request'
  | 'model-not-found'
  | 'content-filtered'
  | 'credential-rejected'
  | 'account-verification-required'
  | 'rate-limited'
  | 'account-blocked'
  | 'insufficient-balance'
  | 'quota-exhausted'
  | 'permission-denied'
  | 'duplicate-request'
  | 'client-outdated'
  | 'address-blocked'
  | 'verification-required'
  | 'model-overloaded'
  | 'unavailable'
  | 'unreachable'
  | 'connect-timeout'
  | 'first-byte-timeout'
  | 'idle-timeout'
  | 'total-timeout'
  | 'empty-reply'
  | 'broken-stream'
  | 'frame-too-large'
  | 'required-call-missing'
  | 'invalid-json'
  | 'client-stalled'
  | 'worker-crashed';

/** One failed exchange with an upstream, flat so that it crosses threads whole. */
export interface UpstreamFailure {
  kind: UpstreamFailureKind;
  /** What happened, without secrets; fit for a client and a log. */
  message: string;
  /** The HTTP status the upstream answered with; null when it did not answer. */
  status: number | null;
  /** The upstream's own error code, as text; null when it gave none. */
  upstreamCode: string | null;
  /** How long the upstream asked us to wait, in ms; null when it did not say. */
  retryAfterMs: number | null;
}

/** Makes a failure from the fields that are known; the others are null. */
export function upstreamFailure(
  kind: UpstreamFailureKind,
  message: string,
  known: Partial<Pick<UpstreamFailure, 'status' | 'upstreamCode' | 'retryAfterMs'>> = {},
): UpstreamFailure {
  return { kind, message, status: null, upstreamCode: null, retryAfterMs: null, ...known };
}

const PRESENTATION = {
  'bad-request': [400, 'invalid_request_error', 'upstream_rejected_request'],
  'model-not-found': [404, 'invalid_request_error', 'model_not_found'],
  'content-filtered': [400, 'invalid_request_error', 'content_filter'],
  'credential-rejected': [502, 'server_error', 'upstream_credentials_exhausted'],
  'account-verification-required': [502, 'server_error', 'upstream_credentials_exhausted'],
  'rate-limited': [429, 'rate_limit_error', 'upstream_rate_limited'],
  'account-blocked': [502, 'server_error', 'upstream_credentials_exhausted'],
  'insufficient-balance': [502, 'server_error', 'upstream_credentials_exhausted'],
  'quota-exhausted': [429, 'rate_limit_error', 'upstream_quota_exhausted'],
  'permission-denied': [502, 'server_error', 'upstream_credentials_exhausted'],
  'duplicate-request': [502, 'server_error', 'upstream_duplicate_request'],
  'client-outdated': [502, 'server_error', 'upstream_client_outdated'],
  'address-blocked': [503, 'server_error', 'upstream_address_blocked'],
  'verification-required': [503, 'server_error', 'upstream_verification_required'],
  'model-overloaded': [503, 'server_error', 'upstream_model_overloaded'],
  unavailable: [503, 'server_error', 'upstream_unavailable'],
  unreachable: [502, 'server_error', 'upstream_unreachable'],
  'connect-timeout': [504, 'server_error', 'upstream_connect_timeout'],
  'first-byte-timeout': [504, 'server_error', 'upstream_first_byte_timeout'],
  'idle-timeout': [504, 'server_error', 'upstream_idle_timeout'],
  'total-timeout': [504, 'server_error', 'upstream_total_timeout'],
  'empty-reply': [502, 'server_error', 'upstream_empty_reply'],
  'broken-stream': [502, 'server_error', 'upstream_broken_stream'],
  'frame-too-large': [502, 'server_error', 'upstream_frame_too_large'],
  'required-call-missing': [502, 'server_error', 'required_tool_call_missing'],
  'invalid-json': [502, 'server_error', 'invalid_json_reply'],
  'client-stalled': [408, 'invalid_request_error', 'client_stalled'],
  'worker-crashed': [502, 'server_error', 'worker_crashed'],
} as const satisfies Record<UpstreamFailureKind, readonly [number, string, string]>;

/**
 * What a client is told of an upstream's failure. An upstream's 401 is never the client's 401: it
 * says that the gateway's credentials are spent, not that the client's key is wrong.
 */
export function toGatewayError(failure: UpstreamFailure): GatewayError {
  const [status, type, code] = PRESENTATION[failure.kind];
  return new UpstreamError({
    message: failure.message,
    status,
    type,
    code,
    retryAfterSeconds:
      failure.retryAfterMs === null ? null : Math.max(1, Math.ceil(failure.retryAfterMs / 1000)),
  });
}
