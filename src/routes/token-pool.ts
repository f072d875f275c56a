import { Elysia } from 'elysia';
import type { CredentialDesks } from '../credentials/credential-desks.ts';
import { InvalidRequestError } from '../errors.ts';
import { adminAuth } from '../http/client-auth.ts';
import { longRunning } from '../http/client-connection.ts';
import { jsonBody } from '../http/json-body.ts';
import { unlessLeft } from '../http/unless-left.ts';
import { TOKEN_POOL_DOCS } from './token-pool-docs.ts';
import {
  HealthCheckRequest,
  HealthCheckResult,
  PoolStatus,
  TokenList,
  UpdateResult,
  UpdateTarget,
} from './token-pool-schema.ts';
import {
  type PoolParts,
  toHealthCheckItem,
  toUpdateItem,
  toUpstreamStatus,
} from './token-pool-view.ts';

export interface TokenPoolRouteOptions {
  adminKey: string;
  maxBodyBytes: number;
  idleTimeoutSeconds: number;
  desks: CredentialDesks;
  /** Of each upstream, in order of preference. */
  pools: readonly PoolParts[];
  /** Setting `CREDENTIAL_CONCURRENCY`; 0 = no limit. */
  maxInFlight: number;
}

/** Asked about four at once, as many take a minute. */
const MAX_TOKENS = 1_000;

/**
 * `GET /v1/token-pool/status`, `POST /v1/token-pool/health-check`, `POST /v1/token-pool/update` (admin
 * key): the account tokens of the web chat, and the keys of the API, as a whole.
 */
export const tokenPoolRoutes = ({ desks, pools, ...options }: TokenPoolRouteOptions) =>
  new Elysia({ name: 'token-pool-routes' })
    .use(adminAuth({ key: options.adminKey }))
    .use(jsonBody({ maxBytes: options.maxBodyBytes, isOptional: true }))
    .use(longRunning({ idleTimeoutSeconds: options.idleTimeoutSeconds }))
    .get(
      '/v1/token-pool/status',
      () => ({
        object: 'token_pool' as const,
        upstreams: pools.map((parts) => toUpstreamStatus(parts, options.maxInFlight)),
      }),
      { response: PoolStatus, detail: TOKEN_POOL_DOCS.status },
    )
    .post(
      '/v1/token-pool/health-check',
      ({ body, connection }) =>
        unlessLeft(connection.signal, async (signal) => {
          const checked = await desks.check(body?.ids ?? null, signal);
          return { object: 'list' as const, data: checked.map(toHealthCheckItem) };
        }),
      {
        body: HealthCheckRequest,
        response: HealthCheckResult,
        detail: TOKEN_POOL_DOCS.healthCheck,
      },
    )
    .post(
      '/v1/token-pool/update',
      ({ body, query, connection }) => {
        const desk = desks.at(query.upstream ?? null);
        const tokens = limited(Array.isArray(body) ? body : body.tokens);
        return unlessLeft(connection.signal, async (signal) => {
          const results = await desk.addAll(tokens, signal);
          const added = results.filter(({ result }) => result === 'added').length;
          return { object: 'list' as const, added, data: results.map(toUpdateItem) };
        });
      },
      {
        body: TokenList,
        query: UpdateTarget,
        response: UpdateResult,
        detail: TOKEN_POOL_DOCS.update,
      },
    );

/** Not in the schema, whose error would not say how many are allowed. */
function limited(tokens: readonly string[]): readonly string[] {
  if (tokens.length <= MAX_TOKENS) return tokens;
  const message = `At most ${MAX_TOKENS} tokens can be added at once, not ${tokens.length}.`;
  throw new InvalidRequestError(message, 'tokens', 'invalid_value');
}
