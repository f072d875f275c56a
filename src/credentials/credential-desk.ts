import type { UpstreamId } from '../upstream-id.ts';
import { type AddedCredential, inOrder } from './added-credential.ts';
import { type CheckCredential, checkCredentials } from './check-credentials.ts';
import type { Credential } from './credential.ts';
import {
  CredentialExistsError,
  CredentialNotCheckedError,
  CredentialRefusedError,
  KeylessServerError,
  PoolNotSavedError,
  UnknownCredentialError,
} from './credential-errors.ts';
import { CREDENTIAL_FORMS, type CredentialForm } from './credential-form.ts';
import type { CredentialStatus } from './credential-memory.ts';
import type { CredentialPool } from './credential-pool.ts';
import type { CredentialRegistry, RegisteredCredential } from './credential-registry.ts';
import type { CredentialVerdict } from './validate-credential.ts';

export interface CredentialDeskOptions {
  upstream: UpstreamId;
  registry: CredentialRegistry;
  pool: Pick<CredentialPool, 'statuses'>;
  /** The registry's; null = nobody can be asked, and credentials are added unchecked. */
  check: CheckCredential | null;
  log: { info(fields: object, message: string): void };
}

/** A credential as an operator may see it: its value never leaves again. */
export interface CredentialView extends Omit<RegisteredCredential, 'credential'> {
  id: string;
  upstream: UpstreamId;
  kind: CredentialForm['kind'];
  /** The last 4 hex digits of the SHA-256 of its value, to tell which one it is. */
  hashEnd: string;
  /** null for API keys. */
  userId: string | null;
  /** Counts are of all processes. null before it was checked for the first time: it is not lent yet. */
  status: Pick<CredentialStatus, 'health' | 'modelHealth' | 'inFlight' | 'counts'> | null;
}

/** What the service says of a credential that is there. */
export interface CheckedCredential {
  id: string;
  /** null: nobody can be asked. */
  verdict: CredentialVerdict | null;
}

/** What an operator can do with the credentials of one upstream. Errors are fit for the client. */
export class CredentialDesk {
  readonly upstream: UpstreamId;
  readonly #form: CredentialForm;
  readonly #registry: CredentialRegistry;
  readonly #pool: CredentialDeskOptions['pool'];
  readonly #check: CheckCredential | null;
  readonly #log: CredentialDeskOptions['log'];

  constructor({ upstream, registry, pool, check, log }: CredentialDeskOptions) {
    this.upstream = upstream;
    this.#form = CREDENTIAL_FORMS[upstream];
    this.#registry = registry;
    this.#pool = pool;
    this.#check = check;
    this.#log = log;
  }

  /** All credentials, with what other processes have done to them, in the order in which they came. */
  list(): CredentialView[] {
    this.#registry.synchronize();
    const statuses = new Map(this.#statuses().map((status) => [status.id, status]));
    return this.#registry
      .list()
      .map((registered) => this.#view(registered, statuses.get(registered.credential.id) ?? null));
  }

  /** Whether there is such a credential, by what other processes have done as well. */
  has(id: string): boolean {
    this.#registry.synchronize();
    return this.#registry.find(id) !== null;
  }

  /** As this process knows it: `has` brings what others have done. @throws UnknownCredentialError */
  find(id: string): CredentialView {
    const registered = this.#registered(id);
    return this.#view(registered, this.#statuses().find((status) => status.id === id) ?? null);
  }

  /**
   * Adds the credentials that the service says are an account's, or all when nobody can be asked; one
   * answer for each entry, in order. What was deleted by hand comes back. Rejects when `signal`
   * aborts, with its reason; what was added by then stays.
   *
   * @throws PoolNotSavedError
   */
  async addAll(entries: readonly string[], signal: AbortSignal): Promise<AddedCredential[]> {
    this.#registry.synchronize();
    const read = entries.map(this.#form.read);
    const credentials = new Map(
      read.flatMap((credential) => (credential === null ? [] : [[credential.id, credential]])),
    );
    const added = new Map<string, AddedCredential>();
    for (const id of credentials.keys()) {
      const known = this.#registry.find(id);
      if (known === null) continue;
      this.#keep(known);
      added.set(id, { result: 'already_there', id });
    }
    const strangers = [...credentials.values()].filter(({ id }) => !added.has(id));
    if (this.#check === null) {
      for (const credential of strangers) added.set(credential.id, this.#accept(credential));
    } else {
      await checkCredentials(this.#check, strangers, signal, (credential, verdict) => {
        added.set(credential.id, this.#decide(credential, verdict));
      });
    }
    return inOrder(read, added, this.#form.mismatch);
  }

  /**
   * Adds one credential.
   *
   * @throws CredentialExistsError, CredentialRefusedError, CredentialNotCheckedError, PoolNotSavedError
   */
  async add(entry: string, signal: AbortSignal): Promise<CredentialView> {
    const [added] = await this.addAll([entry], signal);
    switch (added?.result) {
      case 'added':
        return this.find(added.id);
      case 'already_there':
        throw new CredentialExistsError(added.id);
      case 'not_checked':
        throw new CredentialNotCheckedError(added.failure);
      default:
        throw new CredentialRefusedError(added?.reason ?? this.#form.mismatch);
    }
  }

  /**
   * Asks the service about the credentials with these ids, about all when null, and does what it says: one
   * that is good is healthy, one that is not is out, and when it can't tell nothing changes.
   *
   * @throws UnknownCredentialError
   */
  async check(ids: readonly string[] | null, signal: AbortSignal): Promise<CheckedCredential[]> {
    this.#registry.synchronize();
    const registered =
      ids === null ? this.#registry.list() : [...new Set(ids)].map((id) => this.#registered(id));
    const credentials = registered.map(({ credential }) => credential);
    if (this.#check === null) return credentials.map(({ id }) => ({ id, verdict: null }));
    const verdicts = await checkCredentials(
      this.#check,
      credentials,
      signal,
      (credential, verdict) => {
        this.#registry.hear(credential, verdict);
        if (verdict.verdict === 'account') this.#registry.heal(credential);
      },
    );
    return verdicts.map((verdict, index) => ({ id: credentials[index]?.id ?? '', verdict }));
  }

  /**
   * A disabled credential stays, and is not lent until it is enabled again.
   *
   * @throws UnknownCredentialError, PoolNotSavedError
   */
  setDisabled(id: string, disabled: boolean): void {
    const { credential } = this.#registered(id);
    this.#save(() => this.#registry.setDisabled(credential, disabled));
    this.#tell(id, disabled ? 'a token was disabled by hand' : 'a token was enabled by hand');
  }

  /**
   * Forgets what the credential failed at: the next request may get it.
   *
   * @throws UnknownCredentialError
   */
  heal(id: string): void {
    this.#registry.heal(this.#registered(id).credential);
  }

  /**
   * Its value is wiped, and no setting and no file brings it back.
   *
   * @throws UnknownCredentialError, KeylessServerError, PoolNotSavedError
   */
  delete(id: string): void {
    const { credential } = this.#registered(id);
    // Nobody could add it again.
    if (credential.secret === '') throw new KeylessServerError();
    this.#save(() => this.#registry.delete(credential));
    this.#tell(id, 'a token was deleted by hand');
  }

  #statuses(): CredentialStatus[] {
    return this.#pool.statuses().map((status) => ({
      ...status,
      counts: this.#registry.totalCounts(status.id, status.counts),
    }));
  }

  #registered(id: string): RegisteredCredential {
    const registered = this.#registry.find(id);
    if (registered === null) throw new UnknownCredentialError(id);
    return registered;
  }

  /** It is to stay when the setting or the file no longer names it. */
  #keep({ credential, sources }: RegisteredCredential): void {
    if (!sources.includes('api')) this.#save(() => this.#registry.add(credential));
  }

  #decide(credential: Credential, verdict: CredentialVerdict): AddedCredential {
    switch (verdict.verdict) {
      case 'account':
        return this.#accept({ ...credential, userId: verdict.userId ?? credential.userId });
      case 'refused':
        return { result: 'refused', reason: verdict.reason };
      case 'unknown':
        return { result: 'not_checked', failure: verdict.failure };
      default:
        return verdict satisfies never;
    }
  }

  #accept(credential: Credential): AddedCredential {
    this.#save(() => this.#registry.add(credential));
    this.#tell(credential.id, 'a token was added by hand');
    return { result: 'added', id: credential.id };
  }

  #view(
    { credential, ...registered }: RegisteredCredential,
    status: CredentialStatus | null,
  ): CredentialView {
    const { upstream } = this;
    const { kind } = this.#form;
    const { id, secret } = credential;
    const hash = new Bun.CryptoHasher('sha256').update(secret).digest('hex');
    const userId = kind === 'account' ? credential.userId : null;
    return { ...registered, id, upstream, kind, userId, hashEnd: hash.slice(-4), status };
  }

  #tell(credentialId: string, event: string): void {
    this.#log.info({ upstream: this.upstream, credentialId }, event);
  }

  #save(change: () => void): void {
    try {
      change();
    } catch (error) {
      throw new PoolNotSavedError(error);
    }
  }
}
