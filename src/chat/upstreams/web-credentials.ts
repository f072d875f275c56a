import type { Database } from 'bun:sqlite';
import type { Config } from '../../config/settings.ts';
import { parseAccountTokens } from '../../credentials/account-tokens.ts';
import type { CheckCredential } from '../../credentials/check-credentials.ts';
import { CredentialDesk } from '../../credentials/credential-desk.ts';
import { CredentialPool } from '../../credentials/credential-pool.ts';
import { CredentialRegistry } from '../../credentials/credential-registry.ts';
import { createCredentialStore } from '../../credentials/credential-store.ts';
import { GuestPool } from '../../credentials/guest-pool.ts';
import { mintGuest } from '../../credentials/mint-guest.ts';
import { watchTokenFile } from '../../credentials/token-file.ts';
import { validateCredential } from '../../credentials/validate-credential.ts';
import type { Logger } from '../../lib/log.ts';
import { deleteChats } from '../../upstream/zai-web/delete-chats.ts';
import { judgeWebFailure } from '../../upstream/zai-web/judge-failure.ts';
import type { WebSite } from '../../upstream/zai-web/web-site.ts';
import { DEFAULT_TOKENS_FILE } from './configured-upstreams.ts';
import { poolSettings } from './pool-settings.ts';

export interface WebCredentialsOptions {
  config: Config;
  site: WebSite;
  database: Database;
  log: Logger;
}

/** The longest a guest may take to be let in. */
const MINT_TIMEOUT_MS = 10_000;

/** The accounts and guests of the web chat: where they come from, and the pool that lends them. */
export class WebCredentials implements AsyncDisposable {
  readonly pool: CredentialPool;
  readonly registry: CredentialRegistry;
  readonly desk: CredentialDesk;
  /** null when guests are not allowed. */
  readonly guests: GuestPool | null;
  readonly #closing = new AsyncDisposableStack();

  /** Tokens that can't be any are logged, by place. @throws SQLite's errors */
  constructor({ config, site, database, log }: WebCredentialsOptions) {
    const check: CheckCredential = ({ secret }, signal) => validateCredential(site, secret, signal);
    const guests = config.anonymousMode ? this.#closing.use(createGuests(config, site, log)) : null;
    this.pool = this.#closing.use(
      new CredentialPool({
        ...poolSettings(config),
        upstream: 'zai-web',
        judge: judgeWebFailure,
        guests,
        log,
        onChange: (id) => this.registry.noteChange(id),
      }),
    );
    this.registry = this.#closing.use(
      new CredentialRegistry({
        store: createCredentialStore(database, 'zai-web'),
        pool: this.pool,
        check,
        log,
      }),
    );
    this.desk = new CredentialDesk({
      upstream: 'zai-web',
      registry: this.registry,
      pool: this.pool,
      check,
      log,
    });
    this.guests = guests;
    this.#giveTokens(config, log);
    if (this.registry.list().length === 0) guests?.warm();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#closing.disposeAsync();
  }

  #giveTokens({ zaiTokens, tokensFile }: Config, log: Logger): void {
    const { accounts, refused } = parseAccountTokens(zaiTokens);
    for (const entry of refused) log.warn(entry, 'an entry of ZAI_TOKENS is not used');
    this.registry.give('setting', accounts);
    this.#closing.use(
      watchTokenFile({
        path: tokensFile ?? DEFAULT_TOKENS_FILE,
        isExpected: tokensFile !== null,
        onAccounts: (found) => this.registry.give('file', found),
        log,
      }),
    );
  }
}

function createGuests({ guestPoolSize }: Config, site: WebSite, log: Logger): GuestPool {
  return new GuestPool({
    size: guestPoolSize,
    mint: (signal) => mintGuest(site, signal),
    deleteChats: ({ secret }, signal) => deleteChats(site, secret, signal),
    mintTimeoutMs: MINT_TIMEOUT_MS,
    log,
  });
}
