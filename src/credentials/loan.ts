import type { FailureVerdict } from '../upstream/failure-verdict.ts';
import type { UpstreamFailure } from '../upstream-failure.ts';

/** A credential's own side of one lease: what the lease comes to is told to exactly one of the last three. */
export interface Loan {
  /** It serves; the lease goes on. */
  confirm(): void;
  complete(): void;
  cancel(): void;
  /**
   * Takes the penalty. What is returned undoes it, unless something else has happened to the
   * credential's health since.
   */
  fail(verdict: FailureVerdict, failure: UpstreamFailure): () => void;
}
