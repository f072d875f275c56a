import { type UpstreamFailure, upstreamFailure } from '../upstream-failure.ts';

/** A reason why a chat was not served. */
export interface ChatFailure {
  failure: UpstreamFailure;
  /** `attempt`: one was made. `refusal`: there was no credential to make one with. */
  origin: 'attempt' | 'refusal';
}

/**
 * Which of the reasons, in their order, the client is told. An attempt's failure tells more than a
 * refusal to make one, and that an upstream is braked tells more than that it has no credential; of
 * equals the last one counts. It keeps the soonest time after which one of its kind may succeed.
 */
export function chooseToldFailure(failures: readonly ChatFailure[]): UpstreamFailure {
  const heaviest = Math.max(...failures.map(weightOf));
  const chosen = failures.findLast((one) => weightOf(one) === heaviest)?.failure;
  if (chosen === undefined) return upstreamFailure('unavailable', 'No upstream was tried.');
  const waits = failures
    .filter(({ failure }) => failure.kind === chosen.kind)
    .flatMap(({ failure }) => failure.retryAfterMs ?? []);
  return { ...chosen, retryAfterMs: waits.length > 0 ? Math.min(...waits) : null };
}

function weightOf({ failure, origin }: ChatFailure): number {
  if (origin === 'attempt') return 2;
  return failure.kind === 'credential-rejected' ? 0 : 1;
}
