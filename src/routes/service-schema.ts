import { Type } from '@sinclair/typebox';

/** The answer of `GET /`. */
export const ServiceObject = Type.Object({
  name: Type.String(),
  version: Type.String(),
  links: Type.Record(Type.String(), Type.String(), { description: 'Paths, by what is there.' }),
});

/** The answer of `GET /health`. */
export const HealthObject = Type.Object({ status: Type.Literal('ok') });

/** The answer of `GET /ready`. */
export const ReadinessObject = Type.Object({
  status: Type.Union([Type.Literal('ready'), Type.Literal('not ready')]),
  checks: Type.Object({
    worker: Type.Boolean({ description: 'A thread can carry a stream.' }),
    upstream: Type.Boolean({ description: 'An upstream serves.' }),
    accepting: Type.Boolean({ description: 'The gateway is not shutting down.' }),
  }),
  upstreams: Type.Record(
    Type.String(),
    Type.Object({
      ready: Type.Boolean(),
      code: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      message: Type.Optional(Type.String({ description: 'Why it does not serve now.' })),
      retry_after: Type.Optional(
        Type.Union([Type.Integer(), Type.Null()], { description: 'Seconds; null = not known.' }),
      ),
    }),
    { description: 'By name.' },
  ),
});
