import { describe, expect, test } from 'bun:test';
import { Value } from '@sinclair/typebox/value';
import { Elysia } from 'elysia';
import type { ChatCompletionCreateParamsBase } from 'openai/resources/chat/completions/completions';
import { ChatCompletionRequest } from '../../src/openai/chat-request.ts';
import { clientBodies } from './client-bodies.ts';

const echo = new Elysia().post('/', ({ body }) => body, { body: ChatCompletionRequest });

async function throughElysia(body: unknown): Promise<unknown> {
  const response = await echo.handle(
    new Request('http://localhost/', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
  return response.status === 200 ? response.json() : response.status;
}

describe('a chat completion request', () => {
  test.each(Object.entries(clientBodies))(
    'of %s reaches the handler unchanged',
    async (_, body) => {
      expect(await throughElysia(body)).toEqual(body);
    },
  );

  test('keeps unlisted fields at every level', async () => {
    const unlisted = { deep: [{ deeper: { deepest: 1 } }] };
    const body = {
      messages: [
        {
          role: 'user',
          content: [{ type: 'image_url', image_url: { url: 'u', unlisted }, unlisted }],
          unlisted,
        },
        {
          role: 'assistant',
          tool_calls: [{ unlisted, function: { name: 'f', arguments: '', unlisted } }],
          function_call: { name: 'f', unlisted },
        },
      ],
      stream_options: { unlisted },
      tools: [{ unlisted, function: { name: 'f', unlisted } }],
      functions: [{ name: 'f', unlisted }],
      response_format: { type: 'text', unlisted },
      thinking: { unlisted },
      metadata: { unlisted },
      unlisted,
    };
    expect(await throughElysia(body)).toEqual(body);
  });

  test('takes text, parts, null, an empty text and nothing as content in every role', () => {
    const refused = ['developer', 'system', 'user', 'assistant', 'tool', 'function'].flatMap(
      (role) =>
        ['text', '', null, undefined, [], [{ type: 'text', text: 'a', x: 1 }]]
          .map((content) => ({
            messages: [content === undefined ? { role } : { role, content }],
          }))
          .filter((body) => !Value.Check(ChatCompletionRequest, body)),
    );
    expect(refused).toEqual([]);
  });

  test.each([
    'text',
    'image_url',
    'refusal',
    'input_text',
    'output_text',
    'thinking',
    'redacted_thinking',
    'reasoning',
  ])('takes parts of type %s, with all their fields', async (type) => {
    const body = { messages: [{ role: 'assistant', content: [{ type, unlisted: 1 }] }] };
    expect(await throughElysia(body)).toEqual(body);
  });

  test.each(['input_audio', 'file', 'video_url', 'tool_use', 'new', ''])(
    'refuses parts of type %p, in every role',
    (type) => {
      const accepted = ['developer', 'system', 'user', 'assistant', 'tool', 'function'].filter(
        (role) => Value.Check(ChatCompletionRequest, { messages: [{ role, content: [{ type }] }] }),
      );
      expect(accepted).toEqual([]);
    },
  );

  test('lists every parameter of the OpenAI client library', () => {
    // Fails to compile when the library knows a parameter that the schema does not.
    type Missing = Exclude<keyof ChatCompletionCreateParamsBase, keyof ChatCompletionRequest>;
    const missing: [Missing] extends [never] ? 'none' : Missing = 'none';
    expect(missing).toBe('none');
  });

  test.each([
    ['messages', []],
    ['messages', 'hi'],
    ['messages', null],
    ['temperature', -0.1],
    ['temperature', 2.1],
    ['temperature', '0.5'],
    ['top_p', 1.1],
    ['n', 0],
    ['n', 1.5],
    ['n', 9],
    ['max_tokens', 0],
    ['max_completion_tokens', 0],
    ['top_logprobs', 21],
    ['frequency_penalty', 3],
    ['presence_penalty', -3],
    ['stream', 'true'],
    ['model', 4],
    ['stop', [1]],
    ['tools', {}],
  ])('with %s = %j is refused', (name, value) => {
    const body = { messages: [{ role: 'user', content: 'hi' }], [name]: value };
    expect(Value.Check(ChatCompletionRequest, body)).toBe(false);
  });
});
