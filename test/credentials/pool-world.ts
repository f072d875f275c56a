import { HEALTHY } from '../../src/credentials/health.ts';
import type { Lease, LeaseOutcome } from '../../src/credentials/lease.ts';
import type { LeaseWish } from '../../src/credentials/lease-wish.ts';
import type { JudgeFailure } from '../../src/upstream/failure-verdict.ts';
import { judgeWebFailure } from '../../src/upstream/zai-web/judge-failure.ts';
import { account, COMPLETED, idOf, makePool, wishFor } from './make-pool.ts';

/** One thing that happens to a pool. `which` chooses among those that there are. */
export type Step =
  | { do: 'lease'; model: string; tried: string[]; allowTried: boolean }
  | { do: 'settle'; which: number; outcome: LeaseOutcome }
  | { do: 'confirm' | 'leave'; which: number }
  | { do: 'pass'; ms: number }
  | { do: 'add' | 'remove' | 'heal' | 'disable' | 'enable'; name: string };

/** Failures that ask for this pause speak of the account and the model. */
export const MODEL_PAUSE_MS = 500;

interface Request {
  wish: LeaseWish;
  leaver: AbortController;
  state: 'waiting' | 'lent' | 'refused' | 'left';
}
interface Held {
  lease: Lease;
  model: string;
}
type Tally = Record<LeaseOutcome['state'], number>;

const judge: JudgeFailure = (failure) => {
  const verdict = judgeWebFailure(failure);
  return failure.retryAfterMs === MODEL_PAUSE_MS
    ? { ...verdict, scope: 'credential-model' }
    : verdict;
};

/** A pool and its users, who find fault with it. */
export class PoolWorld {
  readonly #names: readonly string[];
  readonly #maxInFlight: number;
  readonly #bench: ReturnType<typeof makePool>;
  readonly #requests: Request[] = [];
  readonly #held: Held[] = [];
  /** Leases that were granted in the present step. */
  #granted: Held[] = [];
  /** Who finds out: for a credential, for a credential and a model, and for the whole upstream. */
  readonly #probes = new Map<string, Lease>();
  /** What was settled, by credential, since it was added. */
  readonly #tallies = new Map<string, Tally>();
  readonly #tallyOf = new Map<Lease, Tally>();

  constructor(names: readonly string[], maxInFlight: number) {
    this.#names = names;
    this.#maxInFlight = maxInFlight;
    this.#bench = makePool(names, { maxInFlight, judge });
    for (const name of names) this.#tallies.set(idOf(name), newTally());
  }

  /** What is wrong after a step; empty when nothing is. */
  async take(step: Step): Promise<string[]> {
    this.#granted = [];
    this.#perform(step);
    await flush();
    for (const { lease } of this.#granted) {
      const tally = this.#tallies.get(lease.credential.id);
      if (tally !== undefined) this.#tallyOf.set(lease, tally);
    }
    this.#held.push(...this.#granted);
    return [
      ...this.#checkGranted(),
      ...this.#checkOrder(),
      ...this.#checkInFlight(),
      ...this.#checkCounts(),
      ...(await this.#checkWaiting()),
    ];
  }

  /** Settles all leases that are out, one by one, alike. */
  async settleAll(outcome: LeaseOutcome): Promise<string[]> {
    const problems: string[] = [];
    for (let left = this.#held.length; left > 0; left -= 1) {
      problems.push(...(await this.take({ do: 'settle', which: 0, outcome })));
    }
    return problems;
  }

  /** Settles everything, and tells what has not come back. */
  async end(): Promise<string[]> {
    const problems: string[] = [];
    for (const name of this.#names) problems.push(...(await this.take({ do: 'heal', name })));
    for (const name of this.#names) problems.push(...(await this.take({ do: 'enable', name })));
    while (this.#held.length > 0) {
      problems.push(...(await this.take({ do: 'settle', which: 0, outcome: COMPLETED })));
    }
    for (const request of this.#waiting()) request.leaver.abort();
    await flush();
    if (this.#bench.pool.inFlight.size > 0) problems.push('leases are out after the end');
    if (this.#bench.alarms > 0) problems.push('an alarm is set after the end');
    return problems;
  }

  #perform(step: Step): void {
    const { pool, pass } = this.#bench;
    switch (step.do) {
      case 'lease':
        this.#requests.push(this.#ask(wishFor(step)));
        return;
      case 'settle': {
        const [held] = this.#held.splice(step.which % (this.#held.length || 1), 1);
        if (held !== undefined) this.#settle(held.lease, step.outcome);
        return;
      }
      case 'confirm': {
        const held = this.#held[step.which % (this.#held.length || 1)];
        if (held === undefined) return;
        this.#forgetProbes((_, lease) => lease === held.lease);
        held.lease.confirm();
        return;
      }
      case 'leave':
        this.#waiting()[step.which % (this.#waiting().length || 1)]?.leaver.abort();
        return;
      case 'pass':
        pass(step.ms);
        return;
      case 'add':
        if (pool.memoryOf(idOf(step.name)) !== null) return;
        this.#tallies.set(idOf(step.name), newTally());
        pool.add(account(step.name));
        return;
      case 'remove':
        this.#tallies.delete(idOf(step.name));
        this.#forgetProbes((what) => what.startsWith(idOf(step.name)));
        pool.remove(idOf(step.name));
        return;
      case 'heal':
        this.#forgetProbes((what) => what === idOf(step.name));
        pool.setHealth(idOf(step.name), HEALTHY);
        return;
      case 'disable':
      case 'enable':
        pool.setDisabled(idOf(step.name), step.do === 'disable');
        return;
      default:
        step satisfies never;
    }
  }

  #ask(wish: LeaseWish): Request {
    const request: Request = { wish, leaver: new AbortController(), state: 'waiting' };
    this.#bench.pool.lease(wish, request.leaver.signal).then(
      (leased) => {
        request.state = leased.ok ? 'lent' : 'refused';
        if (leased.ok) this.#granted.push({ lease: leased.value, model: wish.model });
      },
      () => {
        request.state = 'left';
      },
    );
    return request;
  }

  #settle(lease: Lease, outcome: LeaseOutcome): void {
    const tally = this.#tallyOf.get(lease);
    if (tally !== undefined) tally[outcome.state] += 1;
    this.#forgetProbes((_, probe) => probe === lease);
    lease.settle(outcome);
  }

  #forgetProbes(isOver: (what: string, lease: Lease) => boolean): void {
    for (const [what, lease] of this.#probes) if (isOver(what, lease)) this.#probes.delete(what);
  }

  #waiting(): Request[] {
    return this.#requests.filter(({ state }) => state === 'waiting');
  }

  /** Nothing is lent that is cooling, out or disabled, and no probe is joined by another. */
  #checkGranted(): string[] {
    const { pool } = this.#bench;
    const statuses = new Map(pool.statuses().map((status) => [status.id, status]));
    const problems: string[] = [];
    const states = new Map<string, string>([['upstream', pool.brake.state]]);
    for (const [id, { health, modelHealth }] of statuses) {
      states.set(id, health.state);
      for (const [model, each] of modelHealth) states.set(`${id} ${model}`, each.state);
    }
    const isProbing = (what: string) => ['probing', 'half-open'].includes(states.get(what) ?? '');
    this.#forgetProbes((what) => !isProbing(what));
    for (const { lease, model } of this.#granted) {
      const { id } = lease.credential;
      if (statuses.get(id)?.disabled !== false) problems.push('a disabled credential was lent');
      for (const what of ['upstream', id, `${id} ${model}`]) {
        const state = states.get(what) ?? 'healthy';
        if (['cooling', 'out', 'open'].includes(state))
          problems.push(`lent while ${what} is ${state}`);
        if (!isProbing(what)) continue;
        if (this.#probes.has(what)) problems.push(`a second probe of ${what}`);
        this.#probes.set(what, lease);
      }
    }
    return problems;
  }

  /** Of those who wish the same, who came first is served first. */
  #checkOrder(): string[] {
    const overtaken = new Set<string>();
    return this.#requests.flatMap(({ wish, state }) => {
      const key = `${wish.model} ${wish.allowTried} ${[...wish.tried]}`;
      if (state === 'waiting') overtaken.add(key);
      return state === 'lent' && overtaken.has(key) ? 'somebody was overtaken' : [];
    });
  }

  #checkInFlight(): string[] {
    const { inFlight } = this.#bench.pool;
    const held = Map.groupBy(this.#held, ({ lease }) => lease.credential.id);
    const expected = [...held].map(([id, { length }]) => `${id}: ${length}`);
    const found = [...inFlight].map(([id, count]) => `${id}: ${count}`);
    const isSame = Bun.deepEquals(expected.toSorted(), found.toSorted());
    const isWithin = [...inFlight.values()].every((count) => count <= this.#maxInFlight);
    return isSame && isWithin ? [] : [`in flight: ${found} instead of ${expected}`];
  }

  #checkCounts(): string[] {
    return this.#bench.pool.statuses().flatMap(({ id, counts }) => {
      const { lastUsedAtMs: _, ...counted } = counts;
      return Bun.deepEquals(counted, this.#tallies.get(id)) ? [] : 'the counts do not agree';
    });
  }

  /** Whoever waits would wait as well if he came now, and is not helped by others who come. */
  async #checkWaiting(): Promise<string[]> {
    const before = this.#waiting();
    const grantedBefore = this.#granted.length;
    const twins = before.map(({ wish }) => this.#ask(wish));
    await flush();
    const isLost =
      this.#granted.length > grantedBefore ||
      [...twins, ...before].some(({ state }) => state !== 'waiting');
    for (const { leaver } of twins) leaver.abort();
    await flush();
    return isLost ? ['somebody waits for nothing'] : [];
  }
}

function newTally(): Tally {
  return { completed: 0, failed: 0, cancelled: 0 };
}

/** Everything that is ready happens. */
function flush(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
