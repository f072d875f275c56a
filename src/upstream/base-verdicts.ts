import type { UpstreamFailureKind } from '../upstream-failure.ts';
import type { FailureVerdict } from './failure-verdict.ts';

const REQUEST_IS_WRONG = { scope: 'request', step: 'give-up', penalty: 'none' } as const;

/**
 * What each kind of failure speaks of on any upstream that does not know better. A captcha or a
 * firewall's page never costs a credential its health. A client that waited a clock's full time is
 * not made to wait again on the same upstream.
 */
export const BASE_VERDICTS: Readonly<Record<UpstreamFailureKind, FailureVerdict>> = {
  'bad-request': REQUEST_IS_WRONG,
  'content-filtered': REQUEST_IS_WRONG,
  'model-not-found': { scope: 'model', step: 'next-upstream', penalty: 'none' },
  'credential-rejected': { scope: 'credential', step: 'next-credential', penalty: 'out' },
  'account-verification-required': {
    scope: 'credential',
    step: 'next-credential',
    penalty: 'out',
  },
  'rate-limited': { scope: 'credential', step: 'next-credential', penalty: 'pause' },
  'account-blocked': { scope: 'credential', step: 'next-credential', penalty: 'out' },
  'insufficient-balance': { scope: 'credential', step: 'next-credential', penalty: 'cool' },
  'quota-exhausted': { scope: 'credential', step: 'next-credential', penalty: 'cool' },
  'permission-denied': { scope: 'credential-model', step: 'next-credential', penalty: 'cool' },
  // Every attempt has an id of its own.
  'duplicate-request': { scope: 'gateway', step: 'again', penalty: 'none' },
  'client-outdated': { scope: 'gateway', step: 'next-upstream', penalty: 'none' },
  'address-blocked': { scope: 'address', step: 'next-upstream', penalty: 'none' },
  'verification-required': { scope: 'upstream', step: 'next-upstream', penalty: 'none' },
  'model-overloaded': { scope: 'model', step: 'back-off', penalty: 'none' },
  unavailable: { scope: 'upstream', step: 'back-off', penalty: 'strike' },
  unreachable: { scope: 'upstream', step: 'back-off', penalty: 'none' },
  'connect-timeout': { scope: 'upstream', step: 'next-upstream', penalty: 'none' },
  'first-byte-timeout': { scope: 'upstream', step: 'next-upstream', penalty: 'strike' },
  'idle-timeout': { scope: 'upstream', step: 'next-upstream', penalty: 'strike' },
  'total-timeout': { scope: 'reply', step: 'give-up', penalty: 'none' },
  'empty-reply': { scope: 'reply', step: 'back-off', penalty: 'strike' },
  'broken-stream': { scope: 'reply', step: 'back-off', penalty: 'strike' },
  'frame-too-large': { scope: 'reply', step: 'give-up', penalty: 'none' },
  'required-call-missing': { scope: 'reply', step: 'remind', penalty: 'none' },
  'invalid-json': { scope: 'reply', step: 'remind', penalty: 'none' },
  'client-stalled': { scope: 'gateway', step: 'give-up', penalty: 'none' },
  'worker-crashed': { scope: 'gateway', step: 'back-off', penalty: 'none' },
};
