import { expect, test } from 'bun:test';
import { classifyApiResponse } from '../../../src/upstream/zai-api/classify-response.ts';

const JSON_TYPE = 'application/json';

test.each<[number, string | null, string, string, string | null]>([
  [400, JSON_TYPE, '{"error":{"code":"1214","message":"x"}}', 'bad-request', '1214'],
  [429, JSON_TYPE, '{"error":{"code":"1113","message":"x"}}', 'insufficient-balance', '1113'],
  [401, JSON_TYPE, '{"code":1001,"msg":"x","success":false}', 'credential-rejected', '1001'],
  [200, JSON_TYPE, '{"error":{"code":"1305","message":"x"}}', 'model-overloaded', '1305'],
  [200, JSON_TYPE, '{"object":"chat.completion","choices":[]}', 'broken-stream', null],
  [200, JSON_TYPE, '[]', 'unavailable', null],
  [200, JSON_TYPE, '{"choi', 'unavailable', null],
  [404, JSON_TYPE, '{"detail":"Not Found"}', 'unavailable', null],
  [404, null, 'model x not found', 'model-not-found', null],
  [500, 'text/plain', 'oops', 'unavailable', null],
  [503, null, '', 'unavailable', null],
  [307, null, '', 'unavailable', null],
  [403, 'text/html; charset=utf-8', '<html>1302</html>', 'address-blocked', null],
  [502, 'text/html', '<html></html>', 'unavailable', null],
  [200, 'text/html', '<html></html>', 'unavailable', null],
])('%d %s %s is %s', (status, contentType, body, kind, upstreamCode) => {
  const failure = classifyApiResponse({ status, contentType, retryAfterMs: 7, body });
  expect(failure).toMatchObject({ kind, status, upstreamCode, retryAfterMs: 7 });
});

test('a reset time is more exact than a header', () => {
  const reset = new Date(Date.now() + 8 * 3_600_000 + 60_000).toISOString();
  const message = `Your limit will reset at ${reset.slice(0, 10)} ${reset.slice(11, 19)}`;
  const { retryAfterMs } = classifyApiResponse({
    status: 429,
    contentType: JSON_TYPE,
    retryAfterMs: 7,
    body: JSON.stringify({ error: { code: '1308', message } }),
  });
  expect(Math.round((retryAfterMs ?? 0) / 10_000)).toBe(6);
});
