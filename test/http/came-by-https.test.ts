import { expect, test } from 'bun:test';
import { cameByHttps } from '../../src/http/came-by-https.ts';

test.each([
  ['http://gateway/', null, true, false],
  ['https://gateway/', null, false, true],
  ['http://gateway/', 'https', true, true],
  ['http://gateway/', 'HTTPS , http', true, true],
  ['http://gateway/', 'http, https', true, false],
  ['http://gateway/', 'https', false, false],
])('%s with x-forwarded-proto %p, believed: %p → %p', (url, forwarded, trustProxy, expected) => {
  const headers = forwarded === null ? {} : { 'x-forwarded-proto': forwarded };
  expect(cameByHttps(new Request(url, { headers }), trustProxy)).toBe(expected);
});
