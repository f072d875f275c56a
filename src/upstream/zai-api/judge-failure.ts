import type { UpstreamFailure } from '../../upstream-failure.ts';
import { BASE_VERDICTS } from '../base-verdicts.ts';
import type { FailureVerdict } from '../failure-verdict.ts';

/** The verdict on a failure of the official API: its codes are as exact as any upstream's can be. */
export function judgeApiFailure({ kind }: UpstreamFailure): FailureVerdict {
  return BASE_VERDICTS[kind];
}
