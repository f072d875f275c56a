import { repeat } from '../lib/repeat.ts';
import { type Schedule, scheduleTimeout } from '../lib/schedule.ts';
import type { CheckCredential } from './check-credentials.ts';
import type { Credential } from './credential.ts';
import type { CredentialCounts } from './credential-memory.ts';
import { CredentialMirror, type CredentialMirrorOptions } from './credential-mirror.ts';
import { CredentialPlacement, type PlacedCredential } from './credential-placement.ts';
import type { CredentialPool } from './credential-pool.ts';
import {
  type CredentialSource,
  CredentialSources,
  type GivenSource,
} from './credential-sources.ts';
import type { CredentialStore } from './credential-store.ts';
import { FirstChecks } from './first-checks.ts';
import { HEALTHY } from './health.ts';
import type { CredentialVerdict } from './validate-credential.ts';

/** A credential that the gateway has, beside what the pool knows of it. */
export interface RegisteredCredential {
  credential: Credential;
  /** At least one. */
  sources: CredentialSource[];
  /** By hand. */
  disabled: boolean;
  /** Unix ms; null for one that is known from settings or a file only, and was never used. */
  addedAtMs: number | null;
  /** When the service last said whether it is good, Unix ms; null when it never did. */
  checkedAtMs: number | null;
}

export interface CredentialRegistryOptions {
  store: CredentialStore;
  pool: Pick<
    CredentialPool,
    'expectMore' | 'add' | 'remove' | 'setDisabled' | 'setHealth' | 'memoryOf' | 'statuses'
  >;
  /** How a credential is checked before it is first lent; null = they are lent unchecked. */
  check: CheckCredential | null;
  log: CredentialMirrorOptions['log'];
  /** Unix ms. */
  now?: () => number;
  schedule?: Schedule;
}

const LOOK_EVERY_MS = 1_000;

/**
 * Knows which credentials of one upstream there are, and gives them to the pool: those of the
 * settings, of the token file, and those that were added through the API, but for what was deleted
 * by hand. Their memory (health, counts, what was done by hand) is the database's, so a restart
 * forgets nothing, and several processes share it: what one does, the others follow within about a
 * second.
 *
 * What the settings and the file name is each process's own. Only what came through the API is
 * stored with its secret.
 */
export class CredentialRegistry implements Disposable {
  readonly #options: CredentialRegistryOptions;
  readonly #now: () => number;
  readonly #sources = new CredentialSources();
  readonly #mirror: CredentialMirror;
  readonly #firstChecks: FirstChecks | null;
  readonly #placement: CredentialPlacement;
  readonly #looking: Disposable;
  /** Whether the last look at the database failed. */
  #isBlind = false;

  /**
   * Begins with what the database has, to which `give` adds.
   *
   * @throws SQLite's errors
   */
  constructor(options: CredentialRegistryOptions) {
    const { store, pool, check, log, now = Date.now, schedule = scheduleTimeout } = options;
    this.#options = options;
    this.#now = now;
    this.#mirror = new CredentialMirror({ store, pool, log, now, schedule });
    this.#firstChecks =
      check &&
      new FirstChecks({
        check,
        schedule,
        onVerdict: (credential, verdict) => this.hear(credential, verdict),
        onExpecting: (expecting) => pool.expectMore(expecting),
      });
    const [sources, mirror, firstChecks] = [this.#sources, this.#mirror, this.#firstChecks];
    this.#placement = new CredentialPlacement({ store, pool, sources, mirror, firstChecks });
    this.#placement.read();
    this.#looking = repeat(() => this.#look(), LOOK_EVERY_MS, schedule);
  }

  /** What the settings or the file name now, in place of what they named before. */
  give(source: GivenSource, credentials: readonly Credential[]): void {
    this.#sources.give(source, credentials);
    const deleted = credentials.filter(({ id }) => this.#sources.stored(id)?.deleted);
    for (const { id } of deleted) {
      const fields = { source, credentialId: id };
      this.#options.log.info(fields, 'a credential is not used: it was deleted by hand');
    }
    this.#placement.placeAll();
  }

  /** The pool's `onChange`: something has happened to a credential. */
  noteChange(id: string): void {
    const placed = this.#placement.find(id);
    if (placed?.state === 'pooled') this.#mirror.note(placed.credential);
  }

  /**
   * Saves what is left to save, and follows what other processes have done. Happens by itself; whoever
   * shows the registry to somebody does it before. Never throws.
   */
  synchronize(): void {
    try {
      this.#placement.read();
      this.#isBlind = false;
    } catch (error) {
      if (!this.#isBlind)
        this.#options.log.warn({ err: error }, 'what is stored of credentials could not be read');
      this.#isBlind = true;
    }
  }

  /** All there are, in the order in which they came. */
  list(): RegisteredCredential[] {
    return this.#placement.ids().flatMap((id) => this.find(id) ?? []);
  }

  find(id: string): RegisteredCredential | null {
    const placed = this.#placement.find(id);
    if (placed === null) return null;
    return {
      credential: placed.credential,
      sources: this.#sources.sourcesOf(id),
      disabled: this.#sources.stored(id)?.disabled ?? false,
      addedAtMs: this.#sources.stored(id)?.addedAtMs ?? null,
      checkedAtMs: placed.checkedAtMs,
    };
  }

  /** The counts of all processes, from the pool's. */
  totalCounts(id: string, counts: CredentialCounts): CredentialCounts {
    return this.#mirror.totalCounts(id, counts);
  }

  /**
   * Adds a credential that was checked just now, if there is a check; one that was deleted comes back.
   * One that is there already stays when the setting or the file no longer names it.
   *
   * @throws SQLite's errors
   */
  add(credential: Credential): void {
    const known = this.#placement.find(credential.id);
    const nowMs = this.#now();
    const checkedAtMs = this.#options.check === null ? null : nowMs;
    this.#options.store.add(credential, known ? known.checkedAtMs : checkedAtMs, nowMs);
    this.#placement.refresh(credential.id);
  }

  /** @throws SQLite's errors */
  delete(credential: Credential): void {
    this.#options.store.delete(credential, this.#now());
    this.#placement.refresh(credential.id);
  }

  /** @throws SQLite's errors */
  setDisabled(credential: Credential, disabled: boolean): void {
    this.#options.store.setDisabled(credential, disabled, this.#now());
    this.#placement.refresh(credential.id);
  }

  /** Forgets all that the credential failed at. */
  heal({ id }: Credential): void {
    const { pool } = this.#options;
    const memory = pool.memoryOf(id);
    if (memory === null) return;
    for (const model of [null, ...memory.modelHealth.keys()]) pool.setHealth(id, HEALTHY, model);
    this.noteChange(id);
  }

  /** Takes note of what the service has said of a credential. A verdict `unknown` changes nothing. */
  hear({ id }: Credential, verdict: CredentialVerdict): void {
    const placed = this.#placement.find(id);
    if (placed === null) return;
    const refused =
      verdict.verdict === 'refused' ? { state: 'out' as const, reason: verdict.reason } : null;
    if (verdict.verdict === 'account') adoptUserId(placed, verdict.userId);
    if (refused !== null) {
      const fields = { credentialId: id, reason: refused.reason };
      this.#options.log.warn(fields, 'the service refuses a credential');
    }
    if (placed.state === 'awaiting-check') this.#placement.lendOut(placed, refused);
    else if (refused !== null) this.#options.pool.setHealth(id, refused);
    if (verdict.verdict === 'unknown') return;
    this.#firstChecks?.forget(id);
    placed.checkedAtMs = this.#now();
    this.#mirror.note(placed.credential, placed.checkedAtMs);
  }

  /** Saves what is left to save. The pool keeps its credentials. */
  [Symbol.dispose](): void {
    this.#looking[Symbol.dispose]();
    this.#firstChecks?.[Symbol.dispose]();
    this.#mirror[Symbol.dispose]();
  }

  #look(): void {
    if (this.#options.store.changedElsewhere() || this.#isBlind) this.synchronize();
  }
}

function adoptUserId(placed: PlacedCredential, userId: string | null): void {
  // The pool's own is what requests are signed with, and it has read it from the secret.
  if (placed.state === 'pooled' || userId === null) return;
  placed.credential = { ...placed.credential, userId };
}
