import { type Schedule, scheduleTimeout } from '../lib/schedule.ts';
import type { UpstreamResult } from '../upstream/upstream-result.ts';
import { type UpstreamFailure, upstreamFailure } from '../upstream-failure.ts';
import type { Credential } from './credential.ts';
import {
  createGuest,
  describeGuest,
  type Guest,
  type GuestStatus,
  type GuestUse,
  isDue,
  isSpentBy,
} from './guest.ts';
import { GuestBook } from './guest-book.ts';
import { type DeleteGuestChats, GuestChatDeletion } from './guest-chat-deletion.ts';
import { GuestLine } from './guest-line.ts';
import { GuestMinting, type MintGuest } from './guest-minting.ts';
import type { CredentialNeed } from './lease-wish.ts';

export interface GuestPoolOptions {
  /** How many unused guests are kept ready (setting `GUEST_POOL_SIZE`); 0 = none. */
  size: number;
  mint: MintGuest;
  /** The longest a minting may take. */
  mintTimeoutMs: number;
  deleteChats: DeleteGuestChats;
  log: {
    warn(fields: object, message: string): void;
    debug(fields: object, message: string): void;
  };
  /** How many guests may be alive at once. Default 1,000. */
  maxLive?: number;
  schedule?: Schedule;
  /** Unix ms. */
  now?: () => number;
  /** In [0, 1). */
  random?: () => number;
}

/** Which guest a request can use. */
export interface GuestWish {
  /** Which conversation it is for: its guests serve no other. */
  conversation: string;
  /**
   * Ids of credentials that will not do. What may be tried again is better left out: with all its
   * guests in here, the conversation gets a new one.
   */
  tried: ReadonlySet<string>;
  /** With `account` guests will not do at all. */
  need: CredentialNeed;
}

const DEFAULTS = {
  maxLive: 1_000,
  schedule: scheduleTimeout,
  now: Date.now,
  random: Math.random,
};
const FULL_RETRY_AFTER_MS = 5_000;
/** How often guests are looked over, and a pause in minting spares may end. */
const TICK_MS = 5_000;
/** How long the end of the pool may take. */
const CLOSE_MS = 2_000;

const SHUTTING_DOWN = upstreamFailure('unavailable', 'The gateway is shutting down.');
/** Not `unavailable`, which would speak against the upstream: other conversations are served. */
const GUEST_IN_USE = upstreamFailure(
  'rate-limited',
  'Z.ai admitted a guest that serves another conversation.',
);

/**
 * Guests of the web chat: one or more for a conversation, and none for two of them, because the
 * service remembers by user.
 *
 *   minting ──▶ spare ──acquire──▶ bound ──old, idle, failed──▶ leaving ──▶ retired
 *                                       when nobody uses it any more ──┘
 *
 * A conversation that has no guest takes a spare one, or waits for a new one. Spares are minted in
 * the background, from the first `acquire` or `warm` on, with growing pauses while that fails. A
 * guest that retires has its chats deleted, out of everyone's way.
 *
 * Each guest that was acquired is to be settled, once.
 */
export class GuestPool implements Disposable, AsyncDisposable {
  readonly #options: Required<GuestPoolOptions>;
  readonly #book = new GuestBook();
  readonly #line = new GuestLine();
  readonly #minting: GuestMinting;
  readonly #chatDeletion: GuestChatDeletion;
  readonly #full: UpstreamFailure;
  #keepsSpares = false;
  #isClosed = false;
  #cancelTick: (() => void) | null = null;

  constructor(options: GuestPoolOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#minting = new GuestMinting(this.#options);
    this.#chatDeletion = new GuestChatDeletion(this.#options);
    const message = `All ${this.#options.maxLive} guests of the gateway are in use.`;
    this.#full = upstreamFailure('rate-limited', message, { retryAfterMs: FULL_RETRY_AFTER_MS });
  }

  /** Begins to keep spare guests before anyone asks: for a gateway that has no accounts. */
  warm(): void {
    this.#keepsSpares = true;
    this.#mintMore();
  }

  /**
   * A guest of the conversation, the least busy one, else a new one. null when guests will not do.
   * When a minting fails, its failure is the answer for those whom no other one under way can serve;
   * with as many guests alive as there may be and all of them busy it is `rate-limited`. Rejects only
   * when `signal` aborts, with its reason; nothing is lent then.
   */
  async acquire(wish: GuestWish, signal: AbortSignal): Promise<UpstreamResult<Credential> | null> {
    signal.throwIfAborted();
    if (wish.need === 'account') return null;
    if (this.#isClosed) return failed(SHUTTING_DOWN);
    this.#keepsSpares = true;
    const { conversation, tried } = wish;
    const guest = this.#book.leastBusyOf(conversation, tried) ?? this.#book.bindSpare(conversation);
    if (guest === null && !this.#makeRoom(conversation)) return failed(this.#full);
    const answer = guest === null ? this.#line.join(conversation, signal) : this.#lend(guest, 1);
    this.#mintMore();
    return answer;
  }

  /** Takes back a guest from one request, and draws the conclusion. Unknown ids are ignored. */
  settle(id: string, use: GuestUse): void {
    const guest = this.#book.find(id);
    if (guest === null) return;
    guest.inFlight -= 1;
    guest.usedAtMs = this.#options.now();
    if (isSpentBy(guest, use)) this.#book.release(guest);
    this.#retireIfDone(guest);
  }

  /** All live guests, oldest first. */
  statuses(): GuestStatus[] {
    return Array.from(this.#book, describeGuest);
  }

  /** Ends the pool without waiting: breaks off what is being minted, retires all guests. */
  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#minting[Symbol.dispose]();
    this.#cancelTick?.();
    this.#line.answerAfter(0, failed(SHUTTING_DOWN));
    for (const guest of this.#book) this.#retire(guest);
  }

  /** Ends the pool, and waits until its guests' chats are deleted: for 2 s, no longer. */
  async [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
    await this.#chatDeletion.finish(CLOSE_MS);
  }

  #lend(guest: Guest, times: number): UpstreamResult<Credential> {
    guest.inFlight += times;
    guest.usedAtMs = this.#options.now();
    return { ok: true, value: guest.credential };
  }

  /**
   * Whether one more guest can be waited for, at the cost of the one that has been idle longest if
   * need be. Whoever waits counts as a guest already: nobody waits in vain.
   */
  #makeRoom(conversation: string): boolean {
    if (this.#line.has(conversation)) return true;
    // Mintings that nobody waits for are for whoever comes first: they take no room from anyone.
    if (this.#book.live + this.#line.length < this.#options.maxLive) return true;
    const idle = this.#book.longestIdle();
    if (idle !== null) this.#retire(idle);
    return idle !== null;
  }

  #mintMore(): void {
    while (this.#wantsMinting()) void this.#mintOne();
    this.#watch();
  }

  #wantsMinting(): boolean {
    const { maxLive, size } = this.#options;
    if (this.#isClosed || !this.#minting.hasRoom) return false;
    if (this.#book.live + this.#minting.underWay >= maxLive) return false;
    const wantsSpares = this.#keepsSpares && !this.#minting.isPaused;
    const missing = wantsSpares ? Math.max(0, size - this.#book.spares) : 0;
    return this.#minting.underWay < this.#line.length + missing;
  }

  async #mintOne(): Promise<void> {
    const failure = await this.#minting.mintOne((guest) => this.#admit(guest));
    if (failure !== null) this.#line.answerAfter(this.#minting.underWay, failed(failure));
    this.#mintMore();
  }

  /** Takes a new guest in, for whoever waits first. */
  #admit(credential: Credential): UpstreamFailure | null {
    if (this.#book.knows(credential)) return GUEST_IN_USE;
    const { now, random } = this.#options;
    const guest = createGuest(credential, now(), random);
    this.#book.add(guest);
    const party = this.#line.shift();
    if (party === null) return null;
    this.#book.bind(guest, party.conversation);
    party.answer(this.#lend(guest, party.size));
    return null;
  }

  #watch(): void {
    if (this.#cancelTick !== null || this.#isClosed) return;
    if (this.#book.live === 0 && !this.#keepsSpares) return;
    this.#cancelTick = this.#options.schedule(() => this.#tick(), TICK_MS);
  }

  #tick(): void {
    this.#cancelTick = null;
    const nowMs = this.#options.now();
    for (const guest of this.#book) {
      if (!isDue(guest, nowMs)) continue;
      this.#book.release(guest);
      this.#retireIfDone(guest);
    }
    this.#mintMore();
  }

  #retireIfDone(guest: Guest): void {
    if (guest.role.is === 'leaving' && guest.inFlight === 0) this.#retire(guest);
  }

  #retire(guest: Guest): void {
    this.#book.remove(guest);
    // Who was never lent has no chats.
    if (guest.usedAtMs !== null) this.#chatDeletion.add(guest.credential);
  }
}

function failed(failure: UpstreamFailure): { ok: false; failure: UpstreamFailure } {
  return { ok: false, failure };
}
