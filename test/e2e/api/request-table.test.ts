import { describe, expect, test } from 'bun:test';
import { postChat } from '../../support/post-chat.ts';
import { withApiGateway } from '../../support/with-api-gateway.ts';
import { plainAnswer } from '../../support/zai-api/scenarios/answers.ts';

const user = { role: 'user', content: 'hello' };
const ADD = { name: 'add', description: 'Adds.', parameters: { type: 'object', properties: {} } };
const ADD_TOOL = { type: 'function', function: ADD };
const CALL = { id: 'call_-7807255211226955507', type: 'function' };

interface Row {
  /** What the client sends beside a plain chat. */
  asked: Record<string, unknown>;
  /** What the API gets beside `model`, `messages` and `stream`. */
  sent?: Record<string, unknown>;
  /** The messages that it gets. Default: as the client sent them. */
  messages?: readonly unknown[];
  dropped?: string;
}

/** JSON, so that it does whatever the client asks for. */
const ANSWER = plainAnswer('{"a":1}');

const OFF = { thinking: { type: 'disabled' } };
const ON = { thinking: { type: 'enabled' } };

const ROWS: Record<string, Row> = {
  'a plain chat': { asked: {} },
  max_completion_tokens: { asked: { max_completion_tokens: 9 }, sent: { max_tokens: 9 } },
  max_tokens: { asked: { max_tokens: 9 }, sent: { max_tokens: 9 } },
  'a temperature and a top_p': {
    asked: { temperature: 0.5, top_p: 0.9 },
    sent: { temperature: 0.5, top_p: 0.9 },
  },
  'a temperature beyond the range': { asked: { temperature: 1.7 }, sent: { temperature: 1 } },
  'a temperature of 0': { asked: { temperature: 0 }, sent: { do_sample: false } },
  'a top_p of 0': { asked: { top_p: 0 }, sent: { top_p: 0.01 } },
  'one stop sequence': { asked: { stop: 'END' }, sent: { stop: ['END'] } },
  'several stop sequences': { asked: { stop: ['END', 'FIN'] }, sent: { stop: ['END'] } },
  'a message of the developer': {
    asked: { messages: [{ role: 'developer', content: 'Be kind.' }, user] },
    messages: [{ role: 'system', content: 'Be kind.' }, user],
  },
  'the name of a speaker': {
    asked: { messages: [{ ...user, name: 'ann' }] },
    messages: [user],
    dropped: 'messages.name',
  },
  'parameters that it does not know': {
    asked: {
      seed: 1,
      frequency_penalty: 1,
      presence_penalty: 1,
      logprobs: true,
      logit_bias: { 1: 1 },
    },
    dropped: 'frequency_penalty, logit_bias, logprobs, presence_penalty, seed',
  },
  'a user with a name of 6 to 128 characters': {
    asked: { user: 'user-42' },
    sent: { user_id: 'user-42' },
  },
  'a user with a shorter name': { asked: { user: 'ann' }, dropped: 'user' },
  'a tool': {
    asked: { tools: [ADD_TOOL] },
    sent: { tools: [ADD_TOOL], tool_choice: 'auto', tool_stream: true },
  },
  'a tool of strict arguments': {
    asked: { tools: [{ type: 'function', function: { ...ADD, strict: true } }] },
    sent: { tools: [ADD_TOOL], tool_choice: 'auto', tool_stream: true },
    dropped: 'tools.function.strict',
  },
  'a choice of no tool': { asked: { tools: [ADD_TOOL], tool_choice: 'none' } },
  'calls without text, and their results': {
    asked: {
      messages: [
        user,
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ ...CALL, function: { name: 'add', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: CALL.id, content: '3' },
      ],
    },
    messages: [
      user,
      { role: 'assistant', tool_calls: [{ ...CALL, function: { name: 'add', arguments: '{}' } }] },
      { role: 'tool', tool_call_id: CALL.id, content: '3' },
    ],
  },
  'reasoning of an earlier turn': {
    asked: {
      messages: [
        user,
        { role: 'assistant', content: 'Hi.', reasoning_content: 'A greeting.' },
        user,
      ],
    },
    sent: { thinking: { type: 'disabled', clear_thinking: false } },
  },
  'reasoning of an earlier turn, in the other spelling': {
    asked: { messages: [user, { role: 'assistant', content: 'Hi.', reasoning: 'Hm.' }, user] },
    sent: { thinking: { type: 'disabled', clear_thinking: false } },
    messages: [user, { role: 'assistant', content: 'Hi.', reasoning_content: 'Hm.' }, user],
  },
  'reasoning that is to be forgotten': {
    asked: {
      thinking: { type: 'enabled', clear_thinking: true },
      messages: [user, { role: 'assistant', content: 'Hi.', reasoning_content: 'Hm.' }, user],
    },
    sent: { thinking: { type: 'enabled', clear_thinking: true } },
  },
  enable_thinking: { asked: { enable_thinking: true }, sent: ON },
  'reasoning_effort: high': { asked: { reasoning_effort: 'high' }, sent: ON },
  'reasoning_effort: none': { asked: { model: 'GLM-5', reasoning_effort: 'none' }, sent: OFF },
  'a -thinking model': { asked: { model: 'glm-4.6-thinking' }, sent: ON },
  'a model that thinks by itself': { asked: { model: 'GLM-5' }, sent: ON },
  json_object: {
    asked: { response_format: { type: 'json_object' } },
    sent: { response_format: { type: 'json_object' } },
  },
  'the choice of JSON as text': { asked: { response_format: { type: 'text' } } },
  'a -search model': {
    asked: { model: 'GLM-4.6-Search' },
    sent: {
      tools: [{ type: 'web_search', web_search: { enable: true, search_result: true } }],
    },
  },
};

describe('the strict service takes, in its own words,', () => {
  test.each(Object.entries(ROWS))('%s', (_, { asked, sent = {}, messages, dropped = null }) =>
    withApiGateway({ script: ANSWER }, async ({ gateway, api }) => {
      const response = await postChat(gateway, { ...asked, stream: false });
      await response.text();
      const [request] = api.requests;
      expect({
        status: response.status,
        refusal: request?.refusal,
        body: request?.body,
        dropped: response.headers.get('x-dropped-params'),
      }).toEqual({
        status: 200,
        refusal: null,
        body: {
          model: expect.stringMatching(/^glm-[45](\.6)?$/),
          messages: messages ?? asked.messages ?? [user],
          stream: true,
          ...OFF,
          ...sent,
        },
        dropped,
      });
    }),
  );

  test.each([
    ['GLM-4.5', false],
    ['GLM-4.6', true],
  ])('`tool_stream` with those models alone that know it: %s', (model, isSent) =>
    withApiGateway({}, async ({ gateway, api }) => {
      await (await postChat(gateway, { model, tools: [ADD_TOOL] })).text();
      const sent = api.requests.map(({ body, refusal }) => [Object.keys(Object(body)), refusal]);
      const names = isSent
        ? expect.arrayContaining(['tool_stream'])
        : expect.not.arrayContaining(['tool_stream']);
      expect(sent).toEqual([[names, null]]);
    }),
  );
});
