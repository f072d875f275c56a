import { expect, test } from 'bun:test';
import { parseRetryAfter } from '../../src/upstream/retry-after.ts';

const NOW = Date.parse('2026-11-20T19:00:00Z');

test.each([
  ['30', 30_000],
  ['0', 0],
  ['-5', 0],
  ['1.5', 1_500],
  ['Fri, 20 Nov 2026 19:01:00 GMT', 60_000],
  ['Fri, 20 Nov 2026 18:00:00 GMT', 0],
  ['soon', null],
  ['', null],
  [null, null],
])('retry-after %p means %p ms', (header, ms) => {
  expect(parseRetryAfter(header, NOW)).toBe(ms);
});
