import { describe, expect, test } from 'bun:test';
import type { UpstreamRequest } from '../../../src/upstream/upstream-request.ts';
import { buildMessages } from '../../../src/upstream/zai-api/build-messages.ts';
import { makeRequest } from '../zai-web/make-exchange.ts';
import { makeTools } from './make-exchange.ts';

const build = (request: Partial<UpstreamRequest>) => buildMessages(makeRequest(request), 'zai');

const TOLD = '<instructions>\nDo it.\n</instructions>';

describe('instructions', () => {
  test.each<[string, UpstreamRequest['messages'], unknown]>([
    [
      'stand behind what the user says last',
      [{ role: 'user', content: 'go' }],
      { role: 'user', content: `go\n\n${TOLD}` },
    ],
    [
      'stand behind its images',
      [{ role: 'user', content: [{ type: 'image_url', image_url: 'https://x/y.png' }] }],
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'https://x/y.png' } },
          { type: 'text', text: TOLD },
        ],
      },
    ],
    ['take the place of nothing', [{ role: 'user', content: '' }], { role: 'user', content: TOLD }],
    [
      'are a message of their own after another speaker',
      [
        { role: 'user', content: 'go' },
        { role: 'tool', content: 'done', tool_call_id: 'c1' },
      ],
      { role: 'user', content: TOLD },
    ],
    [
      'are the message that a conversation without a user needs',
      [{ role: 'system', content: 'Be kind.' }],
      { role: 'user', content: TOLD },
    ],
  ])('%s', (_, messages, last) => {
    expect<unknown>(build({ messages, reminder: 'Do it.' }).at(-1)).toEqual(last);
  });

  test('are all in one place', () => {
    const request = {
      tools: makeTools({ choice: 'required' }),
      json: { schema: null },
      reminder: 'Do it.',
    };
    const [message] = build(request);
    expect(message?.content).toMatch(
      /^hello\n\n<instructions>\nYour next reply must call.+\nUnless you call.+\nDo it\.\n<\/instr/,
    );
  });
});

describe('a conversation without a user', () => {
  test.each<[string, UpstreamRequest['messages'], string[]]>([
    ['of instructions', [{ role: 'system', content: 'x' }], ['system', 'user']],
    ['of replies', [{ role: 'assistant', content: 'x' }], ['user', 'assistant']],
    [
      'of both',
      [
        { role: 'system', content: 'x' },
        { role: 'developer', content: 'y' },
        { role: 'assistant', content: 'z' },
      ],
      ['system', 'system', 'user', 'assistant'],
    ],
  ])('%s is opened by one', (_, messages, roles) => {
    expect<string[]>(build({ messages }).map(({ role }) => role)).toEqual(roles);
  });
});

test('no message is changed where nothing is to be said', () => {
  const messages: UpstreamRequest['messages'] = [
    { role: 'user', content: 'a' },
    { role: 'assistant', content: 'b' },
  ];
  expect<unknown>(build({ messages })).toEqual(messages);
});
