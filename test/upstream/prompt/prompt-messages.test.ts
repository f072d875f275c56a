import { describe, expect, test } from 'bun:test';
import type { ChatMessage } from '../../../src/openai/chat-message.ts';
import { toPromptMessages } from '../../../src/upstream/prompt/prompt-messages.ts';

describe('toPromptMessages', () => {
  test('keeps text as it is and calls the developer the system', () => {
    const messages = toPromptMessages([
      { role: 'developer', content: 'be brief' },
      { role: 'system', content: 'be kind' },
      { role: 'user', content: '  你好 🌍\n' },
      { role: 'assistant', content: 'hi' },
    ]);
    expect(messages).toEqual([
      { role: 'system', content: 'be brief' },
      { role: 'system', content: 'be kind' },
      { role: 'user', content: '  你好 🌍\n' },
      { role: 'assistant', content: 'hi' },
    ]);
  });

  test('joins the text of parts with a space, in every role', () => {
    const content = [
      { type: 'text', text: 'one' },
      { type: 'text', text: '' },
      { type: 'text', text: 'two' },
    ];
    const roles = ['system', 'user', 'assistant'] as const;
    expect(toPromptMessages(roles.map((role) => ({ role, content })))).toEqual(
      roles.map((role) => ({ role, content: 'one two' })),
    );
  });

  test('keeps the images of the user between the texts, by the ids they have', () => {
    const image = (url: string) => ({ type: 'image_url', image_url: { url } });
    const content = [
      { type: 'text', text: 'one' },
      { type: 'image_url', image_url: { url: 'file-1', detail: 'low' } },
      { type: 'text', text: '' },
      { type: 'text', text: 'two' },
      image('file-2'),
    ];
    const messages = toPromptMessages([{ role: 'user', content }]);
    expect(messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'one' },
          image('file-1'),
          { type: 'text', text: 'two' },
          image('file-2'),
        ],
      },
    ] as typeof messages);
  });

  test('takes null, absent and empty content for no text', () => {
    expect(
      toPromptMessages([
        { role: 'user', content: null },
        { role: 'user' },
        { role: 'user', content: [] },
      ]),
    ).toEqual(Array(3).fill({ role: 'user', content: '' }));
  });

  test('does not repeat reasoning, in whichever form it comes', () => {
    const parts = [
      { type: 'thinking', thinking: '2+2' },
      { type: 'reasoning', text: '2+2' },
      { type: 'output_text', text: 'four' },
    ];
    expect(
      toPromptMessages([
        { role: 'assistant', content: 'four', reasoning_content: '2+2', reasoning: '2+2' },
        { role: 'assistant', content: parts },
      ]),
    ).toEqual(Array(2).fill({ role: 'assistant', content: 'four' }));
  });

  test('repeats a refusal, in whichever form it comes', () => {
    expect(
      toPromptMessages([
        { role: 'assistant', content: null, refusal: 'no' },
        { role: 'assistant', content: [{ type: 'refusal', refusal: 'no' }] },
      ]),
    ).toEqual(Array(2).fill({ role: 'assistant', content: 'no' }));
  });

  test('writes tool calls in the form the models write them, and their results as one message', () => {
    const messages = toPromptMessages([
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'add', arguments: '{"a":1,"b":"x y"}' } },
          { id: 'c2', type: 'function', function: { name: 'now', arguments: '' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: '{"sum":1}' },
      { role: 'tool', tool_call_id: 'c2', content: [{ type: 'text', text: 'noon' }] },
      { role: 'user', content: 'thanks' },
    ]);
    expect(messages).toEqual([
      {
        role: 'assistant',
        content:
          '<tool_call>add\n<arg_key>a</arg_key>\n<arg_value>1</arg_value>\n' +
          '<arg_key>b</arg_key>\n<arg_value>x y</arg_value>\n</tool_call>\n' +
          '<tool_call>now\n</tool_call>',
      },
      {
        role: 'user',
        content:
          '<tool_response name="add">\n{"sum":1}\n</tool_response>\n' +
          '<tool_response name="now">\nnoon\n</tool_response>',
      },
      { role: 'user', content: 'thanks' },
    ]);
  });

  test('puts results in the order of their calls, and those that answer none last', () => {
    const call = (id: string, name: string) => ({ id, function: { name, arguments: '{}' } });
    const messages = toPromptMessages([
      { role: 'assistant', tool_calls: [call('1', 'old')] },
      { role: 'tool', tool_call_id: '1', content: 'from before' },
      { role: 'assistant', tool_calls: [call('1', 'a'), call('2', 'b')] },
      { role: 'tool', tool_call_id: 'lost', content: 'of nobody' },
      { role: 'tool', tool_call_id: '2', content: 'of b' },
      { role: 'tool', tool_call_id: '1', content: 'of a' },
    ]);
    expect(messages.filter(({ role }) => role === 'user')).toEqual([
      { role: 'user', content: '<tool_response name="old">\nfrom before\n</tool_response>' },
      {
        role: 'user',
        content:
          '<tool_response name="a">\nof a\n</tool_response>\n' +
          '<tool_response name="b">\nof b\n</tool_response>\n' +
          '<tool_response>\nof nobody\n</tool_response>',
      },
    ]);
  });

  const call = (id: string, name: string) => ({ id, function: { name, arguments: '{}' } });
  const result = (id: string, content: string) =>
    ({ role: 'tool', tool_call_id: id, content }) as const;
  const REUSED_IDS: [title: string, history: ChatMessage[], results: string[]][] = [
    [
      'for two calls of one message, in the order of the calls',
      [
        { role: 'assistant', tool_calls: [call('0', 'a'), call('0', 'b')] },
        result('0', 'of a'),
        result('0', 'of b'),
      ],
      [
        '<tool_response name="a">\nof a\n</tool_response>\n<tool_response name="b">\nof b\n</tool_response>',
      ],
    ],
    [
      'in every turn, to the turn they follow',
      [
        { role: 'assistant', tool_calls: [call('0', 'a')] },
        result('0', 'of a'),
        { role: 'assistant', tool_calls: [call('0', 'b')] },
        result('0', 'of b'),
      ],
      [
        '<tool_response name="a">\nof a\n</tool_response>',
        '<tool_response name="b">\nof b\n</tool_response>',
      ],
    ],
    [
      'in two turns that are answered together, the later one first',
      [
        { role: 'assistant', tool_calls: [call('0', 'a')] },
        { role: 'assistant', tool_calls: [call('0', 'b')] },
        result('0', 'of b'),
        result('0', 'of a'),
      ],
      [
        '<tool_response name="a">\nof a\n</tool_response>\n<tool_response name="b">\nof b\n</tool_response>',
      ],
    ],
    [
      'more often than there are calls, the rest to the latest',
      [
        { role: 'assistant', tool_calls: [call('0', 'a')] },
        { role: 'assistant', tool_calls: [call('0', 'b')] },
        result('0', 'of b'),
        { role: 'user', content: 'Wait.' },
        result('0', 'of a'),
        { role: 'user', content: 'And?' },
        result('0', 'more'),
      ],
      [
        '<tool_response name="b">\nof b\n</tool_response>',
        'Wait.',
        '<tool_response name="a">\nof a\n</tool_response>',
        'And?',
        '<tool_response name="b">\nmore\n</tool_response>',
      ],
    ],
  ];
  test.each(REUSED_IDS)('gives results whose id is used %s', (_, history, results) => {
    const said = toPromptMessages(history).filter(({ role }) => role === 'user');
    expect(said.map(({ content }) => content)).toEqual(results);
  });

  test.each([[null], [''], [[]]])('takes %j beside tool calls for no text', (content) => {
    const tool_calls = [{ id: 'c', function: { name: 'f' } }];
    expect(toPromptMessages([{ role: 'assistant', content, tool_calls }])).toEqual([
      { role: 'assistant', content: '<tool_call>f\n</tool_call>' },
    ]);
  });

  test('puts the text before the tool calls, without the reasoning', () => {
    expect(
      toPromptMessages([
        {
          role: 'assistant',
          content: 'let me see',
          reasoning_content: 'hm',
          tool_calls: [{ id: 'c', function: { name: 'f', arguments: null } }],
        },
      ]),
    ).toEqual([{ role: 'assistant', content: 'let me see\n<tool_call>f\n</tool_call>' }]);
  });

  test('writes the older function calls likewise', () => {
    expect(
      toPromptMessages([
        { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{"x":1}' } },
        { role: 'function', name: 'f', content: '2' },
      ]),
    ).toEqual([
      {
        role: 'assistant',
        content: '<tool_call>f\n<arg_key>x</arg_key>\n<arg_value>1</arg_value>\n</tool_call>',
      },
      { role: 'user', content: '<tool_response name="f">\n2\n</tool_response>' },
    ]);
  });
});
