import type { UpstreamFailure, UpstreamFailureKind } from '../../upstream-failure.ts';
import { BASE_VERDICTS } from '../base-verdicts.ts';
import type { FailureVerdict } from '../failure-verdict.ts';

const DOUBTFUL = { scope: 'credential', step: 'next-credential', penalty: 'doubt' } as const;

/**
 * Where the web chat differs from other upstreams. A token that it rejects may be rejected by
 * mistake (its sessions flicker when it is deployed), so it is tried once more, much later.
 */
const WEB_VERDICTS: Readonly<Record<UpstreamFailureKind, FailureVerdict>> = {
  ...BASE_VERDICTS,
  'credential-rejected': DOUBTFUL,
  'account-verification-required': DOUBTFUL,
};

/** The verdict on a failure of the web chat. */
export function judgeWebFailure({ kind }: UpstreamFailure): FailureVerdict {
  return WEB_VERDICTS[kind];
}
