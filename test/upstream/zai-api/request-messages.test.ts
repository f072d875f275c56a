import { describe, expect, test } from 'bun:test';
import type { ChatMessage } from '../../../src/openai/chat-message.ts';
import { type ApiMessage, toApiMessages } from '../../../src/upstream/zai-api/request-messages.ts';

const call = (id: string | null, name: string, args: string | null = '{}') => ({
  ...(id !== null && { id }),
  type: 'function',
  function: { name, arguments: args },
});
const written = (id: string, name: string, args = '{}') => ({
  id,
  type: 'function' as const,
  function: { name, arguments: args },
});

type Case = [what: string, message: ChatMessage, written: ApiMessage];

describe('a message is written', () => {
  test.each<Case>([
    ['for developers', { role: 'developer', content: 'x' }, { role: 'system', content: 'x' }],
    ['for the system', { role: 'system', content: 'x' }, { role: 'system', content: 'x' }],
    ['by the user', { role: 'user', content: 'x' }, { role: 'user', content: 'x' }],
    [
      'in parts of text, as one text',
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: '' },
          { type: 'input_text', text: 'b' },
        ],
      },
      { role: 'user', content: 'a\nb' },
    ],
    [
      'with images, by URL',
      {
        role: 'user',
        content: [
          { type: 'text', text: 'see' },
          { type: 'image_url', image_url: { url: 'https://x/y.png', detail: 'high' } },
          { type: 'image_url', image_url: 'data:image/png;base64,AA==' },
          { type: 'text', text: '' },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'see' },
          { type: 'image_url', image_url: { url: 'https://x/y.png' } },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
        ],
      },
    ],
    ['without text, as a space', { role: 'user', content: '' }, { role: 'user', content: ' ' }],
    [
      'by the assistant, with its reasoning',
      { role: 'assistant', content: 'x', reasoning_content: 'r' },
      { role: 'assistant', content: 'x', reasoning_content: 'r' },
    ],
    [
      "with reasoning in OpenRouter's words",
      { role: 'assistant', content: 'x', reasoning: 'r', reasoning_content: '' },
      { role: 'assistant', content: 'x', reasoning_content: 'r' },
    ],
    [
      'without reasoning that is empty',
      { role: 'assistant', content: 'x', reasoning: null, reasoning_content: '' },
      { role: 'assistant', content: 'x' },
    ],
    [
      'to refuse',
      { role: 'assistant', content: null, refusal: 'No.' },
      { role: 'assistant', content: 'No.' },
    ],
    ['by a silent assistant', { role: 'assistant' }, { role: 'assistant', content: ' ' }],
    [
      'with calls after text',
      { role: 'assistant', content: 'x', tool_calls: [call('c1', 'now', null)] },
      { role: 'assistant', content: 'x', tool_calls: [written('c1', 'now')] },
    ],
    [
      'with an opaque call id',
      { role: 'assistant', tool_calls: [call('call_-7807255211226955507', 'add', '{"a": 1.0}')] },
      {
        role: 'assistant',
        tool_calls: [written('call_-7807255211226955507', 'add', '{"a": 1.0}')],
      },
    ],
    [
      'with a call of another type',
      { role: 'assistant', tool_calls: [{ id: 'c1', type: 'custom' }] },
      { role: 'assistant', tool_calls: [written('c1', 'custom', '{"id":"c1","type":"custom"}')] },
    ],
    [
      'as the result of a tool',
      { role: 'tool', tool_call_id: 'c1', content: [{ type: 'text', text: 'x' }], name: 'now' },
      { role: 'tool', tool_call_id: 'c1', content: 'x' },
    ],
    [
      'as the result of a tool that has none',
      { role: 'tool', tool_call_id: 'c1', content: '' },
      { role: 'tool', tool_call_id: 'c1', content: ' ' },
    ],
  ])('%s', (_, message, expected) => {
    expect(toApiMessages([message], 'zai')).toEqual([expected]);
  });

  test.each([[null], [''], [undefined]])('beside calls without a content of %p', (content) => {
    const message = { role: 'assistant', tool_calls: [call('c1', 'now')] } as const;
    const given = content === undefined ? message : { ...message, content };
    const [result] = toApiMessages([given as unknown as ChatMessage], 'zai');
    expect(result && Object.keys(result).sort()).toEqual(['role', 'tool_calls']);
  });

  test('with the name of its speaker where that is known', () => {
    const message: ChatMessage = { role: 'user', name: 'ann', content: 'x' };
    const names = (['zai', 'openai-compatible'] as const).map(
      (dialect) => toApiMessages([message], dialect)[0]?.name,
    );
    expect(names).toEqual([undefined, 'ann']);
  });
});

describe('a call without an id', () => {
  test('gets one, as does its result', () => {
    const messages: ChatMessage[] = [
      { role: 'assistant', function_call: { name: 'now', arguments: '{}' } },
      { role: 'function', name: 'now', content: 'noon' },
      { role: 'assistant', tool_calls: [call(null, 'add'), call(null, 'now')] },
      { role: 'tool', content: '3' },
      { role: 'tool', content: 'noon' },
      { role: 'tool', content: 'of no call' },
    ];
    const ids = toApiMessages(messages, 'zai').map(
      ({ tool_call_id, tool_calls }) => tool_call_id ?? tool_calls?.map(({ id }) => id),
    );
    expect(ids).toEqual([
      ['call_unnamed_0'],
      'call_unnamed_0',
      ['call_unnamed_1', 'call_unnamed_2'],
      'call_unnamed_1',
      'call_unnamed_2',
      'call_unnamed_3',
    ]);
  });

  test('is not taken for one that has its result', () => {
    const messages: ChatMessage[] = [
      { role: 'assistant', tool_calls: [call('c1', 'add'), call('c2', 'now')] },
      { role: 'tool', tool_call_id: 'c1', content: '3' },
      { role: 'tool', content: 'noon' },
    ];
    expect(toApiMessages(messages, 'zai').at(-1)?.tool_call_id).toBe('c2');
  });
});
