import { describe, expect, test } from 'bun:test';
import type { UpstreamRequest } from '../../../src/upstream/upstream-request.ts';
import { openApiReply } from '../../../src/upstream/zai-api/open-reply.ts';
import { startZaiApiSimulator } from '../../support/zai-api/simulator.ts';
import { makeRequest } from '../zai-web/make-exchange.ts';
import { makeApiExchange, makeTools } from './make-exchange.ts';

const SCHEMA = { type: 'object', properties: { a: { type: 'number' } } };

const CALLED: UpstreamRequest['messages'] = [
  { role: 'developer', content: 'Be kind.', name: 'ops' },
  { role: 'user', content: 'What is 1 + 2?', name: 'ann' },
  {
    role: 'assistant',
    content: null,
    reasoning: 'I shall add.',
    tool_calls: [
      { id: 'call_-7807255211226955507', function: { name: 'add', arguments: '{"a":1}' } },
      { id: 'c2', type: 'function', function: { name: 'now', arguments: '' } },
    ],
  },
  { role: 'tool', tool_call_id: 'c2', content: '' },
  { role: 'tool', tool_call_id: 'call_-7807255211226955507', content: '3', name: 'add' },
];

type Case = [what: string, request: Partial<UpstreamRequest>];

describe('the strict service takes', () => {
  test.each<Case>([
    ['a plain request', {}],
    ['thinking', { thinking: true }],
    ['forgotten reasoning', { thinking: true, clearThinking: true }],
    ['values beyond its ranges', { temperature: 2, topP: 0 }],
    ['a temperature of 0', { temperature: 0, topP: 1 }],
    ['parameters it does not know', { seed: 1, frequencyPenalty: 1, presencePenalty: 1 }],
    ['several stops', { stop: ['a', 'b', 'c', 'd'], maxTokens: 1 }],
    ['a user with a short name', { user: 'ann' }],
    ['a user', { user: 'user-42' }],
    ['JSON', { json: { schema: null } }],
    ['JSON of a schema', { json: { schema: SCHEMA } }],
    ['web search', { webSearch: true }],
    ['functions', { tools: makeTools() }],
    ['a required call', { tools: makeTools({ choice: 'required', parallel: false }) }],
    [
      'a named call beside JSON',
      { tools: makeTools({ choice: { name: 'add' } }), json: { schema: SCHEMA } },
    ],
    ['functions beside search', { tools: makeTools(), webSearch: true }],
    ['functions as text', { tools: makeTools({ delivery: 'prompt' }), messages: CALLED }],
    ['calls and results', { tools: makeTools(), messages: CALLED, thinking: true }],
    ['calls and results without tools', { messages: CALLED }],
    ['a reminder', { reminder: 'Call a function.', messages: CALLED }],
    [
      'calls in the older form',
      {
        messages: [
          { role: 'user', content: 'x' },
          { role: 'assistant', content: '', function_call: { name: 'now' } },
          { role: 'function', name: 'now', content: 'noon' },
        ],
      },
    ],
    ['no word of the user', { messages: [{ role: 'system', content: 'Say hello.' }] }],
    [
      'nothing said',
      {
        messages: [
          { role: 'user', content: null },
          { role: 'assistant', content: '' },
          { role: 'user', content: [] },
        ],
      },
    ],
  ])('%s', async (_, request) => {
    await using simulator = await startZaiApiSimulator();
    const { baseUrl } = simulator;
    const secret = simulator.addKey();
    const opened = await openApiReply(
      makeApiExchange({ baseUrl, credential: { secret }, request: makeRequest(request) }),
      new AbortController().signal,
    );
    const text = opened.ok ? await new Response(opened.value).text() : opened.failure.message;
    expect({ refusal: simulator.requests[0]?.refusal, text }).toEqual({
      refusal: null,
      text: expect.stringMatching(/"finish_reason":"stop"[\s\S]+\[DONE\]\n\n$/),
    });
  });

  test('images, for a model that sees', async () => {
    await using simulator = await startZaiApiSimulator();
    const image_url = { url: 'data:image/png;base64,AA==', detail: 'high' };
    const messages: UpstreamRequest['messages'] = [
      { role: 'user', content: [{ type: 'image_url', image_url }] },
    ];
    const exchange = makeApiExchange({
      baseUrl: simulator.baseUrl,
      credential: { secret: simulator.addKey() },
      model: { upstreamId: 'glm-4.6v', toolStream: true, dialect: 'zai' },
      request: makeRequest({ messages }),
    });
    const { ok } = await openApiReply(exchange, new AbortController().signal);
    expect([ok, simulator.requests[0]?.refusal]).toEqual([true, null]);
  });
});
