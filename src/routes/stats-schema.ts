import { Type } from '@sinclair/typebox';

const numberOrNull = () => Type.Union([Type.Integer(), Type.Null()]);

const times = (description: string) =>
  Type.Object(
    { average: numberOrNull(), p50: numberOrNull(), p95: numberOrNull(), p99: numberOrNull() },
    {
      description: `${description}, in ms; null when no request has it. Percentiles are within 5 %.`,
    },
  );

const totals = {
  requests: Type.Integer(),
  completed: Type.Integer(),
  failed: Type.Integer(),
  cancelled: Type.Integer({ description: 'By clients that left.' }),
  attempts: Type.Integer({ description: 'Of all requests together.' }),
  prompt_tokens: numberOrNull(),
  completion_tokens: numberOrNull(),
  reasoning_tokens: numberOrNull(),
  cached_tokens: numberOrNull(),
  edit_conflicts: Type.Integer({
    description: 'How often an upstream changed text that a client of a stream had already.',
  }),
  first_byte_ms: times('Until the first words'),
  duration_ms: times('In all'),
};

const series = Type.Array(
  Type.Object({ start: Type.String({ description: 'ISO 8601.' }), ...totals }),
  { description: 'Points at which no request began are left out.' },
);

/** The answer of `GET /v1/stats`; `stats/stats-summary` makes it. */
export const StatsObject = Type.Object({
  from: Type.String({
    description: 'ISO 8601. Earlier than asked where nothing finer is kept.',
  }),
  to: Type.String({ description: 'ISO 8601; not part of the range.' }),
  total: Type.Object(totals, { description: 'Token sums are null when no request knew its own.' }),
  by_model: Type.Array(
    Type.Object({
      model: Type.String({ description: '`unknown`: all names that are no model’s.' }),
      ...totals,
    }),
  ),
  by_upstream: Type.Array(
    Type.Object({
      upstream: Type.Union([Type.String(), Type.Null()], {
        description: 'null: it never came to an attempt.',
      }),
      ...totals,
    }),
  ),
  by_outcome: Type.Array(Type.Object({ outcome: Type.String(), ...totals })),
  interval: Type.Optional(Type.String({ description: 'Of the series; with `interval` only.' })),
  interval_ms: Type.Optional(Type.Integer()),
  series: Type.Optional(series),
  group_by: Type.Optional(Type.String({ description: 'With `group_by` only.' })),
  groups: Type.Optional(
    Type.Array(
      Type.Object({
        value: Type.Union([Type.String(), Type.Null()], {
          description: 'What its requests are alike in; null: they have none.',
        }),
        ...totals,
        series: Type.Optional(series),
      }),
    ),
  ),
});
