import { Elysia } from 'elysia';
import packageJson from '../../package.json' with { type: 'json' };
import { DESCRIBE_SERVICE } from './service-docs.ts';

/** `GET /`: what this is, for whoever opens the address in a browser. */
export const rootRoute = ({ docs, dashboard }: { docs: boolean; dashboard: boolean }) =>
  new Elysia({ name: 'root-route' }).get(
    '/',
    () => ({
      name: packageJson.name,
      version: packageJson.version,
      links: {
        chat: '/v1/chat/completions',
        models: '/v1/models',
        stats: '/v1/stats',
        health: '/health',
        ready: '/ready',
        ...(docs && { docs: '/docs' }),
        ...(dashboard && { dashboard: '/dashboard' }),
      },
    }),
    { detail: DESCRIBE_SERVICE },
  );
