import { type OperationDocs, operation } from '../docs/operation.ts';
import { InvalidRequestError } from '../errors.ts';
import { UnknownRequestError } from '../stats/unknown-request-error.ts';
import { RANGE_ERROR, timeParameter } from './stats-docs.ts';

const ID = 'req_4f0c8a2e9b7d4c51a6e3f2d10b98c765';

const FILTERS = [
  timeParameter('from', 'Only those that began then or later.'),
  timeParameter('to', 'Only those that began before.'),
  {
    name: 'status',
    in: 'query',
    description: 'An HTTP status, or a class of them.',
    schema: { type: 'string' },
    example: '5xx',
  },
  {
    name: 'model',
    in: 'query',
    description: 'As it stands in the request’s record.',
    schema: { type: 'string' },
  },
  {
    name: 'key',
    in: 'query',
    description: 'The id of a client key, as it stands in `client_key_id`.',
    schema: { type: 'string' },
  },
  { name: 'upstream', in: 'query', description: 'An upstream.', schema: { type: 'string' } },
  {
    name: 'outcome',
    in: 'query',
    description: 'How they were settled.',
    schema: { type: 'string', enum: ['completed', 'failed', 'cancelled'] },
  },
] satisfies OperationDocs['parameters'];

const ERRORS = [
  RANGE_ERROR,
  {
    when: 'A parameter has a value that is not allowed.',
    error: new InvalidRequestError(
      "'limit' must be a whole number from 1 to 1000.",
      'limit',
      'invalid_value',
    ),
  },
];

/** What the reference says of `GET /v1/requests`. */
export const LIST_REQUESTS = operation({
  id: 'listRequests',
  tag: 'Statistics',
  summary: 'The last requests, page by page',
  description:
    'Settled chats, the newest first, for `REQUEST_LOG_RETENTION`. A page of a rare kind may have ' +
    'fewer than `limit`, or none, while `has_more` is true: it looks at 50,000 requests at most.',
  key: 'admin',
  parameters: [
    ...FILTERS,
    {
      name: 'limit',
      in: 'query',
      description: 'From 1 to 1000. Default: 100.',
      schema: { type: 'string' },
    },
    {
      name: 'before',
      in: 'query',
      description: '`next_before` of the page before.',
      schema: { type: 'string' },
    },
  ],
  answers: {
    200: {
      description: 'A page.',
      content: { 'application/json': { schema: 'RequestList' } },
    },
  },
  errors: ERRORS,
});

/** What the reference says of `GET /v1/requests.csv`. */
export const EXPORT_REQUESTS = operation({
  id: 'exportRequests',
  tag: 'Statistics',
  summary: 'All requests as a table',
  description: 'As many as are kept, streamed.',
  key: 'admin',
  parameters: FILTERS,
  answers: {
    200: {
      description: 'RFC 4180, with a line of names.',
      content: { 'text/csv': { schema: 'CsvTable' } },
    },
  },
  errors: ERRORS,
});

/** What the reference says of `GET /v1/requests/:id`. */
export const FIND_REQUEST = operation({
  id: 'retrieveRequest',
  tag: 'Statistics',
  summary: 'One request, with its attempts, their failures and clocks',
  key: 'admin',
  parameters: [
    {
      name: 'id',
      in: 'path',
      description: 'Its `x-request-id`.',
      schema: { type: 'string' },
      example: ID,
    },
  ],
  answers: {
    200: {
      description: 'All requests with this id.',
      content: { 'application/json': { schema: 'ToldRequestList' } },
    },
  },
  errors: [{ when: 'No settled request has this id.', error: new UnknownRequestError(ID) }],
});
