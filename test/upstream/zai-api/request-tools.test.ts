import { describe, expect, test } from 'bun:test';
import type { OfferedTools } from '../../../src/upstream/upstream-request.ts';
import { bodyOf, makeTools } from './make-exchange.ts';

const ADD = {
  type: 'function',
  function: {
    name: 'add',
    description: 'Adds.',
    parameters: { type: 'object', properties: { a: { type: 'number' } } },
  },
};
const NOW = {
  type: 'function',
  function: { name: 'now', parameters: { type: 'object', properties: {} } },
};
const SEARCH = { type: 'web_search', web_search: { enable: true, search_result: true } };

function sent(body: Record<string, unknown>): Record<string, unknown> {
  const { tools, tool_choice, tool_stream, parallel_tool_calls } = body;
  return { tools, tool_choice, tool_stream, parallel_tool_calls };
}

const lastContent = (body: Record<string, unknown>) =>
  (body.messages as { content: string }[]).at(-1)?.content;

describe('Z.ai', () => {
  test('gets the functions, each with parameters, and streams their arguments', () => {
    expect(sent(bodyOf({ tools: makeTools() }))).toEqual({
      tools: [ADD, NOW],
      tool_choice: 'auto',
      tool_stream: true,
    });
  });

  test('is not asked to stream arguments by a model that can not', () => {
    expect(bodyOf({ tools: makeTools() }, 'zai', false).tool_stream).toBeUndefined();
  });

  test('gets no tools when there are none', () => {
    expect(sent(bodyOf())).toEqual({});
  });

  test('searches by a tool, beside functions or alone', () => {
    expect([
      sent(bodyOf({ webSearch: true })),
      bodyOf({ webSearch: true, tools: makeTools() }).tools,
    ]).toEqual([{ tools: [SEARCH] }, [ADD, NOW, SEARCH]]);
  });

  test.each<[string, Partial<OfferedTools>, string]>([
    ['any call', { choice: 'required' }, 'Your next reply must call at least one function.'],
    ['one call', { choice: { name: 'add' } }, 'Your next reply must call the function add.'],
    ['no two calls', { parallel: false }, 'Call no more than one function in a reply.'],
  ])('is told in words that it must make %s, and offered auto', (_, overrides, order) => {
    const body = bodyOf({ tools: makeTools(overrides) });
    expect([body.tool_choice, lastContent(body)]).toEqual([
      'auto',
      `hello\n\n<instructions>\n${order}\n</instructions>`,
    ]);
  });
});

describe('another server', () => {
  test.each<[Partial<OfferedTools>, unknown]>([
    [{ choice: 'auto' }, 'auto'],
    [{ choice: 'required' }, 'required'],
    [{ choice: { name: 'add' } }, { type: 'function', function: { name: 'add' } }],
  ])('takes the choice %j itself, and no order', (overrides, tool_choice) => {
    const body = bodyOf({ tools: makeTools(overrides) }, 'openai-compatible');
    expect([sent(body), lastContent(body)]).toEqual([{ tools: [ADD, NOW], tool_choice }, 'hello']);
  });

  test('is told when one call is enough', () => {
    const body = bodyOf({ tools: makeTools({ parallel: false }) }, 'openai-compatible');
    expect([body.parallel_tool_calls, lastContent(body)]).toEqual([false, 'hello']);
  });

  test('gets no search, since nobody there searches', () => {
    expect(bodyOf({ webSearch: true }, 'openai-compatible').tools).toBeUndefined();
  });
});

test.each(['zai', 'openai-compatible'] as const)(
  'functions that are taught as text are in the messages alone (%s)',
  (dialect) => {
    const messages = [
      { role: 'developer' as const, content: 'Be kind.' },
      { role: 'user' as const, content: 'go' },
      {
        role: 'assistant' as const,
        content: null,
        tool_calls: [{ id: 'c1', function: { name: 'now', arguments: '{}' } }],
      },
      { role: 'tool' as const, tool_call_id: 'c1', content: 'noon' },
    ];
    const body = bodyOf({ messages, tools: makeTools({ delivery: 'prompt' }) }, dialect);
    expect([sent(body), body.messages]).toEqual([
      {},
      [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: expect.stringMatching(/<tools>[\s\S]+"name":"add"[\s\S]+go$/) },
        { role: 'assistant', content: '<tool_call>now\n</tool_call>' },
        { role: 'user', content: '<tool_response name="now">\nnoon\n</tool_response>' },
      ],
    ]);
  },
);
