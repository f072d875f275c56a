import { type Static, Type } from '@sinclair/typebox';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const DAY_SECONDS = 86_400;

const Level = Type.Union(LEVELS.map((level) => Type.Literal(level)));

const duration = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: DAY_SECONDS, description }));

/** The log's level, as the API shows it. */
export const LogLevelObject = Type.Object({
  object: Type.Literal('log_level'),
  level: Type.String({ description: 'The least important line that is logged.' }),
  configured: Type.String({ description: 'What the setting `LOG_LEVEL` says.' }),
  until: Type.Union([Type.String(), Type.Null()], {
    description: 'When the configured one counts again; null = at the next start.',
  }),
});
export type LogLevelObject = Static<typeof LogLevelObject>;

/** The body of `PUT /v1/log-level`. */
export const LogLevelChange = Type.Object(
  {
    level: Level,
    for: duration('Seconds, up to a day. Left out, it stays until the next start.'),
  },
  { additionalProperties: true },
);

const rule = {
  client_key_id: Type.Union([Type.String(), Type.Null()], {
    description: 'Requests with this client key; records of requests tell its id.',
  }),
  request_id_prefix: Type.Union([Type.String(), Type.Null()], {
    description: 'Requests whose id begins so: a client can send `x-request-id`.',
  }),
  prompts: Type.Boolean({ description: 'Whether what the client sent is logged, too.' }),
};

/** A rule, as the API shows it. */
export const LogRuleObject = Type.Object({
  id: Type.String(),
  object: Type.Literal('log_rule'),
  ...rule,
  until: Type.String({ description: 'When it ends.' }),
});
export type LogRuleObject = Static<typeof LogRuleObject>;

/** The rules in force. */
export const LogRuleList = Type.Object({
  object: Type.Literal('list'),
  data: Type.Array(LogRuleObject),
});

/** The body of `POST /v1/log-rules`. */
export const NewLogRule = Type.Object(
  {
    client_key_id: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    request_id_prefix: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
    prompts: Type.Optional(Type.Boolean()),
    for: duration('Seconds, up to a day. 600 when left out.'),
  },
  { additionalProperties: true },
);

/** The answer of `DELETE /v1/log-rules/:id`. */
export const DeletedLogRule = Type.Object({
  id: Type.String(),
  object: Type.Literal('log_rule'),
  deleted: Type.Literal(true),
});
