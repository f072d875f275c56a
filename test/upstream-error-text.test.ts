import { expect, test } from 'bun:test';
import { readErrorCode, readErrorText, redactErrorText } from '../src/upstream-error-text.ts';

test.each([
  ['a bearer', 'Bearer abc.def'],
  ['a JWT', 'eyJhbGciOiJIUzI1NiJ9.eyJpZCI6IjEifQ.c2ln'],
  ["a query's token", 'token=abc.def'],
  ['an API key', `${'0a'.repeat(16)}.Abc123Abc123`],
  ["a key of OpenAI's form", 'sk-proj-abc_123'],
])('%s is taken out', (_, secret) => {
  expect(redactErrorText(`no ${secret} here`)).toBe('no [redacted] here');
});

test('what is no credential stays', () => {
  const text = 'max_token=9 in task-force 20260313050448e162ecc8207a4c47';
  expect(redactErrorText(text)).toBe(text);
});

test('a long text is cut, never inside a surrogate pair', () => {
  const long = `${'x'.repeat(299)}😀😀`;
  expect([redactErrorText(long), redactErrorText('x'.repeat(300))]).toEqual([
    `${'x'.repeat(299)}…`,
    'x'.repeat(300),
  ]);
});

test('codes are text or nothing', () => {
  expect([1302, '1302', '', null, {}].map(readErrorCode)).toEqual([
    '1302',
    '1302',
    null,
    null,
    null,
  ]);
});

test('words are text, whatever they came as', () => {
  expect([' a ', ['b'], { c: 1 }, null, undefined].map(readErrorText)).toEqual([
    'a',
    '["b"]',
    '{"c":1}',
    '',
    '',
  ]);
});
