import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { describeSettings } from '../../src/config/settings-in-force.ts';
import { createLogger } from '../../src/lib/log.ts';
import { createServices, type Services } from '../../src/services.ts';
import { spawnStreamWorker } from '../../src/stream-pool/worker-handle.ts';
import { startTracing } from '../../src/telemetry/tracing.ts';
import type { ImageNetwork } from '../../src/upstream/images/open-image.ts';
import type { ZaiWebSimulator } from './zai-web/simulator.ts';

export const CLIENT_KEY = 'sk-test-client';
export const ADMIN_KEY = 'sk-test-admin';

export interface GatewayOptions {
  /** Settings by their names, over those that point the gateway at the simulator. */
  env?: Record<string, string>;
  /** The longest silence of a client's stream, in ms. */
  keepAliveMs?: number;
  /** Where images are fetched from; by default, the internet. */
  imageNetwork?: ImageNetwork;
}

/** A gateway in this process, on a real port, with a real database. */
export interface TestGateway extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly services: Services;
  /** The threads that carry streams, dead ones too. */
  readonly workers: readonly Worker[];
  /** What was logged, a JSON object each. */
  readonly log: readonly Record<string, unknown>[];
  /** The official client, without retries of its own. */
  readonly openai: OpenAI;
  /** A request with the client key. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

/** Starts a gateway that serves from `simulator`, with an account of it. */
export async function startGateway(
  simulator: ZaiWebSimulator,
  { env = {}, keepAliveMs, imageNetwork }: GatewayOptions = {},
): Promise<TestGateway> {
  const closing = new AsyncDisposableStack();
  const directory = mkdtempSync(join(tmpdir(), 'glm-gateway-'));
  closing.defer(() => rmSync(directory, { recursive: true }));
  const loaded = loadConfig({
    cwd: directory,
    env: {
      PORT: '0',
      HOST: '127.0.0.1',
      API_KEYS: CLIENT_KEY,
      ADMIN_KEY,
      API_ENDPOINT: simulator.completionsUrl,
      ZAI_TOKENS: simulator.addAccount(),
      DATABASE_PATH: join(directory, 'gateway.db'),
      LOG_LEVEL: 'debug',
      WORKERS: '1',
      // Spare guests come by themselves: tests that count calls want none.
      GUEST_POOL_SIZE: '0',
      ...env,
    },
  });
  const { config } = loaded;
  const lines: Record<string, unknown>[] = [];
  const log = createLogger({
    level: config.logLevel,
    format: 'json',
    destination: { write: (line) => void lines.push(JSON.parse(line)) },
  });
  const tracing = await startTracing(loaded.otel, { serviceName: config.serviceName, log });
  const workers: Worker[] = [];
  const spawnWorker = () => {
    const worker = spawnStreamWorker();
    workers.push(worker);
    return worker;
  };
  const services = closing.use(
    createServices({
      config,
      log,
      tracing,
      spawnWorker,
      ...(keepAliveMs && { keepAliveMs }),
      ...(imageNetwork && { imageNetwork }),
    }),
  );
  const keys = { apiKeys: config.apiKeys, adminKey: ADMIN_KEY, created: [], warnings: [] };
  const app = createApp({ config, keys, log, services, settings: describeSettings(loaded) });
  app.listen({ port: config.port, hostname: config.host });
  closing.defer(() => app.server?.stop(true));
  const origin = `http://127.0.0.1:${app.server?.port}`;
  return {
    origin,
    services,
    workers,
    log: lines,
    openai: new OpenAI({ apiKey: CLIENT_KEY, baseURL: `${origin}/v1`, maxRetries: 0 }),
    fetch: (path, init = {}) => {
      const headers = new Headers(init.headers);
      if (!headers.has('authorization')) headers.set('authorization', `Bearer ${CLIENT_KEY}`);
      return fetch(origin + path, { ...init, headers });
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
