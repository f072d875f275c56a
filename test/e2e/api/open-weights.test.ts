import { describe, expect, test } from 'bun:test';
import { outcomeOf } from '../../support/outcome-of.ts';
import { postChat } from '../../support/post-chat.ts';
import { readStream } from '../../support/read-stream.ts';
import type { TestGateway } from '../../support/start-gateway.ts';
import { streamData } from '../../support/stream-data.ts';
import { type ApiStage, withApiGateway } from '../../support/with-api-gateway.ts';
import { OPEN_WEIGHTS } from '../../support/zai-api/open-weights.ts';
import { REPORTED_USAGE } from '../../support/zai-api/scenarios/chunks.ts';
import { compatibleAnswer } from '../../support/zai-api/scenarios/compatible.ts';

/** Without a key, and in the dialect that an unknown address makes it guess. */
const KEYLESS = {
  service: OPEN_WEIGHTS,
  keys: [],
  env: { ZAI_API_DIALECT: 'auto', MAX_RETRIES: '0' },
};
const ANSWER = compatibleAnswer('{"a":1}');
const TOOL = { type: 'function', function: { name: 'add', parameters: { type: 'object' } } };
const SCHEMA = { type: 'object', properties: { a: { type: 'number' } } };

const completionsOf = ({ api }: Pick<ApiStage, 'api'>) =>
  api.requests.filter(({ method }) => method === 'POST');

const listedModels = async (gateway: TestGateway) => {
  const { data } = (await (await gateway.fetch('/v1/models')).json()) as { data: { id: string }[] };
  return data.map(({ id }) => id);
};

describe('a server of open weights', () => {
  test('that asks for no key is shown none, and is ready', () =>
    withApiGateway(KEYLESS, async ({ gateway, api }) => {
      expect(await outcomeOf(gateway)).toMatchObject({
        status: 200,
        upstream: 'zai-api',
        text: 'You said: hello',
      });
      expect(completionsOf({ api })[0]?.headers).not.toHaveProperty('authorization');
      expect(await (await gateway.fetch('/ready')).json()).toMatchObject({
        checks: { upstream: true },
      });
    }));

  test('that asks for a key is shown it', () =>
    withApiGateway({ ...KEYLESS, keys: [{}] }, async ({ gateway, api, keys }) => {
      expect(await outcomeOf(gateway)).toMatchObject({ status: 200 });
      expect(completionsOf({ api })).toMatchObject([
        { headers: { authorization: `Bearer ${keys[0]}` }, refusal: null },
      ]);
    }));

  test('serves the models that it lists, by their names and by Z.ai’s', () =>
    withApiGateway({ ...KEYLESS, script: ANSWER }, async ({ gateway, api }) => {
      const outcomes = [
        await outcomeOf(gateway, { model: 'glm-4.6' }),
        await outcomeOf(gateway, { model: 'zai-org/GLM-4.6' }),
        await outcomeOf(gateway, { model: 'House-Model' }),
      ];
      expect(outcomes.map(({ status }) => status)).toEqual([200, 200, 200]);
      const asked = completionsOf({ api }).map(({ body }) => Object(body).model);
      expect(asked).toEqual(['zai-org/GLM-4.6', 'zai-org/GLM-4.6', 'house-model']);
    }));

  test('has its list shown to clients, and nothing that it does not have', () =>
    withApiGateway(KEYLESS, async ({ gateway }) => {
      const listed = await listedModels(gateway);
      expect(listed).toEqual(expect.arrayContaining(['GLM-4.6', 'house-model']));
      expect(listed).not.toContain('GLM-4.5V');
    }));

  test('is asked for any name when the client names the upstream', () =>
    withApiGateway(KEYLESS, async ({ gateway, api }) => {
      const outcome = await outcomeOf(gateway, { model: 'zai-api/some-other' });
      expect(outcome).toMatchObject({ status: 404, code: 'model_not_found' });
      expect(completionsOf({ api })).toMatchObject([{ body: { model: 'some-other' } }]);
    }));

  test('is not asked for a model that it does not list', () =>
    withApiGateway(KEYLESS, async ({ gateway, api }) => {
      expect(await outcomeOf(gateway, { model: 'GLM-4.5V' })).toMatchObject({ status: 404 });
      expect(completionsOf({ api })).toEqual([]);
    }));
});

describe('it gets, in OpenAI’s words,', () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>, string | null]>([
    ['a plain chat', {}, {}, null],
    [
      'sampling as it is',
      { temperature: 1.7, top_p: 0.5, seed: 7, frequency_penalty: 1, presence_penalty: -1 },
      { temperature: 1.7, top_p: 0.5, seed: 7, frequency_penalty: 1, presence_penalty: -1 },
      null,
    ],
    ['all stops', { stop: ['END', 'FIN'] }, { stop: ['END', 'FIN'] }, null],
    ['the limit', { max_completion_tokens: 9 }, { max_tokens: 9 }, null],
    ['a user', { user: 'ann' }, { user: 'ann' }, null],
    [
      'thinking',
      { enable_thinking: true },
      { chat_template_kwargs: { enable_thinking: true } },
      null,
    ],
    [
      'a schema',
      { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: SCHEMA } } },
      {
        response_format: { type: 'json_schema', json_schema: { name: 'reply', schema: SCHEMA } },
      },
      null,
    ],
    ['what it can’t do', { logit_bias: { 1: 1 }, web_search: true }, {}, 'logit_bias, web_search'],
  ])('%s', (_, asked, sent, dropped) =>
    withApiGateway({ ...KEYLESS, script: ANSWER }, async ({ gateway, api }) => {
      const response = await postChat(gateway, { ...asked, stream: false });
      await response.text();
      const [request] = completionsOf({ api });
      expect({
        refusal: request?.refusal,
        body: request?.body,
        dropped: response.headers.get('x-dropped-params'),
      }).toEqual({
        refusal: null,
        body: {
          model: 'zai-org/GLM-4.6',
          messages: [{ role: 'user', content: 'hello' }],
          stream: true,
          stream_options: { include_usage: true },
          chat_template_kwargs: { enable_thinking: false },
          ...sent,
        },
        dropped,
      });
    }),
  );

  test.each([
    ['required', 'required'],
    ['a function', { type: 'function', function: { name: 'add' } }],
  ])('the choice of a tool as it is: %s', (_, tool_choice) =>
    withApiGateway({ ...KEYLESS, script: ANSWER }, async ({ gateway, api }) => {
      const fields = { tools: [TOOL], tool_choice, parallel_tool_calls: false };
      await outcomeOf(gateway, fields);
      expect(completionsOf({ api })).toMatchObject([{ refusal: null, body: fields }]);
    }),
  );
});

describe('its reply', () => {
  test.each([
    ['in `reasoning_content`', compatibleAnswer('Hi', { reasoning: 'Hm.' })],
    ['in `reasoning`', compatibleAnswer('Hi', { reasoning: 'Hm.', reasoningField: 'reasoning' })],
    ['in tags', compatibleAnswer('<think>\nHm.\n</think>\n\nHi')],
  ])('has reasoning, text and usage, with the reasoning %s', (_, script) =>
    withApiGateway({ ...KEYLESS, script }, async ({ gateway }) => {
      const asked = { enable_thinking: true, stream_options: { include_usage: true } };
      const body = await (await postChat(gateway, asked)).text();
      expect(readStream(body)).toMatchObject({ reasoning: 'Hm.', text: 'Hi', done: true });
      expect(streamData(body).at(-2)).toMatchObject({ choices: [], usage: REPORTED_USAGE });
    }),
  );

  test('has the gateway’s id, and not the server’s', () =>
    withApiGateway(KEYLESS, async ({ gateway }) => {
      const body = await (await postChat(gateway)).text();
      expect(body).not.toContain('chatcmpl-of-the-server');
    }));
});

describe('its refusals', () => {
  test('of a key speak of the gateway’s, and not of the client’s', () =>
    withApiGateway(
      { ...KEYLESS, env: { ...KEYLESS.env, ZAI_API_KEYS: 'unknown-key-1' } },
      async ({ gateway }) => {
        // The list of models is not to be had either, so that the upstream has to be named.
        const outcome = await outcomeOf(gateway, { model: 'zai-api/zai-org/GLM-4.6' });
        expect(outcome).toMatchObject({ status: 502, code: 'upstream_credentials_exhausted' });
      },
    ));

  test('of a request are the client’s', () =>
    withApiGateway(KEYLESS, async ({ gateway, api }) => {
      const outcome = await outcomeOf(gateway, { frequency_penalty: 5 });
      expect([outcome.status, completionsOf({ api }).length <= 1]).toEqual([400, true]);
    }));
});
