import { expect, test } from 'bun:test';
import { dialectOf } from '../../../src/upstream/zai-api/api-dialect.ts';

test.each([
  ['https://api.z.ai/api/paas/v4', 'zai'],
  ['https://api.z.ai/api/coding/paas/v4/', 'zai'],
  ['https://open.bigmodel.cn/api/paas/v4', 'zai'],
  ['http://127.0.0.1:8000/v1', 'openai-compatible'],
  ['https://api.z.ai.example.com/v1', 'openai-compatible'],
] as const)('at %s is spoken %s', (baseUrl, dialect) => {
  expect(dialectOf(baseUrl)).toBe(dialect);
});
