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
import { DebugRules } from './logging/debug-rules.ts';
import { LogLevel } from './logging/log-level.ts';
import { RequestDebug } from './logging/request-debug.ts';
import { GatewayMetrics } from './metrics/gateway-metrics.ts';
import { createModelDirectory, type ModelDirectory } from './models/model-directory.ts';
import { LiveCounters } from './stats/live-counters.ts';
import { createStatistics, type Statistics } from './stats/statistics.ts';
import { InlinePool } from './stream-pool/inline-pool.ts';
import type { StreamPool } from './stream-pool/stream-pool.ts';
import { WorkerPool } from './stream-pool/worker-pool.ts';
import type { Tracing } from './telemetry/tracing.ts';
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
  statistics: Statistics;
  /** What happens now. */
  live: LiveCounters;
  /** null when the settings say so. */
  metrics: GatewayMetrics | null;
  logLevel: LogLevel;
  debugRules: DebugRules;
  requestDebug: RequestDebug;
}

export interface ServiceOptions {
  config: Config;
  log: Logger;
  /** Disposed of with the services; absent or null when chats are not traced. */
  tracing?: Tracing | null;
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

/**
 * Builds the services, each before those that need it.
 *
 * @throws DatabaseError
 */
export function createServices(options: ServiceOptions): Services {
  const { config, log, keepAliveMs = KEEP_ALIVE_MS, tracing = null } = options;
  const closing = new AsyncDisposableStack();
  closing.use(tracing);
  const logLevel = closing.use(new LogLevel({ log, configured: config.logLevel }));
  const debugRules = new DebugRules();
  const requestDebug = new RequestDebug({ rules: debugRules, log });
  const database = closing.adopt(openDatabase(config.databasePath), (open) => open.close());
  const statistics = closing.use(createStatistics({ ...config, database, log }));

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
  const admission = new Semaphore(config);
  const live = new LiveCounters({ admission });
  const guests = upstreams.web?.tokenPool.guests ?? null;
  const metrics = config.metricsEnabled
    ? closing.use(
        new GatewayMetrics({ admission, upstreams: upstreams.inOrder, guests, streamPool }),
      )
    : null;
  const chat: ChatServices = {
    planning: { models, liveModels, settings: config },
    running,
    admission,
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
    onStart(call) {
      live.started();
      requestDebug.began(call);
    },
    trace: tracing?.traceChat ?? null,
    settle: createSettleChat({
      onSettled: [
        (record) => statistics.recorder.record(record),
        (record) => live.settled(record),
        (record) => metrics?.settled(record),
        (record) => requestDebug.settled(record),
      ],
      log,
    }),
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
    statistics,
    live,
    metrics,
    logLevel,
    debugRules,
    requestDebug,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

function createStreamPool({ config, log, spawnWorker }: ServiceOptions): StreamPool {
  if (config.workers === 0) return new InlinePool();
  return new WorkerPool({ size: config.workers, log, ...(spawnWorker && { spawn: spawnWorker }) });
}
