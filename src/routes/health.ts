import { Elysia } from 'elysia';
import type { RunningChats } from '../chat/running-chats.ts';
import type { Upstream } from '../chat/upstreams/upstream.ts';
import type { StreamPool } from '../stream-pool/stream-pool.ts';
import { toGatewayError } from '../upstream-failure.ts';
import { CHECK_HEALTH, CHECK_READINESS } from './service-docs.ts';

export interface HealthRouteOptions {
  streamPool: StreamPool;
  upstreams: readonly Pick<Upstream, 'id' | 'credentials'>[];
  running: RunningChats;
}

/**
 * `GET /health`: the process answers. `GET /ready`: a chat sent now could be served, as far as is
 * known without asking an upstream; 503 with what is missing when it could not. For each upstream it
 * says why it does not serve now: one that does is enough.
 */
export const healthRoutes = ({ streamPool, upstreams, running }: HealthRouteOptions) =>
  new Elysia({ name: 'health-routes' })
    .get('/health', () => ({ status: 'ok' }), { detail: CHECK_HEALTH })
    .get(
      '/ready',
      ({ status }) => {
        const states = upstreams.map(({ id, credentials }) => [id, stateOf(credentials)] as const);
        const checks = {
          worker: streamPool.ready,
          upstream: states.some(([, { ready }]) => ready),
          accepting: !running.draining,
        };
        const ready = Object.values(checks).every(Boolean);
        return status(ready ? 200 : 503, {
          status: ready ? 'ready' : 'not ready',
          checks,
          upstreams: Object.fromEntries(states),
        });
      },
      { detail: CHECK_READINESS },
    );

function stateOf(credentials: Upstream['credentials']) {
  const failure = credentials.readiness();
  if (failure === null) return { ready: true };
  const { code, message, retryAfterSeconds } = toGatewayError(failure);
  return { ready: false, code, message, retry_after: retryAfterSeconds };
}
