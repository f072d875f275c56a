import type { Credential } from './credential.ts';
import { CredentialEntry, type EntryContext } from './credential-entry.ts';
import type { CredentialMemory, CredentialStatus } from './credential-memory.ts';
import { type StandingContext, standingOf } from './credential-standing.ts';
import { isPaused } from './health.ts';

/** The credentials that there are, in the order in which they came, guests apart. */
export class CredentialRoster implements Iterable<CredentialEntry> {
  readonly #context: EntryContext;
  readonly #entries = new Map<string, CredentialEntry>();

  constructor(context: EntryContext) {
    this.#context = context;
  }

  get size(): number {
    return this.#entries.size;
  }

  [Symbol.iterator](): Iterator<CredentialEntry> {
    return this.#entries.values();
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** null when it is not there. */
  find(id: string): CredentialEntry | null {
    return this.#entries.get(id) ?? null;
  }

  /** One that is there already stays as it is. */
  add(credential: Credential, memory: CredentialMemory | null): void {
    if (this.has(credential.id)) return;
    this.#entries.set(credential.id, new CredentialEntry(credential, memory, this.#context));
  }

  remove(id: string): void {
    this.#entries.delete(id);
  }

  /** Whether there is one that no operator has to see to. */
  hasHope(): boolean {
    return [...this].some(({ disabled, health }) => !disabled && health.state !== 'out');
  }

  /** Whether there is one that is neither cooling nor out, whatever the model. */
  canServe(context: StandingContext): boolean {
    return [...this].some((entry) => {
      const standing = standingOf(entry, null, context);
      return standing !== 'cooling' && standing !== 'out';
    });
  }

  /**
   * Ids of those that could be lent now, or in a moment: whoever has only been told to pause is asked
   * again, and may show that the upstream is not to blame.
   */
  peerIds(): string[] {
    return [...this.#entries].flatMap(([id, { disabled, health }]) => {
      const isAside = health.state === 'out' || (health.state === 'cooling' && !isPaused(health));
      return disabled || isAside ? [] : id;
    });
  }

  /** When the next cooling is over, in Unix ms; null when none is under way. */
  soonestCoolingEnd(nowMs: number): number | null {
    const ends = [...this].flatMap((entry) => entry.coolingEnds(nowMs));
    return ends.length === 0 ? null : Math.min(...ends);
  }

  /** How they are, as of now. */
  statuses({ nowMs, loadOf }: Pick<StandingContext, 'nowMs' | 'loadOf'>): CredentialStatus[] {
    return [...this].map((entry) => {
      const { id, kind, userId } = entry.credential;
      return { id, kind, userId, inFlight: loadOf(id), ...entry.describe(nowMs) };
    });
  }
}
