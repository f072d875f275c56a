import { expect, test } from 'bun:test';
import { describeRequest, quoteRequest } from '../../src/logging/describe-request.ts';
import type { ChatCompletionRequest } from '../../src/openai/chat-request.ts';

const IMAGE = `data:image/png;base64,${'A'.repeat(20_000)}`;

const REQUEST: ChatCompletionRequest = {
  model: 'GLM-4.6',
  messages: [
    { role: 'system', content: 'secret' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'private' },
        { type: 'image_url', image_url: { url: IMAGE } },
      ],
    },
  ],
  tools: [{ type: 'function', function: { name: 'find_secret' } }],
  temperature: 0.5,
  stream: true,
  top_p: null,
  user: 'private',
  stop: ['secret'],
};

test('a request is described without a word of its client', () => {
  expect(describeRequest(REQUEST)).toEqual({
    model: 'GLM-4.6',
    messages: [
      { role: 'system', characters: 6, parts: 1 },
      { role: 'user', characters: 7, parts: 2 },
    ],
    tools: 1,
    parameters: { temperature: 0.5, stream: true, user: 'set', stop: 'set' },
  });
});

test('a request is quoted as it is, but for texts of megabytes', () => {
  const quoted = quoteRequest(REQUEST);
  expect(JSON.parse(quoted)).toMatchObject({
    user: 'private',
    messages: [{ content: 'secret' }, {}],
  });
  expect(quoted).toContain(`… (${IMAGE.length} characters)`);
  expect(quoted.length).toBeLessThan(11_000);
});
