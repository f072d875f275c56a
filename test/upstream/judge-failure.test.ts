import { describe, expect, test } from 'bun:test';
import type { FailureScope, NextStep, Penalty } from '../../src/upstream/failure-verdict.ts';
import { judgeApiFailure } from '../../src/upstream/zai-api/judge-failure.ts';
import { judgeWebFailure } from '../../src/upstream/zai-web/judge-failure.ts';
import { type UpstreamFailureKind, upstreamFailure } from '../../src/upstream-failure.ts';

type Verdict = [FailureScope, NextStep, Penalty];

const BOTH: Record<UpstreamFailureKind, Verdict> = {
  'bad-request': ['request', 'give-up', 'none'],
  'content-filtered': ['request', 'give-up', 'none'],
  'model-not-found': ['model', 'next-upstream', 'none'],
  'credential-rejected': ['credential', 'next-credential', 'out'],
  'account-verification-required': ['credential', 'next-credential', 'out'],
  'rate-limited': ['credential', 'next-credential', 'pause'],
  'account-blocked': ['credential', 'next-credential', 'out'],
  'insufficient-balance': ['credential', 'next-credential', 'cool'],
  'quota-exhausted': ['credential', 'next-credential', 'cool'],
  'permission-denied': ['credential-model', 'next-credential', 'cool'],
  'duplicate-request': ['gateway', 'again', 'none'],
  'client-outdated': ['gateway', 'next-upstream', 'none'],
  'address-blocked': ['address', 'next-upstream', 'none'],
  'verification-required': ['upstream', 'next-upstream', 'none'],
  'model-overloaded': ['model', 'back-off', 'none'],
  unavailable: ['upstream', 'back-off', 'strike'],
  unreachable: ['upstream', 'back-off', 'none'],
  'connect-timeout': ['upstream', 'next-upstream', 'none'],
  'first-byte-timeout': ['upstream', 'next-upstream', 'strike'],
  'idle-timeout': ['upstream', 'next-upstream', 'strike'],
  'total-timeout': ['reply', 'give-up', 'none'],
  'empty-reply': ['reply', 'back-off', 'strike'],
  'broken-stream': ['reply', 'back-off', 'strike'],
  'frame-too-large': ['reply', 'give-up', 'none'],
  'required-call-missing': ['reply', 'remind', 'none'],
  'invalid-json': ['reply', 'remind', 'none'],
  'client-stalled': ['gateway', 'give-up', 'none'],
  'worker-crashed': ['gateway', 'back-off', 'none'],
};

/** The web chat rejects tokens by mistake at times. */
const WEB: Record<UpstreamFailureKind, Verdict> = {
  ...BOTH,
  'credential-rejected': ['credential', 'next-credential', 'doubt'],
  'account-verification-required': ['credential', 'next-credential', 'doubt'],
};

describe.each([
  ['the web chat', judgeWebFailure, WEB],
  ['the API', judgeApiFailure, BOTH],
] as const)('on %s', (_, judge, verdicts) => {
  test.each(Object.entries(verdicts))('%s comes to %j', (kind, [scope, step, penalty]) => {
    // The text decides nothing.
    const failure = upstreamFailure(kind as UpstreamFailureKind, 'captcha 429', { status: 401 });
    expect(judge(failure)).toEqual({ scope, step, penalty });
  });
});
