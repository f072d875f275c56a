import {
  CredentialExistsError,
  CredentialNotCheckedError,
  CredentialRefusedError,
  KeylessServerError,
  PoolNotSavedError,
  UnknownCredentialError,
  UpstreamOffError,
} from '../credentials/credential-errors.ts';
import { BODY_ERRORS, fieldErrors } from '../docs/documented-errors.ts';
import { type OperationDocs, operation } from '../docs/operation.ts';
import { InvalidRequestError } from '../errors.ts';
import { upstreamFailure } from '../upstream-failure.ts';
import type { SchemaName } from './documented-schemas.ts';

const ID = '3f9a1c0b5d7e';

const UNKNOWN = { when: 'There is no token of this id.', error: new UnknownCredentialError(ID) };
const EXISTS = { when: 'The token is in the pool already.', error: new CredentialExistsError(ID) };
const REFUSED = {
  when: 'It can’t be one, or the service says that it is no account’s.',
  error: new CredentialRefusedError('chat.z.ai says it is a guest’s.'),
};
const NOT_CHECKED = {
  when: 'The service could not be asked about the token.',
  error: new CredentialNotCheckedError(
    upstreamFailure('unreachable', 'chat.z.ai cannot be reached.'),
  ),
};
const UPSTREAM_OFF = {
  when: 'The gateway does not serve from the upstream.',
  error: new UpstreamOffError('zai-api'),
};
const KEYLESS = {
  when: 'It stands for a server that is asked without a key.',
  error: new KeylessServerError(),
};
const NOT_SAVED = {
  when: 'The database did not take the change. Nothing was changed.',
  error: new PoolNotSavedError(new Error('database is locked')),
};

const ID_PARAMETER = {
  name: 'id',
  in: 'path',
  description: 'A token’s id, as the list has it.',
  schema: { type: 'string' },
  example: ID,
} as const;

const UPSTREAMS = ['zai-web', 'zai-api'];
const upstreamParameter = (description: string) =>
  ({
    name: 'upstream',
    in: 'query',
    description,
    schema: { type: 'string', enum: UPSTREAMS },
  }) as const;
const UPSTREAM_ERRORS = [
  {
    when: '`upstream` is none that there is.',
    error: new InvalidRequestError(
      "'upstream' must be 'zai-web' or 'zai-api'.",
      'upstream',
      'invalid_value',
    ),
  },
  UPSTREAM_OFF,
];

const answer = (schema: SchemaName, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

const poolOperation = (docs: Omit<OperationDocs, 'tag' | 'key'>) =>
  operation({ ...docs, tag: 'Token pool', key: 'admin' });

/** What the reference says of the token pool as a whole, by route. */
export const TOKEN_POOL_DOCS = {
  status: poolOperation({
    id: 'readTokenPoolStatus',
    summary: 'Each upstream’s pool in numbers, and whether it could serve a chat now',
    answers: { 200: answer('PoolStatus', 'The numbers.') },
  }),
  healthCheck: poolOperation({
    id: 'checkTokens',
    summary: 'Ask the service about tokens, and do what it says',
    description: 'Four are asked about at once. Nothing can be asked about API keys for free.',
    body: {
      schema: 'HealthCheckRequest',
      description: 'Without a body, all tokens are checked.',
      isOptional: true,
      examples: {
        all: { summary: 'All tokens', value: {} },
        some: { summary: 'Some of them', value: { ids: [ID] } },
      },
    },
    answers: { 200: answer('HealthCheckResult', 'What the service said of each.') },
    errors: [...BODY_ERRORS, ...fieldErrors('ids', 'a list'), UNKNOWN, NOT_SAVED],
  }),
  update: poolOperation({
    id: 'addTokens',
    summary: 'Add the tokens that are an account’s, or API keys',
    description: 'At most 1,000 at once. One that is refused keeps no other out.',
    parameters: [upstreamParameter('What they are for. Default: `zai-web` when it is on.')],
    body: {
      schema: 'NewTokens',
      examples: {
        list: { summary: 'A list', value: ['eyJhbGciOi…', 'eyJhbGciOi…'] },
        object: { summary: 'The same in an object', value: { tokens: ['eyJhbGciOi…'] } },
      },
    },
    answers: { 200: answer('UpdateResult', 'What became of each, in order.') },
    errors: [...BODY_ERRORS, ...fieldErrors('tokens', 'a list'), ...UPSTREAM_ERRORS, NOT_SAVED],
  }),
};

/** What the reference says of tokens and keys one by one, by route. */
export const TOKEN_DOCS = {
  list: poolOperation({
    id: 'listTokens',
    summary: 'All tokens and keys',
    parameters: [upstreamParameter('Whose. Default: all.')],
    answers: { 200: answer('TokenList', 'The tokens, without their values.') },
    errors: UPSTREAM_ERRORS,
  }),
  add: poolOperation({
    id: 'addToken',
    summary: 'Add a token, if the service says that it is an account’s, or an API key',
    description: 'API keys are taken unchecked: nothing can be asked about them for free.',
    body: {
      schema: 'NewToken',
      examples: {
        token: { summary: 'A token', value: { token: 'eyJhbGciOi…' } },
        key: { summary: 'An API key', value: { token: '0123abcd.…', upstream: 'zai-api' } },
      },
    },
    answers: { 201: answer('Token', 'It was added.') },
    errors: [
      ...BODY_ERRORS,
      ...fieldErrors('token', 'a string'),
      ...UPSTREAM_ERRORS,
      EXISTS,
      REFUSED,
      NOT_CHECKED,
      NOT_SAVED,
    ],
  }),
  find: poolOperation({
    id: 'retrieveToken',
    summary: 'One token',
    parameters: [ID_PARAMETER],
    answers: { 200: answer('Token', 'The token.') },
    errors: [UNKNOWN],
  }),
  change: poolOperation({
    id: 'changeToken',
    summary: 'Disable or enable a token, or forget its failures',
    parameters: [ID_PARAMETER],
    body: {
      schema: 'TokenChange',
      examples: {
        disable: { summary: 'Use it no more', value: { disabled: true } },
        heal: {
          summary: 'Enable it, and forget its failures',
          value: { disabled: false, health: 'healthy' },
        },
      },
    },
    answers: { 200: answer('Token', 'The token as it is now.') },
    errors: [...BODY_ERRORS, ...fieldErrors('disabled', 'true or false'), UNKNOWN, NOT_SAVED],
  }),
  delete: poolOperation({
    id: 'deleteToken',
    summary: 'Delete a token; no setting and no file brings it back',
    parameters: [ID_PARAMETER],
    answers: { 200: answer('DeletedToken', 'It is gone.') },
    errors: [UNKNOWN, KEYLESS, NOT_SAVED],
  }),
};
