import { type UpstreamFailure, upstreamFailure } from '../upstream-failure.ts';

/**
 * Why a chat was not served, upstream after upstream, and which of the reasons its client is told.
 * An attempt's failure tells more than a refusal to make one, and that an upstream is braked tells
 * more than that it has no credential; of equals the last one counts. It keeps the soonest time
 * after which one of its kind may succeed.
 */
export class FailureTale {
  readonly #told: { failure: UpstreamFailure; weight: number }[] = [];

  /** `attempt`: one was made. `refusal`: the pool had no credential to make one with. */
  add(failure: UpstreamFailure, event: 'attempt' | 'refusal'): void {
    const isLack = failure.kind === 'credential-rejected';
    const weight = event === 'attempt' ? 2 : isLack ? 0 : 1;
    this.#told.push({ failure, weight });
  }

  /** The failure to tell of. */
  moral(): UpstreamFailure {
    const heaviest = Math.max(...this.#told.map(({ weight }) => weight));
    const chosen = this.#told.findLast(({ weight }) => weight === heaviest)?.failure;
    if (chosen === undefined) return upstreamFailure('unavailable', 'No upstream was tried.');
    const waits = this.#told
      .filter(({ failure }) => failure.kind === chosen.kind)
      .flatMap(({ failure }) => failure.retryAfterMs ?? []);
    return { ...chosen, retryAfterMs: waits.length > 0 ? Math.min(...waits) : null };
  }
}
