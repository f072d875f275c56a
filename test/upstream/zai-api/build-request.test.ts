import { expect, test } from 'bun:test';
import packageJson from '../../../package.json' with { type: 'json' };
import { buildApiRequest } from '../../../src/upstream/zai-api/build-request.ts';
import { bodyOf, makeApiExchange } from './make-exchange.ts';

test('the headers carry the key, ask for a stream, and say who asks', () => {
  expect(buildApiRequest(makeApiExchange()).headers).toEqual({
    Accept: 'text/event-stream',
    'Accept-Language': 'en-US,en',
    Authorization: 'Bearer key-id.key-secret',
    'Content-Type': 'application/json',
    'User-Agent': `glm-gateway/${packageJson.version}`,
  });
});

test.each([
  ['https://api.z.ai/api/paas/v4', 'https://api.z.ai/api/paas/v4/chat/completions'],
  ['https://api.z.ai/api/paas/v4//', 'https://api.z.ai/api/paas/v4/chat/completions'],
  ['http://localhost:8000', 'http://localhost:8000/chat/completions'],
  ['http://localhost/v1?version=2', 'http://localhost/v1/chat/completions?version=2'],
])('completions of %s are at %s', (baseUrl, url) => {
  expect(buildApiRequest(makeApiExchange({ baseUrl })).url).toBe(url);
});

test('a plain request to Z.ai says no more than it must', () => {
  expect(bodyOf()).toEqual({
    model: 'glm-4.6',
    messages: [{ role: 'user', content: 'hello' }],
    stream: true,
    thinking: { type: 'disabled' },
  });
});

test('a plain request to another server asks for usage, and for thinking in its own words', () => {
  expect(bodyOf({}, 'openai-compatible')).toEqual({
    model: 'glm-4.6',
    messages: [{ role: 'user', content: 'hello' }],
    stream: true,
    stream_options: { include_usage: true },
    chat_template_kwargs: { enable_thinking: false },
  });
});

test('the body that is sent is that body', () => {
  expect(JSON.parse(buildApiRequest(makeApiExchange()).body)).toEqual(bodyOf());
});
