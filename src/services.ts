import { Semaphore } from './admission/semaphore.ts';
import { LiveModelList } from './chat/live-model-list.ts';
import { RunningChats } from './chat/running-chats.ts';
import { createSettleChat } from './chat/settle-chat.ts';
import type { ChatServices } from './chat/start-chat.ts';
import { createUpstreams, type Upstreams } from './chat/upstreams/create-upstreams.ts';
import type { Config } from './config/settings.ts';
import { openDatabase } from './db/open-database.ts';
import { createKeepAlive, type KeepAlive } from './http/keep-alive.ts';
import type { Logger } from './lib/log.ts';
import { createModelDirectory, type ModelDirectory } from './models/model-directory.ts';
import { RequestRecorder } from './stats/request-recorder.ts';
import { startRequestRetention } from './stats/request-retention.ts';
import { createRequestStore, type RequestStore } from './stats/request-store.ts';
import { InlinePool } from './stream-pool/inline-pool.ts';
import type { StreamPool } from './stream-pool/stream-pool.ts';
import { WorkerPool } from './stream-pool/worker-pool.ts';
import type { ImageNetwork } from './upstream/images/open-image.ts';

/** Everything that lives as long as the gateway. Disposal closes it, in reverse. */
export interface Services extends AsyncDisposable {
  models: ModelDirectory;
  liveModels: LiveModelList;
  upstreams: Upstreams;
  streamPool: StreamPool;
  running: RunningChats;
  chat: ChatServices;
  keepAlive: KeepAlive;
  store: RequestStore;
  recorder: RequestRecorder;
}

export interface ServiceOptions {
  config: Config;
  log: Logger;
  /** The longest silence of a client's stream, in ms; tests have less time. */
  keepAliveMs?: number;
  /** Where images are fetched from; tests have a network of their own. */
  imageNetwork?: ImageNetwork;
  /** Makes a worker's thread; tests want to get hold of it. */
  spawnWorker?: () => Worker;
}

const KEEP_ALIVE_MS = 15_000;
/** A credential may have to be minted or checked first, which is no waiting in a queue. */
const LEAST_LEASE_TIMEOUT_MS = 15_000;
const DAY_MS = 86_400_000;

/**
 * Builds the services, each before those that need it.
 *
 * @throws DatabaseError
 */
export function createServices(options: ServiceOptions): Services {
  const { config, log, keepAliveMs = KEEP_ALIVE_MS } = options;
  const closing = new AsyncDisposableStack();
  const database = closing.adopt(openDatabase(config.databasePath), (open) => open.close());
  const store = createRequestStore(database);
  const recorder = closing.use(new RequestRecorder({ store, log }));
  const maxAgeMs = config.requestLogRetentionDays * DAY_MS;
  closing.use(startRequestRetention({ store, log, maxAgeMs }));

  const { imageNetwork } = options;
  const upstreams = closing.use(
    createUpstreams({ config, database, log, ...(imageNetwork && { imageNetwork }) }),
  );
  const models = createModelDirectory({
    upstreams: upstreams.inOrder.map(({ id }) => id),
    aliases: config.modelAliases,
    apiServesAnyName: upstreams.api?.dialect === 'openai-compatible',
  });
  const liveModels = new LiveModelList({ upstreams: upstreams.inOrder, models, log });
  const streamPool = closing.use(createStreamPool(options));
  const running = new RunningChats();
  const chat: ChatServices = {
    planning: { models, liveModels, settings: config },
    running,
    admission: new Semaphore(config),
    upstreams: upstreams.inOrder,
    attempts: {
      streamPool,
      maxRetries: config.maxRetries,
      leaseTimeoutMs: Math.max(config.queueTimeoutMs, LEAST_LEASE_TIMEOUT_MS),
    },
    clocks: {
      connectMs: config.connectTimeoutMs,
      firstByteMs: config.firstByteTimeoutMs,
      idleMs: config.idleTimeoutMs,
      totalMs: config.totalTimeoutMs,
    },
    settle: createSettleChat(recorder, log),
    holdMs: keepAliveMs,
  };
  return {
    models,
    liveModels,
    upstreams,
    streamPool,
    running,
    chat,
    keepAlive: createKeepAlive({ intervalMs: keepAliveMs }),
    store,
    recorder,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

function createStreamPool({ config, log, spawnWorker }: ServiceOptions): StreamPool {
  if (config.workers === 0) return new InlinePool();
  return new WorkerPool({ size: config.workers, log, ...(spawnWorker && { spawn: spawnWorker }) });
}
