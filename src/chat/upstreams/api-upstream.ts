import type { Database } from 'bun:sqlite';
import type { Config } from '../../config/settings.ts';
import { createCredential } from '../../credentials/credential.ts';
import { CredentialDesk } from '../../credentials/credential-desk.ts';
import { CredentialPool } from '../../credentials/credential-pool.ts';
import { CredentialRegistry } from '../../credentials/credential-registry.ts';
import { createCredentialStore } from '../../credentials/credential-store.ts';
import type { Logger } from '../../lib/log.ts';
import type { LiveModel } from '../../upstream/live-model.ts';
import type { ApiDialect } from '../../upstream/upstream-request.ts';
import type { UpstreamResult } from '../../upstream/upstream-result.ts';
import type { ApiSite } from '../../upstream/zai-api/api-site.ts';
import { judgeApiFailure } from '../../upstream/zai-api/judge-failure.ts';
import { listApiModels } from '../../upstream/zai-api/list-models.ts';
import type { ChatImages } from '../chat-images.ts';
import type { ChatPlan } from '../plan-chat.ts';
import { ApiVisit } from './api-visit.ts';
import { configuredApiKeys, configuredApiSite, configuredDialect } from './configured-upstreams.ts';
import { fillRequest } from './fill-request.ts';
import { poolSettings } from './pool-settings.ts';
import { readModelList } from './read-model-list.ts';
import type { Upstream } from './upstream.ts';

export interface ApiUpstreamOptions {
  config: Config;
  database: Database;
  log: Logger;
}

/** The official API as an upstream, or any OpenAI-compatible server. */
export class ApiUpstream implements Upstream {
  readonly id = 'zai-api';
  readonly judge = judgeApiFailure;
  readonly credentials: CredentialPool;
  readonly dialect: ApiDialect;
  readonly site: ApiSite;
  readonly #registry: CredentialRegistry;
  readonly #desk: CredentialDesk;
  readonly #toolMode: Config['toolMode'];

  /** @throws SQLite's errors */
  constructor({ config, database, log }: ApiUpstreamOptions) {
    this.dialect = configuredDialect(config);
    this.site = configuredApiSite(config);
    this.#toolMode = config.toolMode;
    this.credentials = new CredentialPool({
      ...poolSettings(config),
      upstream: this.id,
      judge: this.judge,
      guests: null,
      log,
      onChange: (id) => this.#registry.noteChange(id),
    });
    // The API has no call that asks about a key and costs nothing.
    const shared = { pool: this.credentials, check: null, log };
    this.#registry = new CredentialRegistry({
      ...shared,
      store: createCredentialStore(database, this.id),
    });
    this.#desk = new CredentialDesk({ ...shared, upstream: this.id, registry: this.#registry });
    const keys = configuredApiKeys(config).map((key) => createCredential('api-key', key, ''));
    this.#registry.give('setting', keys);
  }

  /** The same keys, for the token pool's API. */
  get tokenPool() {
    return { desk: this.#desk, pool: this.credentials, guests: null };
  }

  /** The official API has no list to rely on. */
  async listModels(signal: AbortSignal): Promise<UpstreamResult<LiveModel[]> | null> {
    if (this.dialect === 'zai') return null;
    const fetchList = (secret: string, aborted: AbortSignal) =>
      listApiModels(this.site, secret, aborted);
    return readModelList(this.credentials, fetchList, signal);
  }

  visit({ model, request, asked, droppedParams }: ChatPlan, images: ChatImages): ApiVisit | null {
    const offer = model.offers[this.id];
    if (offer === null) return null;
    return new ApiVisit({
      upstream: this,
      exchange: { ...this.site, upstream: this.id, model: { ...offer, dialect: this.dialect } },
      request: fillRequest(request, true, this.#toolMode),
      images: images.sources,
      asked,
      droppedParams,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#registry[Symbol.dispose]();
    this.credentials[Symbol.dispose]();
  }
}
