import { describe, expect, test } from 'bun:test';
import { outcomeOf } from '../../support/outcome-of.ts';
import { postChat } from '../../support/post-chat.ts';
import { streamData } from '../../support/stream-data.ts';
import { withApiGateway } from '../../support/with-api-gateway.ts';
import { plainAnswer } from '../../support/zai-api/scenarios/answers.ts';
import { toolCalls } from '../../support/zai-api/scenarios/tool-calls.ts';
import type { ZaiApiSimulator } from '../../support/zai-api/simulator.ts';
import { inTurn } from '../../support/zai-web/scenarios/in-turn.ts';

interface CallDelta {
  index: number;
  id?: string;
  type?: string;
  function: { name?: string; arguments: string };
}

const NEGATIVE_ID = 'call_-7807255211226955507';
const schema = { type: 'object', properties: { city: { type: 'string' } } };
const TOOLS = ['locate', 'weather'].map((name) => ({
  type: 'function',
  function: { name, parameters: schema },
}));
const paris = { id: NEGATIVE_ID, name: 'locate', arguments: { city: 'Île-de-France 🗼' } };
const rome = { id: 'call_-1', name: 'weather', arguments: { city: 'Rome' } };

async function callDeltas(response: Response): Promise<CallDelta[]> {
  const chunks = streamData(await response.text()) as { choices: { delta: object }[] }[];
  return chunks.flatMap(({ choices }) =>
    (choices ?? []).flatMap(({ delta }) => ('tool_calls' in delta ? delta.tool_calls : [])),
  ) as CallDelta[];
}

function joinCalls(deltas: readonly CallDelta[]) {
  const calls: Record<
    number,
    { id?: string | undefined; name?: string | undefined; args: string }
  > = {};
  for (const { index, id, function: called } of deltas) {
    calls[index] ??= { id, name: called.name, args: '' };
    calls[index].args += called.arguments;
  }
  return Object.values(calls).map(({ args, ...call }) => ({
    ...call,
    arguments: JSON.parse(args),
  }));
}

const lastMessage = ({ requests }: ZaiApiSimulator) => {
  const body = requests.at(-1)?.body as { messages: { content: string }[] } | undefined;
  return body?.messages.at(-1);
};

describe('calls of the API', () => {
  test.each([
    ['in one piece', 1],
    ['in pieces', 6],
  ])('that come %s are streamed with their opaque ids, each name and id once', (_, pieces) =>
    withApiGateway({ script: toolCalls([paris, rome], { pieces }) }, async ({ gateway }) => {
      const deltas = await callDeltas(await postChat(gateway, { tools: TOOLS }));
      expect(joinCalls(deltas)).toEqual([paris, rome]);
      const ids = deltas.flatMap(({ id }) => id ?? []);
      const names = deltas.flatMap(({ function: { name } }) => name ?? []);
      expect([ids, names]).toEqual([
        [paris.id, rome.id],
        [paris.name, rome.name],
      ]);
    }),
  );

  test('reach the client in as many fragments as they come in', () =>
    withApiGateway({ script: toolCalls([paris], { pieces: 6 }) }, async ({ gateway }) => {
      const deltas = await callDeltas(await postChat(gateway, { tools: TOOLS }));
      expect(deltas.length).toBeGreaterThanOrEqual(6);
    }));

  test('are whole in a whole reply, with the text before them', () => {
    const script = toolCalls([paris, rome], { preface: 'Let me see.' });
    return withApiGateway({ script }, async ({ gateway }) => {
      const response = await postChat(gateway, { tools: TOOLS, stream: false });
      const { choices } = (await response.json()) as { choices: object[] };
      const toCall = ({ id, name, arguments: args }: typeof paris) => ({
        id,
        type: 'function',
        function: { name, arguments: JSON.stringify(args) },
      });
      expect(choices).toMatchObject([
        {
          message: { content: 'Let me see.', tool_calls: [toCall(paris), toCall(rome)] },
          finish_reason: 'tool_calls',
        },
      ]);
    });
  });

  test('go back to it with the same ids', () =>
    withApiGateway({}, async ({ gateway, api }) => {
      const called = { name: 'locate', arguments: '{"city":"Paris"}' };
      const messages = [
        { role: 'user', content: 'Where?' },
        {
          role: 'assistant',
          content: '',
          tool_calls: [{ id: NEGATIVE_ID, type: 'function', function: called }],
        },
        { role: 'tool', tool_call_id: NEGATIVE_ID, content: 'here' },
      ];
      await outcomeOf(gateway, { tools: TOOLS, messages });
      expect(api.requests).toMatchObject([
        {
          refusal: null,
          body: {
            messages: [{}, { tool_calls: [{ id: NEGATIVE_ID }] }, { tool_call_id: NEGATIVE_ID }],
          },
        },
      ]);
    }));
});

describe.each([true, false])('a choice that the API does not know (stream: %p)', (stream) => {
  test.each([
    ['required', 'required', 'locate'],
    ['a function', { type: 'function', function: { name: 'weather' } }, 'weather'],
  ])(
    '%s: is told to the model, and one reminder is sent when it does not call',
    (_, choice, name) => {
      const script = inTurn(plainAnswer('No.'), toolCalls([{ ...paris, name }]));
      return withApiGateway({ script }, async ({ gateway, api }) => {
        const asked = { tools: TOOLS, tool_choice: choice, stream };
        const outcome = await outcomeOf(gateway, asked);
        expect(outcome).toMatchObject({ status: 200, attempts: '2', code: null });
        const [first, second] = api.requests.map(({ body, refusal }) => ({
          refusal,
          ...Object(body),
        }));
        expect([first, second]).toMatchObject([
          { refusal: null, tool_choice: 'auto' },
          { refusal: null, tool_choice: 'auto' },
        ]);
        expect(JSON.stringify(first.messages)).toContain('<instructions>');
        expect(lastMessage(api)?.content).toContain('did not call a function as it is asked to');
      });
    },
  );

  test('is an error when the model does not do so either', () =>
    withApiGateway({ script: plainAnswer('No.') }, async ({ gateway, api }) => {
      const asked = { tools: TOOLS, tool_choice: 'required', stream };
      expect(await outcomeOf(gateway, asked)).toMatchObject({
        status: 502,
        code: 'required_tool_call_missing',
        attempts: '2',
      });
      expect(api.requests).toHaveLength(2);
    }));
});

test('a model that calls as text is understood all the same', () => {
  const text =
    '<tool_call>locate\n<arg_key>city</arg_key>\n<arg_value>Rome</arg_value>\n</tool_call>';
  return withApiGateway({ script: plainAnswer(text) }, async ({ gateway }) => {
    const deltas = await callDeltas(await postChat(gateway, { tools: TOOLS }));
    expect(joinCalls(deltas)).toEqual([
      { id: expect.any(String), name: 'locate', arguments: { city: 'Rome' } },
    ]);
  });
});

test('tools go as text when the operator wants it so', () => {
  const env = { TOOL_MODE: 'prompt' };
  return withApiGateway({ env }, async ({ gateway, api }) => {
    await outcomeOf(gateway, { tools: TOOLS });
    expect(api.requests).toMatchObject([{ refusal: null }]);
    expect(api.requests[0]?.body).not.toHaveProperty('tools');
    expect(JSON.stringify(api.requests[0]?.body)).toContain('<tools>');
  });
});
