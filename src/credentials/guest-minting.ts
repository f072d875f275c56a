import { backoffMs } from '../lib/backoff.ts';
import { startDeadline } from '../lib/deadline.ts';
import type { UpstreamResult } from '../upstream/upstream-result.ts';
import { type UpstreamFailure, upstreamFailure } from '../upstream-failure.ts';
import type { Credential } from './credential.ts';

/** Gets a new guest from the service; rejects only when the signal aborts. */
export type MintGuest = (signal: AbortSignal) => Promise<UpstreamResult<Credential>>;

interface GuestMintingOptions {
  mint: MintGuest;
  /** The longest a minting may take. */
  mintTimeoutMs: number;
  log: { warn(fields: object, message: string): void };
  now: () => number;
  random: () => number;
}

const MAX_UNDER_WAY = 4;
/** A firewall that is hammered stays shut. */
const PAUSE = { firstMs: 10_000, maxMs: 10 * 60_000 };

/**
 * Mints guests in time, and keeps count: of those under way, and of failures in a row, which make a
 * pause in minting what nobody waits for. Disposal breaks off what is under way.
 */
export class GuestMinting implements Disposable {
  readonly #options: GuestMintingOptions;
  readonly #closing = new AbortController();
  #underWay = 0;
  #failuresInRow = 0;
  #pausedUntilMs = 0;

  constructor(options: GuestMintingOptions) {
    this.#options = options;
  }

  /** How many mintings are under way. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Whether one more may begin. */
  get hasRoom(): boolean {
    return this.#underWay < MAX_UNDER_WAY;
  }

  /** Whether mintings have failed of late. Those who wait for a guest may try all the same. */
  get isPaused(): boolean {
    return this.#options.now() < this.#pausedUntilMs;
  }

  /**
   * Mints one guest and offers it to `admit`, which says why it will not do, or null. Resolves with
   * why there is no new guest; null when there is, or when all is over. Never rejects.
   */
  async mintOne(
    admit: (guest: Credential) => UpstreamFailure | null,
  ): Promise<UpstreamFailure | null> {
    this.#underWay += 1;
    const minted = await this.#mintInTime();
    this.#underWay -= 1;
    if (this.#closing.signal.aborted) return null;
    const failure = minted.ok ? admit(minted.value) : minted.failure;
    if (failure === null) this.#endPause();
    else this.#pauseAfter(failure);
    return failure;
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
  }

  async #mintInTime(): Promise<UpstreamResult<Credential>> {
    const { mint, mintTimeoutMs, log } = this.#options;
    const late = `Z.ai did not admit a guest within ${mintTimeoutMs / 1000} s.`;
    using deadline = startDeadline(mintTimeoutMs, this.#closing.signal, () => late);
    try {
      return await mint(deadline.signal);
    } catch (error) {
      if (deadline.isOver) {
        return { ok: false, failure: upstreamFailure('first-byte-timeout', late) };
      }
      // Whoever waits is to hear of it, be the fault our own.
      if (!deadline.signal.aborted) log.warn({ err: error }, 'asking for a guest went wrong');
      const failure = upstreamFailure('unavailable', 'No guest could be asked for.');
      return { ok: false, failure };
    }
  }

  #endPause(): void {
    this.#failuresInRow = 0;
    this.#pausedUntilMs = 0;
  }

  #pauseAfter({ kind, message, retryAfterMs }: UpstreamFailure): void {
    const { now, random, log } = this.#options;
    this.#failuresInRow += 1;
    const ownMs = backoffMs(this.#failuresInRow, { ...PAUSE, random });
    const pauseMs = Math.max(ownMs, retryAfterMs ?? 0);
    this.#pausedUntilMs = now() + pauseMs;
    log.warn(
      { kind, reason: message, pauseMs },
      'no guest was admitted: no spare ones for a while',
    );
  }
}
