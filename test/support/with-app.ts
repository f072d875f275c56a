import type { AnyElysia } from 'elysia';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { describeSettings } from '../../src/config/settings-in-force.ts';
import { createServices } from '../../src/services.ts';
import { recordLog } from '../http/recorded-log.ts';
import { ADMIN_KEY, CLIENT_KEY } from './start-gateway.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The whole front, without a socket and with nobody behind it. */
export interface OpenApp {
  app: AnyElysia;
  /** A request without a key. */
  ask(path: string, init?: RequestInit): Promise<Response>;
}

/** Runs a test with an app of its own. `env` has settings by their names. */
export async function withApp(
  env: Record<string, string>,
  run: (opened: OpenApp) => Promise<void>,
): Promise<void> {
  using folder = temporaryFolder();
  const loaded = loadConfig({
    cwd: folder.path,
    env: {
      API_KEYS: CLIENT_KEY,
      ADMIN_KEY,
      WORKERS: '0',
      ANONYMOUS_MODE: 'false',
      DATABASE_PATH: `${folder.path}/gateway.db`,
      ...env,
    },
  });
  const { config } = loaded;
  const { log } = recordLog();
  await using services = createServices({ config, log });
  const keys = { apiKeys: config.apiKeys, adminKey: ADMIN_KEY, created: [], warnings: [] };
  const app = createApp({ config, keys, log, services, settings: describeSettings(loaded) });
  const ask: OpenApp['ask'] = (path, init) =>
    app.handle(new Request(`http://gateway${path}`, init));
  await run({ app, ask });
}
