import { Elysia } from 'elysia';
import type { TokenDesk } from '../credentials/token-desk.ts';
import { InvalidRequestError } from '../errors.ts';
import { adminAuth } from '../http/client-auth.ts';
import { longRunning } from '../http/client-connection.ts';
import { jsonBody } from '../http/json-body.ts';
import { unlessLeft } from '../http/unless-left.ts';
import {
  HealthCheckRequest,
  HealthCheckResult,
  PoolStatus,
  TokenList,
  UpdateResult,
} from './token-pool-schema.ts';
import {
  type PoolParts,
  toHealthCheckItem,
  toPoolStatus,
  toUpdateItem,
} from './token-pool-view.ts';

export interface TokenPoolRouteOptions extends PoolParts {
  adminKey: string;
  maxBodyBytes: number;
  idleTimeoutSeconds: number;
  desk: TokenDesk;
}

/** Asked about four at once, as many take a minute. */
const MAX_TOKENS = 1_000;

const tags = ['Token pool'];

/**
 * `GET /v1/token-pool/status`, `POST /v1/token-pool/health-check`, `POST /v1/token-pool/update` (admin
 * key): the account tokens of the web chat as a whole.
 */
export const tokenPoolRoutes = (options: TokenPoolRouteOptions) =>
  new Elysia({ name: 'token-pool-routes' })
    .use(adminAuth({ key: options.adminKey }))
    .use(jsonBody({ maxBytes: options.maxBodyBytes, isOptional: true }))
    .use(longRunning({ idleTimeoutSeconds: options.idleTimeoutSeconds }))
    .get('/v1/token-pool/status', () => toPoolStatus(options.desk.list(), options), {
      response: PoolStatus,
      detail: { summary: 'The pool in numbers, and whether a chat could be served now', tags },
    })
    .post(
      '/v1/token-pool/health-check',
      ({ body, connection }) =>
        unlessLeft(connection.signal, async (signal) => {
          const checked = await options.desk.check(body?.ids ?? null, signal);
          return { object: 'list' as const, data: checked.map(toHealthCheckItem) };
        }),
      {
        body: HealthCheckRequest,
        response: HealthCheckResult,
        detail: { summary: 'Ask the service about tokens, and do what it says', tags },
      },
    )
    .post(
      '/v1/token-pool/update',
      ({ body, connection }) => {
        const tokens = limited(Array.isArray(body) ? body : body.tokens);
        return unlessLeft(connection.signal, async (signal) => {
          const admissions = await options.desk.addAll(tokens, signal);
          const added = admissions.filter(({ result }) => result === 'added').length;
          return { object: 'list' as const, added, data: admissions.map(toUpdateItem) };
        });
      },
      {
        body: TokenList,
        response: UpdateResult,
        detail: { summary: 'Add the tokens that are an account’s', tags },
      },
    );

/** Not in the schema, whose error would not say how many are allowed. */
function limited(tokens: readonly string[]): readonly string[] {
  if (tokens.length <= MAX_TOKENS) return tokens;
  const message = `At most ${MAX_TOKENS} tokens can be added at once, not ${tokens.length}.`;
  throw new InvalidRequestError(message, 'tokens', 'invalid_value');
}
