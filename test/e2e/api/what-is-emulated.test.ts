import { describe, expect, test } from 'bun:test';
import { outcomeOf } from '../../support/outcome-of.ts';
import { postChat } from '../../support/post-chat.ts';
import { readStream } from '../../support/read-stream.ts';
import { withApiGateway } from '../../support/with-api-gateway.ts';
import {
  answerHeldAt,
  plainAnswer,
  searchedAnswer,
  thinkingThenAnswer,
} from '../../support/zai-api/scenarios/answers.ts';
import { createGate } from '../../support/zai-web/gate.ts';
import { inTurn } from '../../support/zai-web/scenarios/in-turn.ts';

const PRICE = { type: 'object', properties: { price: { type: 'number' } }, required: ['price'] };
const PRICED = {
  response_format: { type: 'json_schema', json_schema: { name: 'price', schema: PRICE } },
};

describe.each([true, false])('a schema for JSON (stream: %p)', (stream) => {
  test('stands in the prompt, and the reply is checked against it', () => {
    const script = inTurn(
      plainAnswer('{"price":"free"}'),
      plainAnswer('```json\n{"price":0}\n```'),
    );
    return withApiGateway({ script }, async ({ gateway, api }) => {
      expect(await outcomeOf(gateway, { ...PRICED, stream })).toMatchObject({
        status: 200,
        attempts: '2',
        text: '{"price":0}',
      });
      const [first, second] = api.requests.map(({ body }) => JSON.stringify(body));
      expect(api.requests).toMatchObject([
        { refusal: null, body: { response_format: { type: 'json_object' } } },
        { refusal: null, body: { response_format: { type: 'json_object' } } },
      ]);
      expect([first, second]).toEqual([
        expect.stringContaining('price'),
        expect.stringContaining('was not the JSON that is asked for'),
      ]);
    });
  });

  test('that the model does not keep to is an error', () =>
    withApiGateway({ script: plainAnswer('free') }, async ({ gateway }) => {
      expect(await outcomeOf(gateway, { ...PRICED, stream })).toMatchObject({
        status: 502,
        code: 'invalid_json_reply',
      });
    }));
});

describe('several stop sequences', () => {
  test.each([true, false])(
    'all end the reply, and the second one as the first (stream: %p)',
    (stream) =>
      withApiGateway({ script: plainAnswer('one FIN two END') }, async ({ gateway, api }) => {
        expect(await outcomeOf(gateway, { stop: ['END', 'FIN'], stream })).toMatchObject({
          text: 'one ',
        });
        expect(api.requests).toMatchObject([{ refusal: null, body: { stop: ['END'] } }]);
      }),
  );

  test('close the connection to the API, which has more to say', () => {
    const script = answerHeldAt(createGate(), 'one END', 'two');
    return withApiGateway({ script }, async ({ gateway, api }) => {
      expect(await outcomeOf(gateway, { stop: 'END' })).toMatchObject({ text: 'one ' });
      await api.waitFor(({ openStreams }) => openStreams === 0);
      expect(api.closedByClient).toHaveLength(1);
    });
  });

  test('end no reasoning, so that the API is not told of them', () => {
    const script = thinkingThenAnswer('Before END.', 'Hello END', { pieces: 1 });
    return withApiGateway({ script }, async ({ gateway, api }) => {
      const response = await postChat(gateway, { stop: 'END', enable_thinking: true });
      expect(readStream(await response.text())).toMatchObject({
        reasoning: 'Before END.',
        text: 'Hello ',
        finishReasons: ['stop'],
      });
      expect(api.requests[0]?.body).not.toHaveProperty('stop');
    });
  });
});

describe('a web search', () => {
  const RESULTS = [
    { title: 'First page', link: 'https://a.example/1' },
    { title: 'Second page', link: 'https://b.example/2' },
  ];
  const LINK = '[[1]](https://a.example/1)';
  const TEXT = `It is so ${LINK}.\n\n**Sources**\n\n- ${LINK} First page\n- [[2]](https://b.example/2) Second page`;

  test('has its sources as links, annotations and a list', () =>
    withApiGateway(
      { script: searchedAnswer(RESULTS, 'It is so[ref_1].') },
      async ({ gateway, api }) => {
        const response = await postChat(gateway, { model: 'GLM-4.6-Search', stream: false });
        const { choices } = (await response.json()) as { choices: object[] };
        expect(choices).toMatchObject([
          {
            message: {
              content: TEXT,
              annotations: [
                {
                  type: 'url_citation',
                  url_citation: {
                    url: 'https://a.example/1',
                    title: 'First page',
                    start_index: TEXT.indexOf(LINK),
                    end_index: TEXT.indexOf(LINK) + LINK.length,
                  },
                },
              ],
            },
          },
        ]);
        expect(api.requests).toMatchObject([
          { refusal: null, body: { tools: [{ type: 'web_search' }] } },
        ]);
      },
    ));

  test('is streamed with the same text', () =>
    withApiGateway({ script: searchedAnswer(RESULTS, 'It is so[ref_1].') }, async ({ gateway }) => {
      const asked = { web_search: true, stream: true };
      expect(await outcomeOf(gateway, asked)).toMatchObject({ text: TEXT, code: null });
    }));

  test('goes beside the client’s functions', () => {
    const tools = [{ type: 'function', function: { name: 'add', parameters: { type: 'object' } } }];
    return withApiGateway({}, async ({ gateway, api }) => {
      await outcomeOf(gateway, { web_search: true, tools });
      expect(api.requests).toMatchObject([
        { refusal: null, body: { tools: [{ type: 'function' }, { type: 'web_search' }] } },
      ]);
    });
  });
});
