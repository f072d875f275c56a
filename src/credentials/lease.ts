import type { UpstreamFailure } from '../upstream-failure.ts';
import type { Credential } from './credential.ts';

/** How the attempt that a credential was borrowed for was settled. */
export type LeaseOutcome =
  | { state: 'completed' }
  | { state: 'cancelled' }
  | { state: 'failed'; failure: UpstreamFailure };

/**
 * A borrowed credential. It goes back exactly once: with the first `settle`, or, when there was
 * none, as `cancelled` at the end of its `using` block. Later calls change nothing.
 */
export class Lease implements Disposable {
  readonly credential: Credential;
  #giveBack: ((outcome: LeaseOutcome) => void) | null;
  #confirm: (() => void) | null;

  /**
   * `giveBack` is called once, when the lease is settled; `confirm` at most once, before that, when
   * the upstream is seen to serve.
   */
  constructor(
    credential: Credential,
    giveBack: (outcome: LeaseOutcome) => void,
    confirm: () => void = () => {},
  ) {
    this.credential = credential;
    this.#giveBack = giveBack;
    this.#confirm = confirm;
  }

  /**
   * Tells the pool that the first part of the reply is here. A reply may take minutes; whoever waits
   * for this lease as a probe need not wait for its end. Only the first call counts.
   */
  confirm(): void {
    const confirm = this.#confirm;
    this.#confirm = null;
    confirm?.();
  }

  /** Gives the credential back and tells the pool what became of the attempt. */
  settle(outcome: LeaseOutcome): void {
    const giveBack = this.#giveBack;
    this.#giveBack = null;
    this.#confirm = null;
    giveBack?.(outcome);
  }

  [Symbol.dispose](): void {
    this.settle({ state: 'cancelled' });
  }
}
