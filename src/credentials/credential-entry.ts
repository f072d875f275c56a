import type { FailureVerdict } from '../upstream/failure-verdict.ts';
import type { UpstreamFailure } from '../upstream-failure.ts';
import type { TimeAndChance } from './cooling-time.ts';
import type { Credential } from './credential.ts';
import { NO_COUNTS } from './credential-counts.ts';
import type { CredentialCounts, CredentialMemory } from './credential-memory.ts';
import {
  asOf,
  HEALTHY,
  type Health,
  type HealthEvent,
  type HealthPolicy,
  nextHealth,
  withoutProbe,
} from './health.ts';
import type { Loan } from './loan.ts';
import { type ChangeLog, logHealth } from './log-health.ts';

export interface EntryContext {
  policy: HealthPolicy;
  log: ChangeLog;
  timeAndChance: () => TimeAndChance;
}

type HealthEventOf = (isProbe: boolean) => HealthEvent;

/**
 * A credential of the pool and all that is known of it. Its health in all and its health with each
 * model are two machines; a lease is lent on both, and what it comes to is told to both.
 */
export class CredentialEntry {
  readonly credential: Credential;
  readonly #context: EntryContext;
  /** By hand: not lent, whatever its health. */
  disabled: boolean;
  /** The number of its last lease among the pool's; 0 = it was never lent. */
  lastTurn = 0;
  readonly counts: CredentialCounts;
  #health: Health;
  /** Models without an entry are healthy. */
  readonly #modelHealth: Map<string, Health>;

  constructor(credential: Credential, memory: CredentialMemory | null, context: EntryContext) {
    this.credential = credential;
    this.#context = context;
    this.disabled = memory?.disabled ?? false;
    this.counts = { ...NO_COUNTS, ...memory?.counts };
    this.#health = withoutProbe(memory?.health ?? HEALTHY);
    const models = [...(memory?.modelHealth ?? [])];
    this.#modelHealth = new Map(models.map(([model, health]) => [model, withoutProbe(health)]));
  }

  /** Whatever the model. */
  get health(): Health {
    return this.#health;
  }

  /** With one model only. */
  healthWith(model: string): Health {
    return this.#modelHealth.get(model) ?? HEALTHY;
  }

  /** The times, later than `nowMs`, when it may be probed. Unix ms. */
  coolingEnds(nowMs: number): number[] {
    const healths = [this.#health, ...this.#modelHealth.values()];
    return healths.flatMap((health) =>
      health.state === 'cooling' && health.untilMs > nowMs ? health.untilMs : [],
    );
  }

  /** By hand: its health with `model`, in all when that is null. A probe that is under way is none any more. */
  setHealth(health: Health, model: string | null): void {
    this.#write(model, withoutProbe(health));
  }

  /** A copy of what outlives the process. */
  remember(): CredentialMemory {
    return this.#copy(withoutProbe);
  }

  /** The same, as of now. */
  describe(nowMs: number): CredentialMemory {
    return this.#copy((health) => asOf(health, nowMs));
  }

  /** Lends it for a request to `model`, which is its probe when it is due for one. */
  lend(model: string): Loan {
    this.counts.lastUsedAtMs = this.#context.timeAndChance().nowMs;
    const lent: Lent[] = [this.#lendOn(null), this.#lendOn(model)];
    const tellAll = (event: HealthEventOf) => {
      for (const each of lent) this.#tell(each, event);
    };
    const heal = () => tellAll((isProbe) => ({ type: 'succeeded', isProbe }));
    return {
      confirm: heal,
      complete: () => {
        this.counts.completed += 1;
        heal();
      },
      cancel: () => {
        this.counts.cancelled += 1;
        tellAll((isProbe) => ({ type: 'proved-nothing', isProbe }));
      },
      fail: (verdict, failure) => {
        this.counts.failed += 1;
        const undone = lent.map((each) => this.#punish(each, verdict, failure));
        return () => {
          for (const undo of undone) undo();
        };
      },
    };
  }

  #copy(view: (health: Health) => Health): CredentialMemory {
    const models = [...this.#modelHealth];
    return {
      disabled: this.disabled,
      health: view(this.#health),
      modelHealth: new Map(models.map(([model, health]) => [model, view(health)])),
      counts: { ...this.counts },
    };
  }

  #lendOn(model: string | null): Lent {
    this.#write(model, this.#next(model, { type: 'lent' }));
    return { model, health: this.#read(model) };
  }

  #tell({ model, health }: Lent, event: HealthEventOf): void {
    const isProbe = health.state === 'probing' && health === this.#read(model);
    this.#write(model, this.#next(model, event(isProbe)));
  }

  /** Returns how to undo it. */
  #punish(lent: Lent, { scope, penalty }: FailureVerdict, failure: UpstreamFailure): () => void {
    const { model } = lent;
    const before = this.#read(model);
    const isMeant = (scope === 'credential-model') === (model !== null);
    this.#tell(lent, (isProbe) =>
      isMeant ? { type: 'failed', isProbe, penalty, failure } : { type: 'proved-nothing', isProbe },
    );
    const after = this.#read(model);
    return () => {
      const isUntouched = after !== before && this.#read(model) === after;
      if (isUntouched) this.#write(model, withoutProbe(before));
    };
  }

  #next(model: string | null, event: HealthEvent): Health {
    const { policy, timeAndChance } = this.#context;
    return nextHealth(this.#read(model), event, { ...timeAndChance(), policy });
  }

  #read(model: string | null): Health {
    return model === null ? this.#health : this.healthWith(model);
  }

  #write(model: string | null, health: Health): void {
    const before = this.#read(model);
    if (model === null) this.#health = health;
    else if (health.state === 'healthy' && health.strikes === 0) this.#modelHealth.delete(model);
    else this.#modelHealth.set(model, health);
    if (health === before) return;
    const owner = { credential: this.credential.id, model };
    logHealth(this.#context.log, owner, before, health, this.#context.timeAndChance().nowMs);
  }
}

/** What a lease was lent on, as it was then: by that object a probe is told from earlier leases. */
interface Lent {
  model: string | null;
  health: Health;
}
