import { operation } from '../docs/operation.ts';
import { InvalidRequestError } from '../errors.ts';

const time = (name: string, description: string) => ({
  name,
  in: 'query' as const,
  description: `${description} ISO 8601, or Unix milliseconds.`,
  schema: { type: 'string' as const },
});

/** What the reference says of `GET /v1/stats`. */
export const READ_STATS = operation({
  id: 'readStats',
  tag: 'Statistics',
  summary: 'Requests, tokens and times of a range',
  description: 'Chats that began in the range, in all and by model, upstream and outcome.',
  key: 'admin',
  parameters: [
    time('from', 'Where the range begins. Default: a day before its end.'),
    time('to', 'Where it ends. Default: now.'),
  ],
  answers: {
    200: { description: 'The sums.', content: { 'application/json': { schema: 'Stats' } } },
  },
  errors: [
    {
      when: 'The range ends before it begins, or is no range of times.',
      error: new InvalidRequestError("'from' must be before 'to'.", 'from'),
    },
  ],
});
