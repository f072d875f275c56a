import { describe, expect, test } from 'bun:test';
import { toGatewayError, type UpstreamFailureKind } from '../src/upstream-failure.ts';
import { classifyApiError, findApiError } from '../src/zai-api-failure.ts';

const classify = (code: unknown, message: unknown = 'x', status: number | null = 200) =>
  classifyApiError({ code, message }, status, Date.parse('2026-09-11T16:19:04Z'));

describe('findApiError', () => {
  test.each([
    [{ error: { code: '1214', message: 'no' } }, { code: '1214', message: 'no' }],
    [{ error: 'no' }, { code: undefined, message: 'no' }],
    [
      { code: 1001, msg: 'no', success: false },
      { code: 1001, message: 'no' },
    ],
    [
      { code: 500, message: 'no', success: false },
      { code: 500, message: 'no' },
    ],
    [
      { object: 'error', message: 'no', code: 400 },
      { code: 400, message: 'no' },
    ],
    [{ detail: 'Not Found' }, { code: undefined, message: 'Not Found' }],
  ])('finds the one in %j', (body, error) => {
    expect(findApiError(body)).toEqual(error);
  });

  test.each([
    [{ id: '1', object: 'chat.completion.chunk', choices: [] }],
    [{ choices: [{ delta: { content: 'an error' } }], error: null }],
    [{ error: {} }],
    [{ error: '' }],
    ['error'],
    [null],
  ])('finds none in %j', (body) => {
    expect(findApiError(body)).toBeNull();
  });
});

describe('a business code', () => {
  test.each<[UpstreamFailureKind, number[]]>([
    ['credential-rejected', [1000, 1001, 1002, 1003, 1004]],
    ['account-blocked', [1110, 1111, 1112, 1120, 1121, 1313]],
    ['insufficient-balance', [1113]],
    ['bad-request', [1210, 1212, 1213, 1214, 1215, 1261]],
    ['model-not-found', [1211]],
    ['permission-denied', [1220, 1221, 1222, 1311]],
    ['duplicate-request', [1231]],
    ['unavailable', [500, 1230, 1234]],
    ['content-filtered', [1301]],
    ['rate-limited', [1302, 1303]],
    ['quota-exhausted', [1304, 1308, 1309, 1310]],
    ['model-overloaded', [1305, 1312]],
  ])('of %s is known, as text and as number, whatever the status', (kind, codes) => {
    const kinds = codes.flatMap((code) => [
      classify(String(code), 'x', 200).kind,
      classify(code, 'x', 429).kind,
      classify(code, 'x', 400).kind,
    ]);
    expect(new Set(kinds)).toEqual(new Set([kind]));
  });

  test('1113 says that it can be the balance or the base URL', () => {
    const { message } = classify('1113', 'Your account is in arrears.', 429);
    expect(message).toMatch(
      /no balance, or the key belongs to another base URL.+: Your account is/,
    );
  });
});

describe('without a business code', () => {
  test.each<[unknown, string, number | null, UpstreamFailureKind]>([
    ['invalid_api_key', '', 401, 'credential-rejected'],
    ['insufficient_quota', '', 429, 'insufficient-balance'],
    ['rate_limit_exceeded', '', 429, 'rate-limited'],
    ['model_not_found', '', 404, 'model-not-found'],
    ['content_filter', '', 400, 'content-filtered'],
    [404, 'The model `glm-9` does not exist.', 404, 'model-not-found'],
    [404, 'The model `glm-9` does not exist.', 200, 'model-not-found'],
    [null, 'Not Found', 404, 'unavailable'],
    [400, 'context length exceeded', 200, 'bad-request'],
    [undefined, '', 400, 'bad-request'],
    [undefined, '', 401, 'credential-rejected'],
    [undefined, '', 402, 'insufficient-balance'],
    [undefined, '', 403, 'permission-denied'],
    [undefined, '', 413, 'bad-request'],
    [undefined, '', 422, 'bad-request'],
    [undefined, '', 429, 'rate-limited'],
    [undefined, '', 434, 'permission-denied'],
    [undefined, '', 503, 'unavailable'],
    ['SOMETHING_NEW', '', 200, 'unavailable'],
    [undefined, '', null, 'unavailable'],
  ])('%p (%s) with status %p is %s', (code, message, status, kind) => {
    expect(classify(code, message, status).kind).toBe(kind);
  });
});

describe('a used-up quota', () => {
  test.each([
    ['Usage limit reached for 5 hour. Your limit will reset at 2026-09-12 00:35:41', 997_000],
    ['已达到 5 小时的使用上限。您的限额将在 2026-09-12 00:35:41 重置。', 997_000],
    ['Your limit will reset at 2026-09-12 00:19:00', null],
    ['Your limit will reset at 2026-99-99 00:19:00', null],
    ['Come back tomorrow.', null],
  ])('waits for the reset it names, by the clock of China: %s', (message, retryAfterMs) => {
    expect(classify('1308', message, 429).retryAfterMs).toBe(retryAfterMs);
  });

  test('is the only failure that a time in a message holds back', () => {
    expect(classify('1302', 'seen at 2026-09-12 00:35:41', 429).retryAfterMs).toBeNull();
  });
});

describe('a failure', () => {
  test("keeps the API's words, its code and the status", () => {
    expect(classify('1214', 'messages are invalid', 400)).toEqual({
      kind: 'bad-request',
      message: 'The API rejected the request: messages are invalid',
      status: 400,
      upstreamCode: '1214',
      retryAfterMs: null,
    });
  });

  test('falls back on the code, then on its own words', () => {
    expect([classify('ODD', '').message, classify(null, null).message]).toEqual([
      'The API failed to serve the request: ODD',
      'The API failed to serve the request.',
    ]);
  });

  test('says so when the base URL is at fault', () => {
    expect(classify(null, 'Not Found', 404).message).toBe(
      'There is no such API at the base URL: Not Found',
    );
  });

  test('takes out whatever looks like a key', () => {
    const key = `${'0a'.repeat(16)}.Abc123Abc123Abc1`;
    expect(classify('1002', `bad ${key}, sk-abcdefgh1 and Bearer xyz`).message).toBe(
      "The API refused the gateway's key: bad [redacted], [redacted] and [redacted]",
    );
  });
});

describe('a client is told', () => {
  test.each([
    ['1002', 502, 'upstream_credentials_exhausted'],
    ['1112', 502, 'upstream_credentials_exhausted'],
    ['1113', 502, 'upstream_credentials_exhausted'],
    ['1220', 502, 'upstream_credentials_exhausted'],
    ['1214', 400, 'upstream_rejected_request'],
    ['1211', 404, 'model_not_found'],
    ['1231', 502, 'upstream_duplicate_request'],
    ['1234', 503, 'upstream_unavailable'],
    ['1301', 400, 'content_filter'],
    ['1302', 429, 'upstream_rate_limited'],
    ['1305', 503, 'upstream_model_overloaded'],
  ])('of %s by %d %s', (upstreamCode, status, code) => {
    expect(toGatewayError(classify(upstreamCode))).toMatchObject({ status, code });
  });

  test('of a used-up quota by 429, and when to come back', () => {
    const failure = classify('1310', 'Your limit will reset at 2026-09-12 00:35:41', 429);
    expect(toGatewayError(failure)).toMatchObject({
      status: 429,
      code: 'upstream_quota_exhausted',
      retryAfterSeconds: 997,
    });
  });
});
