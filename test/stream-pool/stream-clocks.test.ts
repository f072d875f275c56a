import { afterEach, beforeEach, expect, jest, test } from 'bun:test';
import { type RunningClocks, startClocks } from '../../src/stream-pool/stream-clocks.ts';

const CLOCKS = { connectMs: 1_000, firstByteMs: 10_000, idleMs: 3_000, totalMs: 60_000 };

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function start(): { clocks: RunningClocks; expired: string[] } {
  const expired: string[] = [];
  const clocks = startClocks(CLOCKS, (failure) => expired.push(failure.message));
  return { clocks, expired };
}

test('an upstream that does not begin is given its time, and no more', () => {
  const { expired } = start();
  jest.advanceTimersByTime(9_999);
  expect(expired).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(expired).toEqual(['The upstream did not reply within 10 s.']);
});

test('a silence after the first piece is measured from the last piece on', () => {
  const { clocks, expired } = start();
  jest.advanceTimersByTime(9_000);
  clocks.touch();
  jest.advanceTimersByTime(2_000);
  clocks.touch();
  jest.advanceTimersByTime(2_999);
  expect(expired).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(expired).toEqual(['The upstream was silent for 3 s.']);
});

test('while the upstream is not being read, the silence is the client’s', () => {
  const { clocks, expired } = start();
  clocks.touch();
  jest.advanceTimersByTime(2_000);
  clocks.pause();
  jest.advanceTimersByTime(2_999);
  expect(expired).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(expired).toEqual(['The client took nothing for 3 s.']);
});

test('a client that took some gives the upstream its full time again', () => {
  const { clocks, expired } = start();
  clocks.touch();
  clocks.pause();
  jest.advanceTimersByTime(2_000);
  clocks.touch();
  jest.advanceTimersByTime(2_999);
  expect(expired).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(expired).toEqual(['The upstream was silent for 3 s.']);
});

test('the total runs on whatever happens', () => {
  const { clocks, expired } = start();
  for (let i = 0; i < 30; i += 1) {
    jest.advanceTimersByTime(2_000);
    clocks.touch();
  }
  expect(expired).toEqual(['The reply took longer than 60 s.']);
});

test('stopped clocks stay silent', () => {
  const { clocks, expired } = start();
  clocks.stop();
  jest.advanceTimersByTime(120_000);
  expect(expired).toEqual([]);
});
