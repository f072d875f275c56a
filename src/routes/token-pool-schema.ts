import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { UPSTREAM_IDS } from '../upstream-id.ts';

const orNull = <Schema extends TSchema>(schema: Schema, description: string) =>
  Type.Union([schema, Type.Null()], { description });
const time = (description: string) => orNull(Type.String(), `${description}; ISO 8601.`);
const count = (description?: string) => Type.Integer(description ? { description } : {});

const HEALTH_STATES = ['healthy', 'cooling', 'probing', 'out'] as const;
const TOKEN_STATES = ['checking', ...HEALTH_STATES] as const;
const oneOf = <Text extends string>(texts: readonly Text[], description: string) =>
  Type.Unsafe<Text>(
    Type.Union(
      texts.map((text) => Type.Literal(text)),
      { description },
    ),
  );

const healthFields = {
  until: time('When the next request may try it, while it cools down'),
  reason: orNull(Type.String(), 'The failure that is the cause.'),
};

const upstream = (description: string) => oneOf(UPSTREAM_IDS, description);
const UPSTREAM_DEFAULT = 'Default: `zai-web` when it is on, else `zai-api`.';

/** The query of `GET /v1/token-pool/tokens`. */
export const TokenFilter = Type.Object({
  upstream: Type.Optional(upstream('Whose tokens. Default: all.')),
});

/** The query of `POST /v1/token-pool/update`. */
export const UpdateTarget = Type.Object({
  upstream: Type.Optional(upstream(UPSTREAM_DEFAULT)),
});

/** The request of `POST /v1/token-pool/tokens`. */
export const NewToken = Type.Object(
  {
    token: Type.String({
      description:
        'A chat.z.ai token, or for `zai-api` an API key; `Bearer ` before it does no harm.',
    }),
    upstream: Type.Optional(upstream(UPSTREAM_DEFAULT)),
  },
  { additionalProperties: true },
);

const tokenList = Type.Array(Type.String(), { description: 'Tokens or keys, at most 1,000.' });

/** The request of `POST /v1/token-pool/update`. */
export const TokenList = Type.Union([
  tokenList,
  Type.Object({ tokens: tokenList }, { additionalProperties: true }),
]);

/** The request of `POST /v1/token-pool/health-check`. */
export const HealthCheckRequest = Type.Union([
  Type.Object(
    {
      ids: Type.Optional(
        orNull(Type.Array(Type.String()), 'Which tokens to check; all when left out.'),
      ),
    },
    { additionalProperties: true },
  ),
  Type.Null(),
  Type.Undefined(),
]);

/** The request of `PATCH /v1/token-pool/tokens/:id`. */
export const TokenChange = Type.Object(
  {
    disabled: Type.Optional(
      Type.Boolean({ description: 'A disabled token stays in the pool, and is not used.' }),
    ),
    health: Type.Optional(
      Type.Literal('healthy', { description: 'Forgets what the token failed at.' }),
    ),
  },
  { additionalProperties: true },
);

/** A token without its value. */
export const TokenObject = Type.Object({
  id: Type.String({ description: 'Short hash of the value, the same everywhere.' }),
  object: Type.Literal('token'),
  upstream: upstream('What it is for.'),
  kind: oneOf(['account', 'api-key'], 'A token of a chat.z.ai account, or a key of the API.'),
  hash_end: Type.String({ description: 'Last 4 hex digits of the SHA-256 of the value.' }),
  user_id: orNull(Type.String(), 'The user the service knows it as; null for API keys.'),
  sources: Type.Array(oneOf(['setting', 'file', 'api'], 'Where it comes from.')),
  disabled: Type.Boolean({ description: 'By hand.' }),
  health: oneOf(TOKEN_STATES, '`checking`: not used before the service has been asked about it.'),
  ...healthFields,
  models: Type.Array(
    Type.Object({
      model: Type.String({ description: "The upstream's own id of the model." }),
      health: oneOf(HEALTH_STATES, 'Its health with this model.'),
      ...healthFields,
    }),
    { description: 'The models with which it is not as healthy as it is in all.' },
  ),
  in_flight: count('Requests it carries now, in this process.'),
  counts: Type.Object(
    { completed: count(), failed: count(), cancelled: count() },
    { description: 'Of all processes that share the database.' },
  ),
  added_at: time('When it was first remembered'),
  checked_at: time('When the service last said whether it is good'),
  last_used_at: time('When a request last got it'),
});

/** The answer of `GET /v1/token-pool/tokens`. */
export const TokenObjectList = Type.Object({
  object: Type.Literal('list'),
  data: Type.Array(TokenObject),
});

/** The answer of `POST /v1/token-pool/update`: one result for each token, in order. */
export const UpdateResult = Type.Object({
  object: Type.Literal('list'),
  added: count(),
  data: Type.Array(
    Type.Object({
      result: oneOf(
        ['added', 'already_there', 'refused', 'not_checked'],
        '`not_checked`: the service could not be asked, and the token was not added.',
      ),
      id: orNull(Type.String(), 'Of a token that is in the pool now.'),
      reason: orNull(Type.String(), 'Why it is not.'),
    }),
  ),
});

/** The answer of `POST /v1/token-pool/health-check`. */
export const HealthCheckResult = Type.Object({
  object: Type.Literal('list'),
  data: Type.Array(
    Type.Object({
      id: Type.String(),
      result: oneOf(
        ['alive', 'dead', 'unknown'],
        '`alive` makes it healthy, `dead` takes it out, `unknown` changes nothing. API keys are always `unknown`: nothing can be asked about them for free.',
      ),
      reason: orNull(Type.String(), 'Why it is not alive.'),
    }),
  ),
});

/** The answer of `DELETE /v1/token-pool/tokens/:id`. */
export const DeletedToken = Type.Object({
  id: Type.String(),
  object: Type.Literal('token'),
  deleted: Type.Literal(true),
});

const UpstreamStatus = Type.Object({
  upstream: upstream('Which one this is.'),
  ready: Type.Boolean({ description: 'Whether a chat sent now could be served.' }),
  reason: orNull(Type.String(), 'Why it could not.'),
  tokens: Type.Object(
    {
      total: count(),
      healthy: count(),
      cooling: count(),
      probing: count(),
      out: count(),
      checking: count(),
      disabled: count('Not among the others.'),
    },
    { description: 'How many there are, by state.' },
  ),
  in_flight: count('Requests that tokens and guests carry now, in this process.'),
  max_in_flight_per_token: orNull(Type.Integer(), 'null = no limit.'),
  brake: Type.Object(
    {
      state: oneOf(['closed', 'open', 'half-open'], '`open`: the upstream is left alone.'),
      ...healthFields,
    },
    { description: 'For failures that are no token’s fault.' },
  ),
  guests: orNull(
    Type.Object({
      total: count(),
      spare: count('Ready for a new conversation.'),
      in_flight: count(),
    }),
    'null when guests are not allowed, or not known there.',
  ),
});

/** The answer of `GET /v1/token-pool/status`. */
export const PoolStatus = Type.Object({
  object: Type.Literal('token_pool'),
  upstreams: Type.Array(UpstreamStatus, { description: 'In order of preference.' }),
});

export type TokenObject = Static<typeof TokenObject>;
export type UpstreamStatus = Static<typeof UpstreamStatus>;
