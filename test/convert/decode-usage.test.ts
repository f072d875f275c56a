import { expect, test } from 'bun:test';
import { decodeUsage } from '../../src/convert/decode-usage.ts';
import type { TokenUsage } from '../../src/convert/part.ts';

const UNKNOWN: TokenUsage = {
  promptTokens: null,
  completionTokens: null,
  totalTokens: null,
  reasoningTokens: null,
  cachedTokens: null,
};

test.each<[string, object, Partial<TokenUsage>]>([
  [
    'all numbers',
    {
      prompt_tokens: 1,
      completion_tokens: 2,
      total_tokens: 3,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 5 },
    },
    {
      promptTokens: 1,
      completionTokens: 2,
      totalTokens: 3,
      cachedTokens: 4,
      reasoningTokens: 5,
    },
  ],
  ['0 as 0', { prompt_tokens: 0 }, { promptTokens: 0 }],
  [
    'what is no count as unknown',
    { prompt_tokens: 1, completion_tokens: '2', total_tokens: -3, prompt_tokens_details: null },
    { promptTokens: 1 },
  ],
])('reads %s', (_, usage, known) => {
  expect(decodeUsage(usage)).toEqual({ ...UNKNOWN, ...known });
});

test.each([[null], [undefined], ['many'], [[1]], [{}], [{ total_tokens: 1.5 }]])(
  'there is no usage in %j',
  (usage) => {
    expect(decodeUsage(usage)).toBeNull();
  },
);
