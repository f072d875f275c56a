import { Elysia } from 'elysia';
import packageJson from '../../package.json' with { type: 'json' };
import type { SettingInForce } from '../config/settings-in-force.ts';
import { PAGE_PATHS, respondPageShell } from '../dashboard/page-shell.ts';
import { SnapshotFeed } from '../dashboard/snapshot-feed.ts';
import { type SnapshotParts, takeSnapshot } from '../dashboard/take-snapshot.ts';
import { createPageAsset } from '../docs/page-asset.ts';
import { type AdminSessions, createAdminSessions } from '../http/admin-session.ts';
import { cameByHttps } from '../http/came-by-https.ts';
import { adminAuth } from '../http/client-auth.ts';
import { longRunning } from '../http/client-connection.ts';
import type { KeepAlive } from '../http/keep-alive.ts';
import { dashboardSessionRoutes } from './dashboard-session.ts';

export interface DashboardRouteOptions extends SnapshotParts {
  adminKey: string;
  /** Whether a proxy's `X-Forwarded-Proto` is believed. */
  trustProxy: boolean;
  settings: readonly SettingInForce[];
  /** Setting `WORKERS`. */
  workers: number;
  keepAlive: KeepAlive;
  idleTimeoutSeconds: number;
}

const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';
const hidden = { detail: { hide: true } };

/**
 * `GET /dashboard` and all that its page asks for but the admin APIs, which it uses as any client
 * would. None of it is part of the documented API.
 */
export const dashboardRoutes = (options: DashboardRouteOptions) => {
  const { adminKey, trustProxy } = options;
  const sessions = createAdminSessions(adminKey);
  return new Elysia({ name: 'dashboard-routes' })
    .use(pageRoutes())
    .use(dashboardSessionRoutes({ adminKey, sessions, trustProxy }))
    .use(liveRoutes(options, sessions));
};

function pageRoutes() {
  const script = createPageAsset(SCRIPT, async () => (await loadPage()).script);
  const style = createPageAsset(STYLE, async () => (await loadPage()).style);
  return new Elysia({ name: 'dashboard-page' })
    .get(PAGE_PATHS.page, respondPageShell, hidden)
    .get(PAGE_PATHS.script, ({ request }) => script.respond(request), hidden)
    .get(PAGE_PATHS.style, ({ request }) => style.respond(request), hidden);
}

/** Loaded for the first page that is asked for: from source, it is bundled then. */
async function loadPage() {
  const { PAGE_BUNDLE } = await import('../dashboard/page-bundle.ts');
  const encoder = new TextEncoder();
  return {
    script: encoder.encode(PAGE_BUNDLE.script),
    style: encoder.encode(PAGE_BUNDLE.style),
  };
}

function liveRoutes(options: DashboardRouteOptions, sessions: AdminSessions) {
  const { adminKey, idleTimeoutSeconds, keepAlive, settings, trustProxy, workers } = options;
  const read = () => takeSnapshot(options);
  const feed = new SnapshotFeed({ read, keepAlive });
  return new Elysia({ name: 'dashboard-live' })
    .use(adminAuth({ key: adminKey }))
    .get('/dashboard/snapshot', read, hidden)
    .get('/dashboard/system', () => ({ version: packageJson.version, workers, settings }), hidden)
    .use(longRunning({ idleTimeoutSeconds }))
    .get(
      '/dashboard/events',
      ({ connection, request }) => feed.watch(connection, renewal(sessions, request, trustProxy)),
      hidden,
    );
}

/** A page that is open stays so. */
function renewal(sessions: AdminSessions, request: Request, trustProxy: boolean) {
  const cookie = sessions.renew(request, { secure: cameByHttps(request, trustProxy) });
  return cookie === null ? {} : { 'set-cookie': cookie };
}
