import { afterEach, beforeEach, expect, jest, test } from 'bun:test';
import { HeldHead } from '../../src/chat/held-head.ts';
import { ShuttingDownError } from '../../src/errors.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test('a commit lets the response begin', async () => {
  const head = new HeldHead();
  const before = head.committed;
  head.commit();
  await head.promise;
  expect([before, head.committed]).toEqual([false, true]);
});

test('a refusal makes an HTTP error, and a later commit changes nothing', async () => {
  const head = new HeldHead();
  const error = new ShuttingDownError();
  head.refuse(error);
  head.commit();
  await expect(head.promise).rejects.toBe(error);
  expect(head.committed).toBe(false);
});

test('a refusal after the commit has no effect', async () => {
  const head = new HeldHead();
  head.commit();
  head.refuse(new ShuttingDownError());
  await head.promise;
  expect(head.committed).toBe(true);
});

test('the head is committed when it was held for its full time', () => {
  const head = new HeldHead();
  head.holdAtMost(15_000);
  jest.advanceTimersByTime(14_999);
  expect(head.committed).toBe(false);
  jest.advanceTimersByTime(1);
  expect(head.committed).toBe(true);
});
