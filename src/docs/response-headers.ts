/** The headers that say something of this gateway, as the reference describes them. */
export const RESPONSE_HEADERS = {
  'x-request-id': {
    description:
      'The request’s own `x-request-id`, if it brought one, else a new one. Logs have it.',
    schema: { type: 'string' },
    example: 'req_0b3cd1a1d5a84d3f8b3f6b7f1a2c9e10',
  },
  'x-upstream': {
    description: 'Who served the request, or failed to: `zai-web` or `zai-api`.',
    schema: { type: 'string', enum: ['zai-web', 'zai-api'] },
    example: 'zai-web',
  },
  'x-attempts': {
    description: 'How many attempts it took. Absent when none was made.',
    schema: { type: 'integer' },
    example: 1,
  },
  'x-dropped-params': {
    description: 'Parameters of the request that were left out since nothing here can honour them.',
    schema: { type: 'string' },
    example: 'logit_bias, seed',
  },
  'retry-after': {
    description: 'Seconds after which a new request may succeed.',
    schema: { type: 'integer' },
    example: 5,
  },
  'www-authenticate': {
    description: 'How a key is sent.',
    schema: { type: 'string' },
    example: 'Bearer',
  },
  allow: {
    description: 'The methods that the path has.',
    schema: { type: 'string' },
    example: 'GET, HEAD, OPTIONS',
  },
} as const;

export type HeaderName = keyof typeof RESPONSE_HEADERS;

/** The headers of one answer. Every answer has `x-request-id`. */
export function headerRefs(names: readonly HeaderName[]): Record<string, { $ref: string }> {
  const all = new Set<HeaderName>(['x-request-id', ...names]);
  return Object.fromEntries(
    [...all].map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  );
}
