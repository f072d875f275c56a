import type { UpstreamId } from '../upstream/upstream-id.ts';
import { type CheckCredential, checkCredentials } from './check-credentials.ts';
import type { Credential } from './credential.ts';
import { CREDENTIAL_FORMS, type CredentialForm } from './credential-form.ts';
import type { CredentialStatus } from './credential-memory.ts';
import type { CredentialPool } from './credential-pool.ts';
import type { CredentialRegistry, RegisteredCredential } from './credential-registry.ts';
import { type Admission, inOrder } from './token-admission.ts';
import {
  KeylessServerError,
  PoolNotSavedError,
  TokenExistsError,
  TokenNotCheckedError,
  TokenRefusedError,
  UnknownTokenError,
} from './token-errors.ts';
import type { TokenVerdict } from './validate-token.ts';

export interface TokenDeskOptions {
  upstream: UpstreamId;
  registry: CredentialRegistry;
  pool: Pick<CredentialPool, 'statuses'>;
  /** The registry's; null = nobody can be asked, and tokens are added unchecked. */
  check: CheckCredential | null;
  log: { info(fields: object, message: string): void };
}

/** A token as an operator may see it: its value never leaves again. */
export interface TokenView extends Omit<RegisteredCredential, 'credential'> {
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

/** What the service says of a token that is there. */
export interface CheckedToken {
  id: string;
  /** null: nobody can be asked. */
  verdict: TokenVerdict | null;
}

/** What an operator can do with the tokens or keys of one upstream. Errors are fit for the client. */
export class TokenDesk {
  readonly upstream: UpstreamId;
  readonly #form: CredentialForm;
  readonly #registry: CredentialRegistry;
  readonly #pool: TokenDeskOptions['pool'];
  readonly #check: CheckCredential | null;
  readonly #log: TokenDeskOptions['log'];

  constructor({ upstream, registry, pool, check, log }: TokenDeskOptions) {
    this.upstream = upstream;
    this.#form = CREDENTIAL_FORMS[upstream];
    this.#registry = registry;
    this.#pool = pool;
    this.#check = check;
    this.#log = log;
  }

  /** All tokens, with what other processes have done to them, in the order in which they came. */
  list(): TokenView[] {
    this.#registry.synchronize();
    const statuses = new Map(this.#statuses().map((status) => [status.id, status]));
    return this.#registry
      .list()
      .map((registered) => this.#view(registered, statuses.get(registered.credential.id) ?? null));
  }

  /** Whether there is such a token, by what other processes have done as well. */
  has(id: string): boolean {
    this.#registry.synchronize();
    return this.#registry.find(id) !== null;
  }

  /** As this process knows it: `has` brings what others have done. @throws UnknownTokenError */
  find(id: string): TokenView {
    const registered = this.#registered(id);
    return this.#view(registered, this.#statuses().find((status) => status.id === id) ?? null);
  }

  /**
   * Adds the tokens that the service says are an account's, or all when nobody can be asked; one
   * answer for each entry, in order. What was deleted by hand comes back. Rejects when `signal`
   * aborts, with its reason; what was added by then stays.
   *
   * @throws PoolNotSavedError
   */
  async addAll(entries: readonly string[], signal: AbortSignal): Promise<Admission[]> {
    this.#registry.synchronize();
    const read = entries.map(this.#form.read);
    const tokens = new Map(read.flatMap((token) => (token === null ? [] : [[token.id, token]])));
    const admissions = new Map<string, Admission>();
    for (const id of tokens.keys()) {
      const known = this.#registry.find(id);
      if (known === null) continue;
      this.#keep(known);
      admissions.set(id, { result: 'already_there', id });
    }
    const strangers = [...tokens.values()].filter(({ id }) => !admissions.has(id));
    if (this.#check === null) {
      for (const token of strangers) admissions.set(token.id, this.#admit(token));
    } else {
      await checkCredentials(this.#check, strangers, signal, (token, verdict) => {
        admissions.set(token.id, this.#decide(token, verdict));
      });
    }
    return inOrder(read, admissions, this.#form.mismatch);
  }

  /**
   * Adds one token.
   *
   * @throws TokenExistsError, TokenRefusedError, TokenNotCheckedError, PoolNotSavedError
   */
  async add(entry: string, signal: AbortSignal): Promise<TokenView> {
    const [admission] = await this.addAll([entry], signal);
    switch (admission?.result) {
      case 'added':
        return this.find(admission.id);
      case 'already_there':
        throw new TokenExistsError(admission.id);
      case 'not_checked':
        throw new TokenNotCheckedError(admission.failure);
      default:
        throw new TokenRefusedError(admission?.reason ?? this.#form.mismatch);
    }
  }

  /**
   * Asks the service about the tokens with these ids, about all when null, and does what it says: one
   * that is good is healthy, one that is not is out, and when it can't tell nothing changes.
   *
   * @throws UnknownTokenError
   */
  async check(ids: readonly string[] | null, signal: AbortSignal): Promise<CheckedToken[]> {
    this.#registry.synchronize();
    const registered =
      ids === null ? this.#registry.list() : [...new Set(ids)].map((id) => this.#registered(id));
    const tokens = registered.map(({ credential }) => credential);
    if (this.#check === null) return tokens.map(({ id }) => ({ id, verdict: null }));
    const verdicts = await checkCredentials(this.#check, tokens, signal, (token, verdict) => {
      this.#registry.hear(token, verdict);
      if (verdict.verdict === 'account') this.#registry.heal(token);
    });
    return verdicts.map((verdict, index) => ({ id: tokens[index]?.id ?? '', verdict }));
  }

  /**
   * A disabled token stays, and is not lent until it is enabled again.
   *
   * @throws UnknownTokenError, PoolNotSavedError
   */
  setDisabled(id: string, disabled: boolean): void {
    const { credential } = this.#registered(id);
    this.#save(() => this.#registry.setDisabled(credential, disabled));
    this.#tell(id, disabled ? 'a token was disabled by hand' : 'a token was enabled by hand');
  }

  /**
   * Forgets what the token failed at: the next request may get it.
   *
   * @throws UnknownTokenError
   */
  heal(id: string): void {
    this.#registry.heal(this.#registered(id).credential);
  }

  /**
   * Its value is wiped, and no setting and no file brings it back.
   *
   * @throws UnknownTokenError, KeylessServerError, PoolNotSavedError
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
    if (registered === null) throw new UnknownTokenError(id);
    return registered;
  }

  /** It is to stay when the setting or the file no longer names it. */
  #keep({ credential, sources }: RegisteredCredential): void {
    if (!sources.includes('api')) this.#save(() => this.#registry.add(credential));
  }

  #decide(token: Credential, verdict: TokenVerdict): Admission {
    switch (verdict.verdict) {
      case 'account':
        return this.#admit({ ...token, userId: verdict.userId ?? token.userId });
      case 'refused':
        return { result: 'refused', reason: verdict.reason };
      case 'unknown':
        return { result: 'not_checked', failure: verdict.failure };
      default:
        return verdict satisfies never;
    }
  }

  #admit(token: Credential): Admission {
    this.#save(() => this.#registry.add(token));
    this.#tell(token.id, 'a token was added by hand');
    return { result: 'added', id: token.id };
  }

  #view(
    { credential, ...registered }: RegisteredCredential,
    status: CredentialStatus | null,
  ): TokenView {
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
