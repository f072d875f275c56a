import { describe, expect, test } from 'bun:test';
import type { ChatMessage } from '../../../src/openai/chat-message.ts';
import { composeMessages } from '../../../src/upstream/prompt/compose-messages.ts';
import { textOf } from '../../../src/upstream/prompt/prompt-content.ts';
import type { OfferedTools } from '../../../src/upstream/upstream-request.ts';
import { makeRequest } from '../zai-web/make-exchange.ts';

const ADD = {
  name: 'add',
  description: 'Adds "numbers".',
  parameters: { type: 'object', properties: { a: { type: 'number' } } },
};
const NOW = { name: 'now', description: null, parameters: null };

function offer(overrides: Partial<OfferedTools> = {}): OfferedTools {
  return { tools: [ADD, NOW], choice: 'auto', parallel: true, delivery: 'prompt', ...overrides };
}

const asked: ChatMessage[] = [
  { role: 'system', content: 'Be kind.' },
  { role: 'user', content: '1 + 1?' },
  { role: 'assistant', content: '2' },
  { role: 'user', content: 'And 2 + 2?' },
];

/** What the gateway added, without what the messages had. */
function additions(overrides: Parameters<typeof makeRequest>[0]): string[] {
  const sent = composeMessages(makeRequest({ messages: asked, ...overrides }));
  const texts = asked.map(({ content }) => String(content));
  return sent
    .map(({ content }, index) =>
      textOf(content)
        .replace(texts[index] ?? '', '')
        .trim(),
    )
    .filter((text) => text !== '');
}

test('a conversation that asks for nothing special is sent as it is', () => {
  expect(additions({})).toEqual([]);
  expect(additions({ tools: offer({ delivery: 'native' }) })).toEqual([]);
});

describe('tools in the prompt', () => {
  test('stand in front of the first user message, each as a line of JSON', () => {
    const [system, first, ...rest] = composeMessages(
      makeRequest({ messages: asked, tools: offer() }),
    );
    expect([system, ...rest]).toEqual([
      { role: 'system', content: 'Be kind.' },
      { role: 'assistant', content: '2' },
      { role: 'user', content: 'And 2 + 2?' },
    ]);
    expect(first).toEqual({
      role: 'user',
      content: expect.stringMatching(
        /^<instructions>\n# Tools\n[\s\S]+<\/instructions>\n\n1 \+ 1\?$/,
      ),
    });
    const signatures = /<tools>\n([\s\S]*?)\n<\/tools>/
      .exec(textOf(first?.content ?? ''))?.[1]
      ?.split('\n');
    expect(signatures?.map((line) => JSON.parse(line))).toEqual([
      { type: 'function', function: ADD },
      { type: 'function', function: { name: 'now' } },
    ]);
    expect(first?.content).toContain('<tool_call>{function-name}\n<arg_key>');
  });

  test('have a user message of their own, behind the system’s, when no user has spoken', () => {
    const messages: ChatMessage[] = [
      { role: 'system', content: 'Be kind.' },
      { role: 'assistant', content: 'Hello.' },
    ];
    const sent = composeMessages(makeRequest({ messages, tools: offer() }));
    expect(sent.map(({ role }) => role)).toEqual(['system', 'user', 'assistant']);
    expect(composeMessages(makeRequest({ messages: [], tools: offer() }))).toHaveLength(1);
  });
});

describe('what the next reply must be stands behind the last message:', () => {
  test.each([
    ['any call', offer({ choice: 'required' }), 'Your next reply must call at least one function.'],
    ['one call', offer({ choice: { name: 'add' } }), 'Your next reply must call the function add.'],
    ['no second call', offer({ parallel: false }), 'Call no more than one function in a reply.'],
    [
      'exactly one call',
      offer({ choice: 'required', parallel: false }),
      'Your next reply must call at least one function. Call no more than one function in a reply.',
    ],
  ])('%s, however the tools are sent', (_, tools, order) => {
    for (const delivery of ['native', 'prompt'] as const) {
      expect(additions({ tools: { ...tools, delivery } }).at(-1)).toBe(
        `<instructions>\n${order}\n</instructions>`,
      );
    }
  });

  const json = 'one JSON object and nothing else: no words around it, no code fence.';
  const schema = { type: 'object', required: ['a'] };
  test.each([
    ['any JSON', { json: { schema: null } }, `Reply with ${json}`],
    [
      'JSON of a schema',
      { json: { schema } },
      `Reply with ${json} It must be valid against this JSON schema:\n{"type":"object","required":["a"]}`,
    ],
    [
      'JSON or a call',
      { json: { schema: null }, tools: offer() },
      `Unless you call a function, reply with ${json}`,
    ],
    ['what it was reminded of', { reminder: 'Do it this time.' }, 'Do it this time.'],
    [
      'all of these',
      { json: { schema: null }, tools: offer({ choice: 'required' }), reminder: 'Now!' },
      `Your next reply must call at least one function.\nUnless you call a function, reply with ${json}\nNow!`,
    ],
  ])('%s', (_, overrides, order) => {
    expect(additions(overrides).at(-1)).toBe(`<instructions>\n${order}\n</instructions>`);
  });

  test('behind the results of tools too', () => {
    const messages: ChatMessage[] = [{ role: 'tool', tool_call_id: 'c', content: '4' }];
    expect(composeMessages(makeRequest({ messages, reminder: 'Now!' }))).toEqual([
      {
        role: 'user',
        content: '<tool_response>\n4\n</tool_response>\n\n<instructions>\nNow!\n</instructions>',
      },
    ]);
  });

  test('in a user message of its own behind any other role’s', () => {
    const messages = asked.slice(0, 3);
    expect(composeMessages(makeRequest({ messages, reminder: 'Now!' })).at(-1)).toEqual({
      role: 'user',
      content: '<instructions>\nNow!\n</instructions>',
    });
  });
});
