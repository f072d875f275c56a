import type { GatewayError } from '../errors.ts';

/**
 * The start of a response, held back so that a request that fails before its first part still gets
 * an HTTP status, or another attempt.
 *
 *   held ──first part, or the hold is over──▶ committed
 *     └──failed──▶ refused
 */
export class HeldHead {
  readonly #head = Promise.withResolvers<void>();
  #state: 'held' | 'committed' | 'refused' = 'held';
  #timer: Timer | undefined;

  /** Resolves when the response may begin; rejects with what it is to be refused with. */
  get promise(): Promise<void> {
    return this.#head.promise;
  }

  get committed(): boolean {
    return this.#state === 'committed';
  }

  /** Commits after `ms` at the latest: from then on, comments must keep the connection alive. */
  holdAtMost(ms: number): void {
    this.#timer = setTimeout(() => this.commit(), ms);
  }

  commit(): void {
    if (this.#leaveHeld('committed')) this.#head.resolve();
  }

  /** Without effect once committed: then the failure belongs into the stream. */
  refuse(error: GatewayError): void {
    if (this.#leaveHeld('refused')) this.#head.reject(error);
  }

  #leaveHeld(state: 'committed' | 'refused'): boolean {
    if (this.#state !== 'held') return false;
    clearTimeout(this.#timer);
    this.#state = state;
    return true;
  }
}
