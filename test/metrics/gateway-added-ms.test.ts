import { expect, test } from 'bun:test';
import { gatewayAddedMs } from '../../src/metrics/gateway-added-ms.ts';
import type { AttemptStory } from '../../src/stats/request-story.ts';
import { attemptStory } from './attempt-story.ts';

const addedMs = (firstByteMs: number | null, ...attempts: Partial<AttemptStory>[]) =>
  gatewayAddedMs({ firstByteMs, story: { attempts: attempts.map(attemptStory), omitted: 0 } });

test('it is what comes before the attempt, and after its first words', () => {
  expect(addedMs(100, { startedAtMs: 10, firstByteAtMs: 90 })).toBe(20);
});

test('a chat without words to its client has none', () => {
  expect(addedMs(null, { firstByteAtMs: null })).toBe(null);
});

test('of a failed attempt the upstream’s time does not count, but the pause after it does', () => {
  const failed = { startedAtMs: 10, firstByteAtMs: null, endedAtMs: 50 };
  expect(addedMs(100, failed, { startedAtMs: 70, firstByteAtMs: 90 })).toBe(40);
});

test('the wait for a credential that was refused counts', () => {
  const refused = { number: null, startedAtMs: 40, firstByteAtMs: null, endedAtMs: 40 };
  expect(addedMs(100, refused, { startedAtMs: 40, firstByteAtMs: 100 })).toBe(40);
});

test('choices side by side are waited for once, until the first words of any', () => {
  const one = { startedAtMs: 10, firstByteAtMs: 60 };
  const other = { startedAtMs: 20, firstByteAtMs: 900 };
  expect(addedMs(62, one, other)).toBe(10);
});
