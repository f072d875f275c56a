import { type OperationDocs, operation } from '../docs/operation.ts';
import { InvalidRequestError } from '../errors.ts';

/** A parameter that is a time. */
export const timeParameter = (name: string, description: string) => ({
  name,
  in: 'query' as const,
  description: `${description} ISO 8601, or Unix milliseconds.`,
  schema: { type: 'string' as const },
});

/** A range that ends before it begins. */
export const RANGE_ERROR = {
  when: 'The range ends before it begins, or is no range of times.',
  error: new InvalidRequestError("'from' must be before 'to'.", 'from'),
};

const PARAMETERS = [
  timeParameter('from', 'Where the range begins. Default: a day before its end.'),
  timeParameter('to', 'Where it ends. Default: now.'),
  {
    name: 'group_by',
    in: 'query',
    description: 'Adds `groups`: the same numbers for each model, upstream, outcome, error or key.',
    schema: { type: 'string', enum: ['model', 'upstream', 'outcome', 'error', 'key'] },
  },
  {
    name: 'interval',
    in: 'query',
    description:
      'Adds `series`: the same numbers for each minute, five minutes, hour or day. `minute` serves ' +
      'ranges of up to 6 hours, `5min` of 24 hours, `hour` of 14 days; `auto` chooses one that makes ' +
      'a good chart.',
    schema: { type: 'string', enum: ['minute', '5min', 'hour', 'day', 'auto'] },
  },
] satisfies OperationDocs['parameters'];

const ERRORS = [
  RANGE_ERROR,
  {
    when: 'The range is too long for the interval.',
    error: new InvalidRequestError(
      "The range is too long for the interval 'minute': at most 6 hours.",
      'interval',
      'invalid_value',
    ),
  },
];

const COUNTED =
  'Counted are chats, at the time when they began. Sums and averages are exact, percentiles ' +
  'within 5 %. Minutes are kept for 2 days, five minutes for 9, hours for 63, days for ' +
  '`STATS_RETENTION`: an older end of a range moves outward to the next of these, and a series ' +
  'has the next coarser interval. Days are those of UTC.';

/** What the reference says of `GET /v1/stats`. */
export const READ_STATS = operation({
  id: 'readStats',
  tag: 'Statistics',
  summary: 'Requests, tokens and times of a range',
  description: COUNTED,
  key: 'admin',
  parameters: PARAMETERS,
  answers: {
    200: { description: 'The sums.', content: { 'application/json': { schema: 'Stats' } } },
  },
  errors: ERRORS,
});

/** What the reference says of `GET /v1/stats.csv`. */
export const EXPORT_STATS = operation({
  id: 'exportStats',
  tag: 'Statistics',
  summary: 'The same as a table',
  description:
    'One line for each point of each group; without an interval and groups, one for all.',
  key: 'admin',
  parameters: PARAMETERS,
  answers: {
    200: {
      description: 'RFC 4180, with a line of names.',
      content: {
        'text/csv': {
          schema: 'CsvTable',
        },
      },
    },
  },
  errors: ERRORS,
});
