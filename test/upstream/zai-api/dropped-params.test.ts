import { expect, test } from 'bun:test';
import type { ChatCompletionRequest } from '../../../src/openai/chat-request.ts';
import { droppedParams } from '../../../src/openai/dropped-params.ts';
import { apiDroppedParams } from '../../../src/upstream/zai-api/dropped-params.ts';

function dropped(params: Record<string, unknown>): [zai: string[], compatible: string[]] {
  const request = { messages: [{ role: 'user', content: 'x' }], ...params };
  const named = droppedParams(request as ChatCompletionRequest, true);
  const inDialect = (dialect: 'zai' | 'openai-compatible') =>
    apiDroppedParams(request as ChatCompletionRequest, named, dialect);
  return [inDialect('zai'), inDialect('openai-compatible')];
}

test.each<[string, Record<string, unknown>, string[], string[]]>([
  ['nothing', {}, [], []],
  ['what nobody knows', { top_k: 1, logprobs: true }, ['logprobs', 'top_k'], ['logprobs', 'top_k']],
  ['a seed', { seed: 1 }, ['seed'], []],
  [
    'penalties',
    { frequency_penalty: 1, presence_penalty: 1 },
    ['frequency_penalty', 'presence_penalty'],
    [],
  ],
  ["Z.ai's own parameters", { do_sample: false, thinking: { clear_thinking: false } }, [], []],
  ['a user', { user: 'sixsix' }, [], []],
  ['a user with a short name', { user: 'ann' }, ['user'], []],
  ['a user in both words', { user: 'sixsix', user_id: 'eleven' }, ['user'], ['user']],
  ['a request id', { request_id: 'r-12345' }, ['request_id'], ['request_id']],
  [
    'a strict function',
    { tools: [{ type: 'function', function: { name: 'f', strict: true } }] },
    ['tools.function.strict'],
    ['tools.function.strict'],
  ],
  [
    'a function that may be loose',
    { tools: [{ type: 'function', function: { name: 'f', strict: false } }] },
    [],
    [],
  ],
  [
    'the name of a speaker',
    { messages: [{ role: 'user', content: 'x', name: 'ann' }] },
    ['messages.name'],
    [],
  ],
  [
    "the name of a tool, which its call's id tells",
    { messages: [{ role: 'tool', content: 'x', name: 'add', tool_call_id: 'c' }] },
    [],
    [],
  ],
  [
    'web search',
    { web_search: true, web_search_options: {}, tools: [{ type: 'web_search' }] },
    [],
    ['tools.web_search', 'web_search', 'web_search_options'],
  ],
  ['web search that is off', { web_search: false }, [], []],
])('of %s', (_, params, zai, compatible) => {
  expect(dropped(params)).toEqual([zai, compatible]);
});
