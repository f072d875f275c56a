import { expect } from 'bun:test';
import { Elysia } from 'elysia';
import { CredentialDesks } from '../../src/credentials/credential-desks.ts';
import type { CredentialVerdict } from '../../src/credentials/validate-credential.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { errorResponses } from '../../src/http/error-responses.ts';
import { tokenPoolRoutes } from '../../src/routes/token-pool.ts';
import { tokenRoutes } from '../../src/routes/tokens.ts';
import type { UpstreamId } from '../../src/upstream-id.ts';
import { startRegistry } from '../credentials/start-registry.ts';
import { recordLog } from '../http/recorded-log.ts';

type Json = ReturnType<typeof JSON.parse>;

/** The routes, and what is behind them for each upstream, even for one that is off. */
export interface TokenPoolStage extends Record<UpstreamId, ReturnType<typeof startRegistry>> {
  /** One call with the admin key, or another; the answer is its status and its body. */
  ask(method: string, path: string, body?: unknown, key?: string): Promise<[number, Json]>;
}

interface TokenPoolOptions {
  /** Those that are on, in order of preference. */
  upstreams: readonly UpstreamId[];
  /** What chat.z.ai says, by user; those that are not named are good. */
  verdicts?: Record<string, CredentialVerdict | Promise<CredentialVerdict>> | undefined;
}

/** Runs a test on the routes over a database of their own. */
export async function withTokenPool(
  { upstreams, verdicts = {} }: TokenPoolOptions,
  run: (stage: TokenPoolStage) => Promise<void>,
): Promise<void> {
  using database = openDatabase(':memory:');
  using web = startRegistry(database, { verdicts });
  using api = startRegistry(database, { upstream: 'zai-api', check: null });
  const stages = { 'zai-web': web, 'zai-api': api };
  const pools = upstreams.map((id) => ({ ...stages[id], guests: null }));
  const options = {
    adminKey: 'adm',
    maxBodyBytes: 1_000_000,
    idleTimeoutSeconds: 30,
    desks: new CredentialDesks(pools.map(({ desk }) => desk)),
    pools,
    maxInFlight: 0,
  };
  const app = new Elysia({ normalize: false })
    .use(errorResponses({ log: recordLog().log, routes: () => [] }))
    .use(tokenPoolRoutes(options))
    .use(tokenRoutes(options));
  const ask: TokenPoolStage['ask'] = async (method, path, body, key = 'adm') => {
    const request = new Request(`http://gateway/v1/token-pool/${path}`, {
      method,
      headers: { authorization: `Bearer ${key}` },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const response = await app.handle(request);
    return [response.status, await response.json()];
  };
  await run({ ...stages, ask });
}

/** Any time, as the API writes it. */
export const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

/** Any token's id. */
export const TOKEN_ID = expect.stringMatching(/^[\da-f]{12}$/);

/** A token as the API shows it when it was just added, but for `fields`. */
export const token = (fields: object) => ({
  id: TOKEN_ID,
  object: 'token',
  upstream: 'zai-web',
  kind: 'account',
  hash_end: expect.stringMatching(/^[\da-f]{4}$/),
  sources: ['api'],
  disabled: false,
  health: 'healthy',
  until: null,
  reason: null,
  models: [],
  in_flight: 0,
  counts: { completed: 0, failed: 0, cancelled: 0 },
  added_at: ISO,
  checked_at: ISO,
  last_used_at: null,
  ...fields,
});

/** An error's status and body. */
export const error = (
  status: number,
  code: string | null,
  message: unknown,
  param: string | null = null,
): [number, unknown] => [
  status,
  {
    error: {
      message,
      type: status >= 500 ? 'server_error' : 'invalid_request_error',
      param,
      code,
    },
  },
];
