import type { UpstreamFailure } from '../upstream-failure.ts';

/**
 * What a failure speaks of, and so what else it holds for.
 *
 * | scope | the same would happen |
 * | --- | --- |
 * | `request` | everywhere: the request is at fault, it does not travel |
 * | `reply` | perhaps not again: this one reply went wrong |
 * | `credential` | with this credential, whatever the model |
 * | `credential-model` | with this credential and this model |
 * | `model` | with every credential of this upstream that asks for this model |
 * | `address` | to everyone behind our address |
 * | `upstream` | to everyone who asks this upstream now |
 * | `gateway` | not again: the fault was ours (a thread died, an old front-end version) |
 */
export type FailureScope =
  | 'request'
  | 'reply'
  | 'credential'
  | 'credential-model'
  | 'model'
  | 'address'
  | 'upstream'
  | 'gateway';

/**
 * What to do after a failed attempt, as long as nothing has gone to the client.
 *
 * - `give-up`: no attempt can end otherwise; the client is told.
 * - `next-credential`: at once, on a credential that this request has not tried.
 * - `back-off`: the same again after a pause, on an untried credential if there is one.
 * - `next-upstream`: this upstream can't serve the request now; another may.
 * - `again`: at once, with the same credential; what was wrong has been put right.
 * - `remind`: the model did not do as it was told; tell it so, once.
 */
export type NextStep =
  | 'give-up'
  | 'next-credential'
  | 'back-off'
  | 'next-upstream'
  | 'again'
  | 'remind';

/**
 * What the failure costs the credential's health (`credential-model`: its health for that model).
 *
 * - `none`: nothing.
 * - `strike`: as many in a row as `TOKEN_FAILURE_THRESHOLD` cool it down for `TOKEN_RECOVERY_TIMEOUT`.
 * - `pause`: it cools down at once, for as long as the upstream asked, else for a short time that
 *   grows from pause to pause.
 * - `cool`: it cools down at once for `TOKEN_RECOVERY_TIMEOUT`, or as long as the upstream asked.
 * - `doubt`: as `cool`; and when the probe after it fails the same way, it is out.
 * - `out`: it is not lent again until an operator acts.
 */
export type Penalty = 'none' | 'strike' | 'pause' | 'cool' | 'doubt' | 'out';

/** What becomes of a failed attempt. */
export interface FailureVerdict {
  scope: FailureScope;
  step: NextStep;
  penalty: Penalty;
}

/** Decides by a failure's kind, never by its text. Pure; each upstream has one. */
export type JudgeFailure = (failure: UpstreamFailure) => FailureVerdict;
