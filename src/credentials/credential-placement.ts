import type { Credential } from './credential.ts';
import type { CredentialMirror } from './credential-mirror.ts';
import type { CredentialPool } from './credential-pool.ts';
import type { CredentialSources } from './credential-sources.ts';
import type { CredentialStore } from './credential-store.ts';
import type { FirstChecks } from './first-checks.ts';
import type { Health } from './health.ts';

/** A credential that the gateway has, and where it stands. */
export interface PlacedCredential {
  credential: Credential;
  /** When the service last said whether it is good, Unix ms; null when it never did. */
  checkedAtMs: number | null;
  /** Whether the pool has it: not before it was checked. */
  state: 'awaiting-check' | 'pooled';
}

interface CredentialPlacementOptions {
  store: Pick<CredentialStore, 'load' | 'find'>;
  pool: Pick<CredentialPool, 'add' | 'remove'>;
  /** Which there should be; gets what the database holds. */
  sources: CredentialSources;
  mirror: CredentialMirror;
  /** null = they go to the pool unchecked. */
  firstChecks: FirstChecks | null;
}

/**
 * Brings the credentials that there are in line with those that there should be.
 *
 *   wanted ──▶ awaiting-check ──the service, or another process, has spoken of it──▶ pooled
 *      └──checked before, or nobody can be asked──────────────────────────────────────▲
 *
 * One that is not wanted any more leaves from either, and what happened to it is saved before.
 */
export class CredentialPlacement {
  readonly #options: CredentialPlacementOptions;
  readonly #placed = new Map<string, PlacedCredential>();

  constructor(options: CredentialPlacementOptions) {
    this.#options = options;
  }

  /** Of all there are, in the order in which they came. */
  ids(): string[] {
    return [...this.#placed.keys()];
  }

  /** null when there is none of this id. */
  find(id: string): PlacedCredential | null {
    return this.#placed.get(id) ?? null;
  }

  /**
   * Saves what is left to save, and follows the database in all.
   *
   * @throws SQLite's errors
   */
  read(): void {
    const { store, sources, mirror } = this.#options;
    // Before, or else the pool would be told of its own past.
    if (!mirror.isFailing) mirror.save();
    sources.store(store.load());
    for (const id of this.#placed.keys()) this.#follow(id);
    this.placeAll();
  }

  /**
   * The same for one credential, of which the database has just been told something.
   *
   * @throws SQLite's errors
   */
  refresh(id: string): void {
    const { store, sources, mirror, firstChecks } = this.#options;
    mirror.save();
    const row = store.find(id);
    if (row !== null) sources.storeOne(row);
    this.#follow(id);
    const unchecked = this.#place(id);
    firstChecks?.add(unchecked);
  }

  /** Lets all credentials in or out, as the sources want them now. */
  placeAll(): void {
    const { sources, firstChecks } = this.#options;
    const ids = new Set([...this.#placed.keys(), ...sources.ids()]);
    const unchecked = [...ids].flatMap((id) => this.#place(id));
    firstChecks?.add(unchecked);
  }

  /**
   * Gives the pool a credential that awaited its check. `health`: what it begins with, if that is
   * another than the remembered one.
   */
  lendOut(placed: PlacedCredential, health: Health | null): void {
    const { pool, sources, mirror } = this.#options;
    const { credential } = placed;
    const memory = mirror.begin(credential.id, sources.stored(credential.id));
    pool.add(credential, health === null ? memory : { ...memory, health });
    placed.state = 'pooled';
  }

  #follow(id: string): void {
    const { sources, mirror, firstChecks } = this.#options;
    const placed = this.#placed.get(id);
    const row = sources.stored(id);
    if (placed === undefined || row === null || row.deleted) return;
    placed.checkedAtMs ??= row.checkedAtMs;
    if (placed.state === 'pooled') {
      mirror.takeOver(id, row);
    } else if (placed.checkedAtMs !== null) {
      // Another process has asked about it meanwhile.
      firstChecks?.forget(id);
      this.lendOut(placed, null);
    }
  }

  /** Lets a credential in or out, as it is wanted; the answer is the one that has to be checked first. */
  #place(id: string): Credential[] {
    const { sources, firstChecks } = this.#options;
    const placed = this.#placed.get(id);
    const credential = sources.wanted(id);
    if (credential === null) {
      if (placed !== undefined) this.#drop(id, placed);
      return [];
    }
    if (placed !== undefined) return [];
    const checkedAtMs = sources.stored(id)?.checkedAtMs ?? null;
    const arrived: PlacedCredential = { credential, checkedAtMs, state: 'awaiting-check' };
    this.#placed.set(id, arrived);
    if (checkedAtMs === null && firstChecks !== null) return [credential];
    this.lendOut(arrived, null);
    return [];
  }

  #drop(id: string, { state }: PlacedCredential): void {
    const { pool, mirror, firstChecks } = this.#options;
    mirror.save();
    if (state === 'pooled') pool.remove(id);
    mirror.end(id);
    firstChecks?.forget(id);
    this.#placed.delete(id);
  }
}
