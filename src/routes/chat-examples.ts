import type { ExampleDocs } from '../docs/operation.ts';

const MODEL = 'GLM-4.6';
const GREETING = [{ role: 'user', content: 'Say hello in three languages.' }];

const WEATHER_TOOL = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather in a city, now.',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
    },
  },
};

/** One pixel. */
const PNG =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

/** Requests for a chat, each with what it shows. */
export const CHAT_REQUESTS = {
  text: { summary: 'A whole reply', value: { model: MODEL, messages: GREETING } },
  stream: {
    summary: 'A streamed reply, with usage at its end',
    value: {
      model: MODEL,
      messages: GREETING,
      stream: true,
      stream_options: { include_usage: true },
    },
  },
  thinking: {
    summary: 'A model that thinks before it answers',
    value: {
      model: MODEL,
      messages: [{ role: 'user', content: 'Is 391 a prime number?' }],
      thinking: { type: 'enabled' },
    },
  },
  tools: {
    summary: 'A function that the model may call',
    value: {
      model: MODEL,
      messages: [{ role: 'user', content: 'What is the weather in Oslo?' }],
      tools: [WEATHER_TOOL],
      tool_choice: 'auto',
    },
  },
  'tool-result': {
    summary: 'What the function returned',
    value: {
      model: MODEL,
      messages: [
        { role: 'user', content: 'What is the weather in Oslo?' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            {
              id: 'call_1',
              type: 'function',
              function: { name: 'get_weather', arguments: '{"city":"Oslo"}' },
            },
          ],
        },
        { role: 'tool', tool_call_id: 'call_1', content: '{"celsius":-3,"sky":"clear"}' },
      ],
      tools: [WEATHER_TOOL],
    },
  },
  image: {
    summary: 'An image',
    value: {
      model: 'GLM-4.5V',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is in this picture?' },
            { type: 'image_url', image_url: { url: PNG } },
          ],
        },
      ],
    },
  },
  json: {
    summary: 'JSON that fits a schema',
    value: {
      model: MODEL,
      messages: [{ role: 'user', content: 'Name the largest planet, and its moons’ number.' }],
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'planet',
          schema: {
            type: 'object',
            properties: { name: { type: 'string' }, moons: { type: 'integer' } },
            required: ['name', 'moons'],
          },
        },
      },
    },
  },
  search: {
    summary: 'An answer from the web, with its sources',
    value: {
      model: MODEL,
      messages: [{ role: 'user', content: 'Who won the last chess world championship?' }],
      web_search: true,
    },
  },
} as const satisfies Record<string, ExampleDocs>;

const completion = (message: object, finish_reason: string) => ({
  id: 'chatcmpl-5f0c2a6d4e1b4a7c9d3e8f6b2a1c0d9e',
  object: 'chat.completion',
  created: 1_763_683_200,
  model: MODEL,
  choices: [
    {
      index: 0,
      message: { role: 'assistant', ...message, refusal: null },
      logprobs: null,
      finish_reason,
    },
  ],
  usage: { prompt_tokens: 14, completion_tokens: 9, total_tokens: 23 },
});

/** Whole replies, each with what it shows. */
export const CHAT_REPLIES = {
  text: {
    summary: 'Text',
    value: completion({ content: 'Hello! 你好！¡Hola!' }, 'stop'),
  },
  thinking: {
    summary: 'Text, and the reasoning before it',
    value: completion(
      { content: 'No: 391 is 17 × 23.', reasoning_content: '391 / 17 is 23.' },
      'stop',
    ),
  },
  tools: {
    summary: 'A call',
    value: completion(
      {
        content: null,
        tool_calls: [
          {
            id: 'call_1',
            type: 'function',
            function: { name: 'get_weather', arguments: '{"city":"Oslo"}' },
          },
        ],
      },
      'tool_calls',
    ),
  },
} as const satisfies Record<string, ExampleDocs>;

/** A stream, as its text. */
export const CHAT_STREAM = [
  '{"id":"chatcmpl-5f0c2a6d","object":"chat.completion.chunk","created":1763683200,"model":"GLM-4.6","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}',
  '{"id":"chatcmpl-5f0c2a6d","object":"chat.completion.chunk","created":1763683200,"model":"GLM-4.6","choices":[{"index":0,"delta":{"content":"Hello!"},"finish_reason":null}]}',
  '{"id":"chatcmpl-5f0c2a6d","object":"chat.completion.chunk","created":1763683200,"model":"GLM-4.6","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}',
  '[DONE]',
]
  .map((data) => `data: ${data}\n\n`)
  .join('');
