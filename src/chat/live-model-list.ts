import type { Logger } from '../lib/log.ts';
import type { ModelDirectory } from '../models/model-directory.ts';
import type { Upstream } from './upstreams/upstream.ts';

export interface LiveModelListOptions {
  upstreams: readonly Pick<Upstream, 'id' | 'listModels'>[];
  models: Pick<ModelDirectory, 'mergeLive'>;
  log: Pick<Logger, 'debug'>;
  /** Epoch ms; injectable for tests. */
  now?: () => number;
}

/** How long a list that was read is believed; models come and go by the week. */
const LIFETIME_MS = 10 * 60 * 1000;
/** How soon a reading that failed is repeated. */
const REPEAT_AFTER_MS = 60 * 1000;
/** Nobody waits longer than this for a list; the catalog alone serves as well. */
const TIMEOUT_MS = 3 * 1000;

/**
 * Keeps the model directory in step with the upstreams' live lists: read when somebody asks for
 * models and the last reading is old, one reading at a time. Never a reason for a request to fail.
 */
export class LiveModelList {
  readonly #options: LiveModelListOptions;
  readonly #now: () => number;
  #dueAtMs = 0;
  #reading: Promise<void> | null = null;

  constructor(options: LiveModelListOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Resolves when the directory is as fresh as it can be, after 3 s at the latest. Never rejects. */
  async refresh(): Promise<void> {
    if (this.#reading === null && this.#now() < this.#dueAtMs) return;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    await this.#reading;
  }

  async #read(): Promise<void> {
    const { upstreams } = this.#options;
    const read = await Promise.all(upstreams.map((upstream) => this.#readFrom(upstream)));
    this.#dueAtMs = this.#now() + (read.every(Boolean) ? LIFETIME_MS : REPEAT_AFTER_MS);
  }

  /** Whether the upstream's list is known now, or it has none. */
  async #readFrom(upstream: LiveModelListOptions['upstreams'][number]): Promise<boolean> {
    const { models, log } = this.#options;
    try {
      const listed = await upstream.listModels(AbortSignal.timeout(TIMEOUT_MS));
      if (listed?.ok) models.mergeLive(upstream.id, listed.value);
      if (listed === null || listed.ok) return true;
      log.debug({ upstream: upstream.id, failure: listed.failure }, 'live model list not read');
    } catch {
      log.debug({ upstream: upstream.id }, 'live model list not read in time');
    }
    return false;
  }
}
