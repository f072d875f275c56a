import { BODY_ERRORS, fieldErrors } from '../docs/documented-errors.ts';
import { type OperationDocs, operation } from '../docs/operation.ts';
import { InvalidRequestError } from '../errors.ts';
import { TooManyLogRulesError, UnknownLogRuleError } from '../logging/log-rule-errors.ts';
import type { SchemaName } from './documented-schemas.ts';

const ID = 'rule_3f9a1c0b5d7e';

const answer = (schema: SchemaName, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

const logOperation = (docs: Omit<OperationDocs, 'tag' | 'key'>) =>
  operation({ tag: 'Log', key: 'admin', ...docs });

/** What the reference says of the log's level and its rules, by route. */
export const LOG_DOCS = {
  readLevel: logOperation({
    id: 'readLogLevel',
    summary: 'The level of the log',
    answers: { 200: answer('LogLevel', 'The level.') },
  }),
  changeLevel: logOperation({
    id: 'changeLogLevel',
    summary: 'Change the level of the log, for a while or until the next start',
    body: {
      schema: 'LogLevelChange',
      examples: {
        while: { summary: 'For five minutes', value: { level: 'debug', for: 300 } },
        stay: { summary: 'Until the next start', value: { level: 'warn' } },
      },
    },
    answers: { 200: answer('LogLevel', 'The level as it is now.') },
    errors: [...BODY_ERRORS, ...fieldErrors('for', 'an integer')],
  }),
  listRules: logOperation({
    id: 'listLogRules',
    summary: 'The rules in force, the oldest first',
    answers: { 200: answer('LogRuleList', 'The rules.') },
  }),
  addRule: logOperation({
    id: 'addLogRule',
    summary: 'Log one client, or one request, at debug level for a while',
    description:
      'Chats that it fits are logged as they begin, in numbers, and with all their attempts when ' +
      'they are settled, whatever the level of the log. With both fields, both have to fit.',
    body: {
      schema: 'NewLogRule',
      examples: {
        client: { summary: 'One client', value: { client_key_id: 'key_1a2b3c4d' } },
        request: {
          summary: 'Requests that are sent for it, with what they hold',
          value: { request_id_prefix: 'try-this-', prompts: true, for: 60 },
        },
      },
    },
    answers: { 201: answer('LogRule', 'It is in force.') },
    errors: [
      ...BODY_ERRORS,
      ...fieldErrors('for', 'an integer'),
      {
        when: 'It would fit every request.',
        error: new InvalidRequestError("Send 'client_key_id' or 'request_id_prefix'."),
      },
      { when: 'There are 20 rules.', error: new TooManyLogRulesError(20) },
    ],
  }),
  deleteRule: logOperation({
    id: 'deleteLogRule',
    summary: 'End a rule',
    parameters: [
      {
        name: 'id',
        in: 'path',
        description: 'A rule’s id.',
        schema: { type: 'string' },
        example: ID,
      },
    ],
    answers: { 200: answer('DeletedLogRule', 'It is no more.') },
    errors: [{ when: 'There is no such rule.', error: new UnknownLogRuleError(ID) }],
  }),
};
