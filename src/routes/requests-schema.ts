import { Type } from '@sinclair/typebox';

const orNull = <Kind extends 'string' | 'integer'>(kind: Kind, description?: string) =>
  Type.Union([kind === 'string' ? Type.String() : Type.Integer(), Type.Null()], {
    ...(description !== undefined && { description }),
  });

const request = {
  object: Type.Literal('request'),
  id: Type.String({ description: 'Its `x-request-id`. A client may send one twice.' }),
  row_id: Type.Integer({ description: 'Tells requests with one id apart.' }),
  started_at: Type.String({ description: 'ISO 8601.' }),
  method: Type.String(),
  path: Type.String(),
  client_key_id: orNull('string', 'Whose it was; null where no key is asked for.'),
  model: Type.String({ description: 'As the client wrote it when no model has that name.' }),
  upstream: orNull('string', 'The one that served, or was the last to be tried.'),
  stream: Type.Boolean(),
  status: Type.Integer({ description: 'HTTP status.' }),
  outcome: Type.String({ description: '`completed`, `failed` or `cancelled`.' }),
  error_code: orNull('string', '`code` of the error.'),
  attempts: Type.Integer(),
  failures: Type.Array(Type.String(), {
    description: 'What failed before it was served or given up, in order: `zai-web:rate-limited`.',
  }),
  queue_ms: orNull('integer', 'Until there was room for it; null: it never came to run.'),
  prompt_tokens: orNull('integer'),
  completion_tokens: orNull('integer'),
  reasoning_tokens: orNull('integer'),
  cached_tokens: orNull('integer'),
  first_byte_ms: orNull('integer', 'Until the first words.'),
  duration_ms: Type.Integer(),
  client_address: orNull('string'),
  user_agent: orNull('string'),
  edit_conflicts: Type.Integer(),
};

const attempt = Type.Object({
  number: orNull('integer', 'null: the upstream lent no credential for an attempt.'),
  upstream: Type.String(),
  credential_id: orNull('string'),
  state: Type.String({ description: '`completed`, `cancelled`, `failed` or `refused`.' }),
  lease_ms: Type.Integer({ description: 'How long it waited for its credential.' }),
  started_at_ms: Type.Integer({
    description: 'When it had it. All `…_at_ms`: since the request came.',
  }),
  prepared_at_ms: orNull('integer', 'When its images were uploaded and it could be sent.'),
  first_byte_at_ms: orNull('integer', 'When its first words came.'),
  ended_at_ms: Type.Integer(),
  failure: Type.Union([
    Type.Object({
      kind: Type.String(),
      message: Type.String(),
      status: orNull('integer', 'HTTP status of the upstream.'),
      upstream_code: orNull('string'),
    }),
    Type.Null(),
  ]),
});

/** One settled request. */
export const RequestObject = Type.Object(request);

/** One settled request with how it came about. */
export const ToldRequestObject = Type.Object({
  ...request,
  story: Type.Union(
    [
      Type.Object({
        attempts: Type.Array(attempt, { description: 'In the order in which they began.' }),
        omitted: Type.Integer({ description: 'How many more there were.' }),
      }),
      Type.Null(),
    ],
    { description: 'null for requests of a release that did not keep it.' },
  ),
});

/** The answer of `GET /v1/requests`. */
export const RequestList = Type.Object({
  object: Type.Literal('list'),
  data: Type.Array(RequestObject, { description: 'The newest first.' }),
  has_more: Type.Boolean(),
  next_before: Type.Union([Type.String(), Type.Null()], {
    description: '`before` of the next page; null on the last one.',
  }),
});

/** The answer of `GET /v1/requests/:id`. */
export const ToldRequestList = Type.Object({
  object: Type.Literal('list'),
  data: Type.Array(ToldRequestObject, { description: 'Most often one. The newest first.' }),
});
