import { type AnyElysia, Elysia } from 'elysia';
import type { GatewayKeys } from './config/generated-keys.ts';
import type { Config } from './config/settings.ts';
import type { SettingInForce } from './config/settings-in-force.ts';
import { CredentialDesks } from './credentials/credential-desks.ts';
import { accessLog } from './http/access-log.ts';
import { answerCount } from './http/answer-count.ts';
import { cors } from './http/cors.ts';
import { errorResponses } from './http/error-responses.ts';
import { beginRequest } from './http/request-context.ts';
import { IDLE_TIMEOUT_SECONDS, SERVE_OPTIONS } from './http/serve-options.ts';
import type { Logger } from './lib/log.ts';
import { chatRoutes } from './routes/chat.ts';
import { dashboardRoutes } from './routes/dashboard.ts';
import { docsRoutes } from './routes/docs.ts';
import { healthRoutes } from './routes/health.ts';
import { logLevelRoutes } from './routes/log-level.ts';
import { logRuleRoutes } from './routes/log-rules.ts';
import { metricsRoute } from './routes/metrics.ts';
import { modelRoutes } from './routes/models.ts';
import { requestRoutes } from './routes/requests.ts';
import { rootRoute } from './routes/root.ts';
import { statsRoutes } from './routes/stats.ts';
import { tokenPoolRoutes } from './routes/token-pool.ts';
import { tokenRoutes } from './routes/tokens.ts';
import type { Services } from './services.ts';

export interface AppOptions {
  config: Config;
  keys: GatewayKeys;
  log: Logger;
  services: Services;
  /** What the dashboard tells of the settings. */
  settings: readonly SettingInForce[];
}

/** Composes the gateway's front: the edge in the order a request meets it, then the routes. */
export function createApp({ config, keys, log, services, settings }: AppOptions): AnyElysia {
  const {
    models,
    liveModels,
    upstreams,
    streamPool,
    running,
    statistics,
    chat,
    keepAlive,
    metrics,
    logLevel,
    debugRules,
    requestDebug,
  } = services;
  const auth = { keys: keys.apiKeys, skip: config.skipAuth };
  const limits = { maxBodyBytes: config.maxBodyBytes, idleTimeoutSeconds: IDLE_TIMEOUT_SECONDS };
  const pools = upstreams.inOrder.map(({ tokenPool }) => tokenPool);
  const desks = new CredentialDesks(pools.map(({ desk }) => desk));
  const tokenPool = { ...limits, adminKey: keys.adminKey, desks };
  // Elysia heeds `normalize` at the root only. Schemas are open, so nothing is stripped; looking for
  // what to strip takes 40 % of a large body's time, and makes wrong values into others, which are
  // then what a client is told of: a string where a list belongs becomes a list.
  const app: AnyElysia = new Elysia({ serve: SERVE_OPTIONS, normalize: false })
    .use(beginRequest({ trustProxy: config.trustProxy }))
    .use(cors({ origins: config.corsOrigins }))
    .use(
      accessLog({
        log,
        settledElsewhere: ['/v1/chat/completions'],
        debugLogOf: (requestId) => requestDebug.logOf(requestId, null),
      }),
    )
    .use(answerCount({ count: (answer) => metrics?.answered(answer) }))
    .use(errorResponses({ log, routes: () => app.routes }))
    .use(rootRoute({ docs: config.docsEnabled, dashboard: config.dashboardEnabled }))
    .use(healthRoutes({ streamPool, upstreams: upstreams.inOrder, running }))
    .use(modelRoutes({ auth, models, liveModels, upstreams: upstreams.inOrder }))
    .use(statsRoutes({ adminKey: keys.adminKey, ...statistics }))
    .use(requestRoutes({ adminKey: keys.adminKey, ...statistics }))
    .use(chatRoutes({ ...limits, auth, keepAlive, chat }))
    .use(tokenPoolRoutes({ ...tokenPool, pools, maxInFlight: config.credentialConcurrency }))
    .use(tokenRoutes(tokenPool));
  app
    .use(logLevelRoutes({ ...limits, adminKey: keys.adminKey, level: logLevel }))
    .use(logRuleRoutes({ ...limits, adminKey: keys.adminKey, rules: debugRules }));
  if (metrics !== null) {
    const adminKey = config.metricsPublic ? null : keys.adminKey;
    app.use(metricsRoute({ metrics, adminKey }));
  }
  if (config.dashboardEnabled) {
    app.use(
      dashboardRoutes({
        ...limits,
        adminKey: keys.adminKey,
        trustProxy: config.trustProxy,
        workers: config.workers,
        settings,
        keepAlive,
        live: services.live,
        upstreams: upstreams.inOrder,
        streamPool,
        running,
      }),
    );
  }
  if (config.docsEnabled) app.use(docsRoutes({ routes: () => app.routes }));
  return app;
}
