import { describe, expect, test } from 'bun:test';
import { type TSchema, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { Value } from '@sinclair/typebox/value';
import { Elysia, ValidationError } from 'elysia';
import { ChatCompletionRequest } from '../../src/openai/chat-request.ts';
import { validationError } from '../../src/openai/validation-error.ts';

const compiled = TypeCompiler.Compile(ChatCompletionRequest);
const hi = { role: 'user', content: 'hi' };

function explain(body: unknown): [param: string | null, code: string | null, message: string] {
  const { param, code, message } = validationError(compiled.Errors(body));
  return [param, code, message];
}

const MISTAKES: [body: unknown, param: string | null, code: string, message: string][] = [
  [
    { messages: [hi, { role: 'user', content: 5 }] },
    'messages[1].content',
    'invalid_type',
    "'messages[1].content' must be a string or a list of parts, not a number.",
  ],
  [
    { messages: [{ role: 'user', content: { type: 'text' } }] },
    'messages[0].content',
    'invalid_type',
    "'messages[0].content' must be a string or a list of parts, not an object.",
  ],
  [
    {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 5 },
          ],
        },
      ],
    },
    'messages[0].content[1].text',
    'invalid_type',
    "'messages[0].content[1].text' must be a string, not a number.",
  ],
  [
    {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Listen:' },
            { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
          ],
        },
      ],
    },
    'messages[0].content[1].type',
    'invalid_value',
    "'messages[0].content[1].type' must be 'text', 'image_url', 'refusal', 'input_text', 'output_text', 'thinking', 'redacted_thinking' or 'reasoning'.",
  ],
  [
    { messages: [{ role: 'user', content: ['hi'] }] },
    'messages[0].content[0]',
    'invalid_type',
    "'messages[0].content[0]' must be an object, not a string.",
  ],
  [
    { messages: [{ role: 'user', content: [{ text: 'hi' }] }] },
    'messages[0].content[0].type',
    'missing_required_parameter',
    "'messages[0].content[0].type' is required.",
  ],
  [
    { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] },
    'messages[0].content[0].image_url.url',
    'missing_required_parameter',
    "'messages[0].content[0].image_url.url' is required.",
  ],
  [
    { messages: [{ role: 'robot', content: 'hi' }] },
    'messages[0].role',
    'invalid_value',
    "'messages[0].role' must be 'developer', 'system', 'user', 'assistant', 'tool' or 'function'.",
  ],
  [
    { messages: [{ content: 'hi' }] },
    'messages[0].role',
    'missing_required_parameter',
    "'messages[0].role' is required.",
  ],
  [
    { messages: [{ role: 'assistant', tool_calls: [{ function: { name: 'f', arguments: {} } }] }] },
    'messages[0].tool_calls[0].function.arguments',
    'invalid_type',
    "'messages[0].tool_calls[0].function.arguments' must be a string, not an object.",
  ],
  [
    { messages: ['hi'] },
    'messages[0]',
    'invalid_type',
    "'messages[0]' must be an object, not a string.",
  ],
  [{ model: 'GLM-4.6' }, 'messages', 'missing_required_parameter', "'messages' is required."],
  [{ messages: [] }, 'messages', 'invalid_value', "'messages' must have at least 1 item."],
  [{ messages: null }, 'messages', 'invalid_type', "'messages' must be a list, not null."],
  [
    { messages: [hi], temperature: 3 },
    'temperature',
    'invalid_value',
    "'temperature' must be a number from 0 to 2.",
  ],
  [
    { messages: [hi], temperature: 'hot' },
    'temperature',
    'invalid_type',
    "'temperature' must be a number from 0 to 2, not a string.",
  ],
  [{ messages: [hi], n: 1.5 }, 'n', 'invalid_value', "'n' must be an integer from 1 to 8."],
  [
    { messages: [hi], stream: 'yes' },
    'stream',
    'invalid_type',
    "'stream' must be true or false, not a string.",
  ],
  [
    { messages: [hi], stop: ['a', 1] },
    'stop[1]',
    'invalid_type',
    "'stop[1]' must be a string, not a number.",
  ],
  [
    { messages: [hi], stop: 1 },
    'stop',
    'invalid_type',
    "'stop' must be a string or a list of strings, not a number.",
  ],
  [
    { messages: [hi], tool_choice: 1 },
    'tool_choice',
    'invalid_type',
    "'tool_choice' must be 'none', 'auto', 'required' or an object, not a number.",
  ],
  [
    { messages: [hi], tool_choice: 'any' },
    'tool_choice',
    'invalid_value',
    "'tool_choice' must be 'none', 'auto', 'required' or an object.",
  ],
  [
    { messages: [hi], tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'none' } } },
    'tool_choice.allowed_tools.tools',
    'missing_required_parameter',
    "'tool_choice.allowed_tools.tools' is required.",
  ],
  [
    { messages: [hi], tools: [{ type: 'function', function: { name: 'f', parameters: [] } }] },
    'tools[0].function.parameters',
    'invalid_type',
    "'tools[0].function.parameters' must be an object, not a list.",
  ],
  [
    { messages: [hi], response_format: { type: 'grammar' } },
    'response_format.type',
    'invalid_value',
    "'response_format.type' must be 'text', 'json_object' or 'json_schema'.",
  ],
  [
    { messages: [hi], response_format: { type: 'json_schema', json_schema: { schema: 'x' } } },
    'response_format.json_schema.schema',
    'invalid_type',
    "'response_format.json_schema.schema' must be an object, not a string.",
  ],
  [
    { messages: [hi], stream_options: { include_usage: 1 } },
    'stream_options.include_usage',
    'invalid_type',
    "'stream_options.include_usage' must be true or false, not a number.",
  ],
  [
    { messages: [hi], model: 'm'.repeat(257) },
    'model',
    'invalid_value',
    "'model' must be a string of at most 256 characters.",
  ],
  [[hi], null, 'invalid_type', 'The request body must be an object, not a list.'],
  [undefined, null, 'invalid_type', 'The request body must be an object, not null.'],
];

describe('a validation error', () => {
  test.each(MISTAKES)('of %j names the field and what it must be', (body, param, code, message) => {
    expect(explain(body)).toEqual([param, code, message]);
  });

  test('is a 400 in the shape of OpenAI', () => {
    const error = validationError(compiled.Errors({ messages: [hi], top_p: 2 }));
    expect([error.status, error.toBody()]).toEqual([
      400,
      {
        error: {
          message: "'top_p' must be a number from 0 to 1.",
          type: 'invalid_request_error',
          param: 'top_p',
          code: 'invalid_value',
        },
      },
    ]);
  });

  test('tells of the first of several mistakes', () => {
    expect(explain({ messages: [{ role: 'user', content: 5 }], temperature: 'x' })[0]).toBe(
      'messages[0].content',
    );
  });

  test('never repeats the value', () => {
    const secret = 'the prompt';
    expect(explain({ messages: secret, temperature: secret })[2]).not.toContain(secret);
  });

  test.each<[TSchema, unknown, string]>([
    [Type.Number({ maximum: 3 }), 4, 'The request body must be a number of at most 3.'],
    [Type.Array(Type.Null(), { minItems: 2 }), [], 'The request body must have at least 2 items.'],
    [
      Type.Object({ 'a/b~c': Type.String() }),
      { 'a/b~c': 1 },
      "'a/b~c' must be a string, not a number.",
    ],
    [Type.Null(), 1, 'The request body must be null, not a number.'],
  ])('reads any schema, such as %j', (schema, value, message) => {
    expect(validationError(Value.Errors(schema, value)).message).toBe(message);
  });

  test('of a check that found nothing still is an invalid request', () => {
    expect(validationError([]).message).toBe('The request body is not valid.');
  });

  test('reads what Elysia throws', async () => {
    const app = new Elysia()
      .onError(({ error }) =>
        error instanceof ValidationError ? validationError(error.all).toBody() : undefined,
      )
      .post('/', () => 'never reached', { body: ChatCompletionRequest });
    const response = await app.handle(
      new Request('http://localhost/', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ messages: [{ role: 'user', content: [{ type: 1 }] }] }),
      }),
    );
    expect(await response.json()).toMatchObject({
      error: { param: 'messages[0].content[0].type', code: 'invalid_type' },
    });
  });
});
