import type { Credential } from './credential.ts';
import type { StoredCredential } from './credential-store.ts';

/** What the operator's own lists name. */
export type GivenSource = 'setting' | 'file';

/** Where a credential comes from. It may come from several places at once. */
export type CredentialSource = GivenSource | 'api';

const GIVEN_SOURCES: readonly GivenSource[] = ['setting', 'file'];

/** Which credentials there should be, by what the settings, the token file and the database say. */
export class CredentialSources {
  readonly #given: Record<GivenSource, ReadonlyMap<string, Credential>> = {
    setting: new Map(),
    file: new Map(),
  };
  #rows = new Map<string, StoredCredential>();

  /** What one of the lists names now, in place of what it named before. */
  give(source: GivenSource, credentials: readonly Credential[]): void {
    this.#given[source] = new Map(credentials.map((credential) => [credential.id, credential]));
  }

  /** What the database holds now. */
  store(rows: readonly StoredCredential[]): void {
    this.#rows = new Map(rows.map((row) => [row.id, row]));
  }

  /** What the database holds of one credential now. */
  storeOne(row: StoredCredential): void {
    this.#rows.set(row.id, row);
  }

  /** What the database held of it when it was last asked; null = nothing. */
  stored(id: string): StoredCredential | null {
    return this.#rows.get(id) ?? null;
  }

  /** Of all credentials that are heard of, wanted or not. */
  ids(): Set<string> {
    const { setting, file } = this.#given;
    return new Set([...setting.keys(), ...file.keys(), ...this.#rows.keys()]);
  }

  /** The credential, if there should be one of this id: named by somebody, and not deleted by hand. */
  wanted(id: string): Credential | null {
    const row = this.#rows.get(id);
    if (row?.deleted) return null;
    const given = this.#given.setting.get(id) ?? this.#given.file.get(id);
    // The service knows better than the secret whose it is.
    if (given !== undefined) return row ? { ...given, userId: row.userId } : given;
    if (row === undefined || row.secret === null) return null;
    const { kind, secret, userId } = row;
    return { id, kind, secret, userId };
  }

  sourcesOf(id: string): CredentialSource[] {
    const given = GIVEN_SOURCES.filter((source) => this.#given[source].has(id));
    const isStored = typeof this.#rows.get(id)?.secret === 'string';
    return isStored ? [...given, 'api'] : given;
  }
}
