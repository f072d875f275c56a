import { backoffMs } from '../lib/backoff.ts';
import { type Schedule, scheduleTimeout } from '../lib/schedule.ts';
import type { Credential } from './credential.ts';
import { addCounts, NO_COUNTS, subtractCounts } from './credential-counts.ts';
import type { CredentialCounts, CredentialMemory } from './credential-memory.ts';
import type { CredentialPool } from './credential-pool.ts';
import type { CredentialChange, CredentialStore, StoredCredential } from './credential-store.ts';
import { HEALTHY, type Health, withoutProbe } from './health.ts';

export interface CredentialMirrorOptions {
  store: Pick<CredentialStore, 'save'>;
  pool: Pick<CredentialPool, 'memoryOf' | 'setHealth' | 'setDisabled'>;
  log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
  /** Unix ms. */
  now: () => number;
  schedule?: Schedule;
}

/** What the database holds of a credential in the pool, as far as this process knows. */
interface Mirrored {
  /** The database's counts when they were last read or written. */
  stored: CredentialCounts;
  /** The pool's counts, as far as they are among `stored`. */
  counted: CredentialCounts;
  /** By model, as JSON. */
  health: ReadonlyMap<string, string>;
  disabled: boolean;
}

interface Change {
  credential: Credential;
  changedAtMs: number;
  checkedAtMs: number | null;
}

type Remembered = Pick<StoredCredential, 'counts' | 'health' | 'disabled'>;

/** How long a change waits for others to be saved with. */
const SAVE_AFTER_MS = 100;
const RETRY_BACKOFF = { firstMs: 500, maxMs: 30_000 };
const HEALTHY_JSON = JSON.stringify(HEALTHY);

/**
 * Keeps what the pool and the database know of credentials alike.
 *
 *   idle ──note──▶ waiting (100 ms) ──saved──▶ idle
 *                     ▲────back-off──── failing ◀──SQLite failed
 *
 * `note` is all that happens on the path of a request. What has changed is found out when it is
 * saved: counts as increments, so that several processes add up; health with its time, and the
 * later of two wins. Disposal saves what is left.
 */
export class CredentialMirror implements Disposable {
  readonly #options: CredentialMirrorOptions;
  readonly #schedule: Schedule;
  readonly #mirrored = new Map<string, Mirrored>();
  readonly #changes = new Map<string, Change>();
  #cancelSave: (() => void) | null = null;
  /** Failed saves since the last that succeeded. */
  #failures = 0;

  constructor(options: CredentialMirrorOptions) {
    this.#options = options;
    this.#schedule = options.schedule ?? scheduleTimeout;
  }

  /**
   * The pool is about to have the credential: with this memory, by what the database holds of it
   * (null = nothing).
   */
  begin(id: string, stored: Remembered | null): CredentialMemory {
    const counts = stored?.counts ?? NO_COUNTS;
    const modelHealth = new Map(stored?.health);
    const disabled = stored?.disabled ?? false;
    const asStored = { stored: counts, counted: counts, health: toJson(modelHealth), disabled };
    this.#mirrored.set(id, asStored);
    const health = modelHealth.get('') ?? HEALTHY;
    modelHealth.delete('');
    return { disabled, health, modelHealth, counts };
  }

  /** The pool does not have it any more. */
  end(id: string): void {
    this.#mirrored.delete(id);
    this.#changes.delete(id);
  }

  /** Something has happened to the credential. `checkedAtMs`: the service has spoken of it. */
  note(credential: Credential, checkedAtMs: number | null = null): void {
    const before = this.#changes.get(credential.id)?.checkedAtMs ?? null;
    this.#changes.set(credential.id, {
      credential,
      changedAtMs: this.#options.now(),
      checkedAtMs: checkedAtMs ?? before,
    });
    this.#cancelSave ??= this.#schedule(() => this.save(), SAVE_AFTER_MS);
  }

  /** The counts of all processes: those of the pool, and what the others have stored. */
  totalCounts(id: string, counts: CredentialCounts): CredentialCounts {
    const mirrored = this.#mirrored.get(id);
    if (mirrored === undefined) return counts;
    return addCounts(mirrored.stored, subtractCounts(counts, mirrored.counted));
  }

  /** Whether the last try to save has failed: others would cost this thread time, and come by themselves. */
  get isFailing(): boolean {
    return this.#failures > 0;
  }

  /** Saves all changes now; when SQLite fails, they are kept for a later try. Never throws. */
  save(): void {
    this.#cancelSave?.();
    this.#cancelSave = null;
    const { store, now, log } = this.#options;
    const saved = [...this.#changes.values()].map((change) => this.#describe(change));
    try {
      const changes = saved.map(({ change }) => change);
      if (changes.length > 0) store.save(changes, now());
    } catch (error) {
      this.#onFailure(error);
      return;
    }
    for (const { change, after } of saved) {
      if (after !== null) this.#mirrored.set(change.credential.id, after);
    }
    this.#changes.clear();
    if (this.#failures > 0) log.info({}, 'what happens to credentials is saved again');
    this.#failures = 0;
  }

  /**
   * Gives the pool what other processes have written. Changes of its own that are not saved yet are
   * newer, and stay.
   */
  takeOver(id: string, memory: Remembered): void {
    const mirrored = this.#mirrored.get(id);
    if (mirrored === undefined) return;
    const { pool } = this.#options;
    const { disabled } = memory;
    // Only what is new: whatever the pool is told, it tells everyone who waits for a credential.
    if (disabled !== mirrored.disabled) pool.setDisabled(id, disabled);
    if (this.#changes.has(id)) {
      this.#mirrored.set(id, { ...mirrored, disabled });
      return;
    }
    const health = toJson(memory.health);
    for (const model of new Set([...health.keys(), ...mirrored.health.keys()])) {
      if (!differs(health, mirrored.health, model)) continue;
      pool.setHealth(id, memory.health.get(model) ?? HEALTHY, model === '' ? null : model);
    }
    this.#mirrored.set(id, { ...mirrored, stored: memory.counts, health, disabled });
  }

  [Symbol.dispose](): void {
    this.save();
    this.#cancelSave?.();
    const lost = this.#changes.size;
    if (lost > 0) this.#options.log.warn({ lost }, 'credentials could not be saved at the end');
  }

  #describe({ credential, changedAtMs, checkedAtMs }: Change): {
    change: CredentialChange;
    after: Mirrored | null;
  } {
    const { id } = credential;
    const mirrored = this.#mirrored.get(id);
    const memory = this.#options.pool.memoryOf(id);
    if (mirrored === undefined || memory === null) {
      const change = { credential, checkedAtMs, counts: NO_COUNTS, health: [] };
      return { change, after: null };
    }
    const counts = subtractCounts(memory.counts, mirrored.counted);
    const all = new Map([...memory.modelHealth, ['', memory.health]]);
    const health = toJson(all);
    const models = new Set([...health.keys(), ...mirrored.health.keys()]);
    const changed = [...models].filter((model) => differs(health, mirrored.health, model));
    return {
      change: {
        credential,
        checkedAtMs,
        counts,
        health: changed.map((model) => ({
          model,
          health: withoutProbe(all.get(model) ?? HEALTHY),
          updatedAtMs: changedAtMs,
        })),
      },
      after: {
        stored: addCounts(mirrored.stored, counts),
        counted: memory.counts,
        health,
        disabled: mirrored.disabled,
      },
    };
  }

  #onFailure(error: unknown): void {
    this.#failures += 1;
    const delayMs = backoffMs(this.#failures, RETRY_BACKOFF);
    this.#cancelSave = this.#schedule(() => this.save(), delayMs);
    // Once, not at every try: a full disk would fill the log as well.
    if (this.#failures > 1) return;
    const fields = { err: error, credentials: this.#changes.size };
    this.#options.log.warn(fields, 'credentials could not be saved; this is tried again');
  }
}

function toJson(health: ReadonlyMap<string, Health>): Map<string, string> {
  return new Map([...health].map(([model, one]) => [model, JSON.stringify(withoutProbe(one))]));
}

function differs(
  one: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
  model: string,
): boolean {
  return (one.get(model) ?? HEALTHY_JSON) !== (other.get(model) ?? HEALTHY_JSON);
}
