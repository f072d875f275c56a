import { type Schedule, scheduleTimeout } from '../lib/schedule.ts';
import type { JudgeFailure } from '../upstream/failure-verdict.ts';
import type { UpstreamResult } from '../upstream/upstream-result.ts';
import { type UpstreamFailure, upstreamFailure } from '../upstream-failure.ts';
import type { UpstreamId } from '../upstream-id.ts';
import type { BrakePolicy, BrakeStatus } from './brake.ts';
import { chooseCredential } from './choose-credential.ts';
import type { Credential } from './credential.ts';
import { CredentialEntry } from './credential-entry.ts';
import type { CredentialMemory, CredentialStatus } from './credential-memory.ts';
import { CredentialRoster } from './credential-roster.ts';
import type { StandingContext } from './credential-standing.ts';
import { describeLack, type LackContext } from './describe-lack.ts';
import type { Peers } from './failure-streak.ts';
import type { Health, HealthPolicy } from './health.ts';
import type { Lease } from './lease.ts';
import { type Guests, leaseGuest } from './lease-guest.ts';
import { LeaseLedger } from './lease-ledger.ts';
import type { LeaseWish } from './lease-wish.ts';
import type { ChangeLog } from './log-health.ts';
import { type BrakePass, UpstreamBrake } from './upstream-brake.ts';
import { WaitingLine } from './waiting-line.ts';

export interface CredentialPoolOptions {
  upstream: UpstreamId;
  judge: JudgeFailure;
  policy: HealthPolicy;
  brakePolicy: BrakePolicy;
  /** null when guests are not allowed (setting `ANONYMOUS_MODE`). Disposed of with the pool. */
  guests: Guests | null;
  /** How many requests a credential may carry at once (setting `CREDENTIAL_CONCURRENCY`); 0 = no limit. */
  maxInFlight: number;
  log: ChangeLog;
  /** Unix ms. */
  now?: () => number;
  /** In [0, 1). */
  random?: () => number;
  schedule?: Schedule;
  /** The memory of a credential is another than before, by what the pool itself has seen. */
  onChange?: (id: string) => void;
}

/** What a lease comes to, or that it is to be a guest's. */
type Answer = UpstreamResult<Lease> | { pass: BrakePass };

/** Timers can't be set for more than some weeks. */
const LONGEST_NAP_MS = 3_600_000;
const BUSY = upstreamFailure('rate-limited', 'Every credential of this upstream is busy.');
const SHUTTING_DOWN = upstreamFailure('unavailable', 'The gateway is shutting down.');

/**
 * Lends the credentials of one upstream: accounts before guests, the least busy first, equals in
 * turn. Which credentials there are is told from outside; what becomes of them is decided here, by
 * what their leases come to.
 *
 * A lease costs one look at each credential, and when something comes back, so does each kind of
 * request that waits: fit for some thousands of credentials.
 */
export class CredentialPool implements Disposable {
  readonly #options: CredentialPoolOptions;
  readonly #now: () => number;
  readonly #roster: CredentialRoster;
  readonly #brake: UpstreamBrake;
  readonly #ledger: LeaseLedger;
  readonly #line: WaitingLine<LeaseWish, Answer>;
  #isClosed = false;
  #expectsMore = false;
  #turn = 0;

  constructor(options: CredentialPoolOptions) {
    const { now = Date.now, random = Math.random } = options;
    const { upstream, policy, brakePolicy, judge, log } = options;
    const timeAndChance = () => ({ nowMs: now(), random });
    this.#options = options;
    this.#now = now;
    this.#roster = new CredentialRoster({ policy, log, timeAndChance });
    this.#brake = new UpstreamBrake({ upstream, policy: brakePolicy, log, timeAndChance });
    this.#ledger = new LeaseLedger({
      judge,
      brake: this.#brake,
      now,
      peers: () => this.#peers(),
      onChange: (id) => {
        if (this.#roster.has(id)) options.onChange?.(id);
      },
      onNews: () => this.#line.serve(),
    });
    this.#line = new WaitingLine({
      answer: (wish) => this.#answer(wish),
      kindOf: ({ model, need, allowTried, tried }) =>
        JSON.stringify([model, need, allowTried, [...tried].toSorted()]),
      nextChanceMs: () => this.#nextChanceMs(),
      schedule: options.schedule ?? scheduleTimeout,
    });
  }

  /**
   * Lends a credential that the wish allows:
   *
   * 1. while the brake is open, none: the failure that opened it is the answer;
   * 2. one that is due for its probe, when the request has tried none yet;
   * 3. a healthy one; when all of them are full, the request waits, first come, first served;
   * 4. a guest, if guests are allowed and will do; whose refusal is the answer;
   * 5. one that is being probed, when it comes back;
   * 6. none: what keeps them away is the answer, and when the first is back.
   *
   * A request that another upstream can serve does not wait for the busy: it is told of them.
   *
   * Rejects only when `signal` aborts, with its reason; nothing is lent then.
   */
  async lease(wish: LeaseWish, signal: AbortSignal): Promise<UpstreamResult<Lease>> {
    const answer = await this.#line.ask(wish, signal);
    return 'ok' in answer ? answer : this.#leaseGuest(answer.pass, wish, signal);
  }

  get brake(): BrakeStatus {
    return this.#brake.status;
  }

  /** How many leases are out, by credential id; ids with none are absent. */
  get inFlight(): ReadonlyMap<string, number> {
    return this.#ledger.inFlight;
  }

  /** Whether there is a credential that no operator has to renew, as far as is known. */
  hasUsable(): boolean {
    return this.#options.guests !== null || this.#roster.hasHope();
  }

  /** Whether the operator has given any credential, be it one that the service rejects. */
  hasAccounts(): boolean {
    return this.#roster.size > 0 || this.#expectsMore;
  }

  /** Why a chat that came now could not be served; null when it could, as far as is known. */
  readiness(): UpstreamFailure | null {
    const refusal = this.#brake.refusal();
    if (refusal !== null || this.#options.guests !== null) return refusal;
    const canServe = this.#roster.canServe(this.#standingContext());
    return canServe ? null : this.#describeLack({ need: 'any', model: null });
  }

  /**
   * Whether credentials may be added soon. As long as that is so, a request that finds none to lend
   * waits for them: it neither fails nor gets a guest.
   */
  expectMore(expected: boolean): void {
    this.#expectsMore = expected;
    this.#line.serve();
  }

  /** Lends the credential from now on. One that is there already stays as it is. */
  add(credential: Credential, memory: CredentialMemory | null = null): void {
    this.#roster.add(credential, memory);
    this.#brake.invite();
    this.#line.serve();
  }

  /** Forgets the credential. Leases that are out can still be settled. */
  remove(id: string): void {
    this.#roster.remove(id);
    this.#line.serve();
  }

  /** By hand: whether the credential is not to be lent, whatever its health. */
  setDisabled(id: string, disabled: boolean): void {
    const entry = this.#roster.find(id);
    if (entry !== null) entry.disabled = disabled;
    this.#line.serve();
  }

  /** What others have found out, of its health with `model`, in all when that is null. */
  setHealth(id: string, health: Health, model: string | null = null): void {
    this.#roster.find(id)?.setHealth(health, model);
    if (health.state === 'healthy') this.#brake.invite();
    this.#line.serve();
  }

  /** A healthy account for a call that is no chat: it is neither counted nor a probe. */
  peek(): Credential | null {
    for (const { credential, disabled, health } of this.#roster) {
      if (!disabled && health.state === 'healthy') return credential;
    }
    return null;
  }

  /** A copy of what there is to remember; null for ids that are not there. */
  memoryOf(id: string): CredentialMemory | null {
    return this.#roster.find(id)?.remember() ?? null;
  }

  /** All but the guests, in the order in which they came. */
  statuses(): CredentialStatus[] {
    return this.#roster.statuses(this.#standingContext());
  }

  /** Sends away those who wait, and breaks off guests that are being minted. Leases can still be settled. */
  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#line.serve();
    this.#options.guests?.[Symbol.dispose]();
  }

  /** null: it is to wait. */
  #answer(wish: LeaseWish): Answer | null {
    if (this.#isClosed) return { ok: false, failure: SHUTTING_DOWN };
    const refusal = this.#brake.refusal();
    if (refusal !== null) return { ok: false, failure: refusal };
    const choice = chooseCredential(this.#roster, wish, {
      ...this.#standingContext(),
      // One unknown at a time: while the brake is out to learn, the credential is a good one.
      prefersProbe: wish.tried.size === 0 && this.#brake.status.state === 'closed',
    });
    if (choice instanceof CredentialEntry) return { ok: true, value: this.#lend(choice, wish) };
    // A start takes a moment, and should not send its first requests elsewhere.
    if (this.#expectsMore) return null;
    if (choice === 'full') return waitOrBusy(wish);
    if (this.#options.guests !== null && wish.need === 'any') {
      return { pass: this.#brake.letThrough() };
    }
    if (choice === 'probing') return waitOrBusy(wish);
    return { ok: false, failure: this.#describeLack(wish) };
  }

  #lend(entry: CredentialEntry, { model, conversation }: LeaseWish): Lease {
    this.#turn += 1;
    entry.lastTurn = this.#turn;
    const pass = this.#brake.letThrough();
    return this.#ledger.lend(entry.credential, entry.lend(model), pass, conversation);
  }

  async #leaseGuest(
    pass: BrakePass,
    wish: LeaseWish,
    signal: AbortSignal,
  ): Promise<UpstreamResult<Lease>> {
    const { guests } = this.#options;
    const [ledger, brake] = [this.#ledger, this.#brake];
    const leased = guests && (await leaseGuest({ guests, ledger, brake }, pass, wish, signal));
    return leased ?? { ok: false, failure: this.#describeLack(wish) };
  }

  /** Those who wait are served as well when nothing happens but that a cooling is over. */
  #nextChanceMs(): number | null {
    const nowMs = this.#now();
    const end = this.#roster.soonestCoolingEnd(nowMs);
    return end === null ? null : Math.min(LONGEST_NAP_MS, end - nowMs);
  }

  #peers(): Peers {
    const others = [...this.inFlight.keys()].filter((id) => !this.#roster.has(id));
    const usable = [...this.#roster.peerIds(), ...others];
    return { usable, guests: this.#options.guests !== null };
  }

  #describeLack({ need, model }: Pick<LackContext, 'need' | 'model'>): UpstreamFailure {
    const { upstream, guests } = this.#options;
    const nowMs = this.#now();
    const context = { upstream, guests: guests !== null, need, model, nowMs };
    return describeLack(this.#roster, context);
  }

  #standingContext(): StandingContext {
    const { maxInFlight } = this.#options;
    return { nowMs: this.#now(), loadOf: (id) => this.#ledger.loadOf(id), maxInFlight };
  }
}

function waitOrBusy({ hasElsewhere = false }: LeaseWish): Answer | null {
  return hasElsewhere ? { ok: false, failure: BUSY } : null;
}
