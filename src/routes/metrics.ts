import { Elysia } from 'elysia';
import { adminAuth } from '../http/client-auth.ts';
import type { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import { readMetricsDocs } from './metrics-docs.ts';

export interface MetricsRouteOptions {
  metrics: Pick<GatewayMetrics, 'contentType' | 'render'>;
  /** null: they are open to everyone (setting `METRICS_PUBLIC`). */
  adminKey: string | null;
}

/** `GET /metrics`: what Prometheus reads. */
export const metricsRoute = ({ metrics, adminKey }: MetricsRouteOptions) => {
  const app = new Elysia({ name: 'metrics-route' });
  if (adminKey !== null) app.use(adminAuth({ key: adminKey }));
  return app.get(
    '/metrics',
    async () => {
      const headers = { 'content-type': metrics.contentType };
      return new Response(await metrics.render(), { headers });
    },
    { detail: readMetricsDocs(adminKey === null ? null : 'admin') },
  );
};
