import type { AttemptStory } from '../stats/request-story.ts';
import type { StreamOutcome } from '../stream-pool/protocol.ts';
import type { UpstreamFailure } from '../upstream-failure.ts';
import type { UpstreamId } from '../upstream-id.ts';
import type { Attempt, AttemptWatch } from './attempts.ts';

/** Since the request came, in ms. */
type Clock = () => number;

/** What is noted of one attempt while it is under way. */
export class AttemptNotes implements AttemptWatch {
  readonly #attempt: Attempt;
  readonly #clock: Clock;
  readonly #onFailure: (failure: UpstreamFailure) => void;
  readonly #startedAtMs: number;
  #preparedAtMs: number | null = null;
  #firstByteAtMs: number | null = null;
  #end: Pick<AttemptStory, 'state' | 'failure' | 'endedAtMs'> | null = null;

  constructor(attempt: Attempt, clock: Clock, onFailure: (failure: UpstreamFailure) => void) {
    this.#attempt = attempt;
    this.#clock = clock;
    this.#onFailure = onFailure;
    this.#startedAtMs = clock();
  }

  prepared(): void {
    this.#preparedAtMs = this.#clock();
  }

  wrote(): void {
    this.#firstByteAtMs ??= this.#clock();
  }

  ended(outcome: StreamOutcome): void {
    const failure = outcome.state === 'failed' ? outcome.failure : null;
    this.#end = {
      state: outcome.state,
      failure: failure && briefly(failure),
      endedAtMs: this.#clock(),
    };
    if (failure !== null) this.#onFailure(failure);
  }

  /** One that has no end by now was broken off with its chat. */
  tell(): AttemptStory {
    const { number, upstream, credentialId, leaseMs } = this.#attempt;
    const brokenOff = { state: 'cancelled', failure: null, endedAtMs: this.#clock() } as const;
    return {
      number,
      upstream,
      credentialId,
      leaseMs,
      startedAtMs: this.#startedAtMs,
      preparedAtMs: this.#preparedAtMs,
      firstByteAtMs: this.#firstByteAtMs,
      ...(this.#end ?? brokenOff),
    };
  }
}

/** An upstream that lent no credential, as a story tells it. */
export function tellRefusal(
  upstream: UpstreamId,
  failure: UpstreamFailure,
  leaseMs: number,
  atMs: number,
): AttemptStory {
  return {
    number: null,
    upstream,
    credentialId: null,
    state: 'refused',
    leaseMs,
    startedAtMs: atMs,
    preparedAtMs: null,
    firstByteAtMs: null,
    endedAtMs: atMs,
    failure: briefly(failure),
  };
}

function briefly({
  kind,
  message,
  status,
  upstreamCode,
}: UpstreamFailure): AttemptStory['failure'] {
  return { kind, message, status, upstreamCode };
}
