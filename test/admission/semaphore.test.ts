import { expect, jest, test } from 'bun:test';
import { Semaphore } from '../../src/admission/semaphore.ts';
import {
  ClientLeftError,
  QueueFullError,
  QueueTimeoutError,
  ShuttingDownError,
} from '../../src/errors.ts';

const KEY = 'key_1';

const never = new AbortController().signal;

function semaphore(limits: Partial<ConstructorParameters<typeof Semaphore>[0]> = {}): Semaphore {
  return new Semaphore({ maxConcurrency: 1, maxQueue: 10, queueTimeoutMs: 60_000, ...limits });
}

test('permits are given at once up to the limit, and come back with disposal', async () => {
  const subject = semaphore({ maxConcurrency: 2 });
  const first = await subject.acquire(never, KEY);
  const second = await subject.acquire(never, KEY);
  expect([subject.running, subject.queued]).toEqual([2, 0]);
  first[Symbol.dispose]();
  second[Symbol.dispose]();
  expect([subject.running, subject.queued]).toEqual([0, 0]);
});

test('a permit comes back once, however often it is disposed of', async () => {
  const subject = semaphore();
  const permit = await subject.acquire(never, KEY);
  permit[Symbol.dispose]();
  permit[Symbol.dispose]();
  expect(subject.running).toBe(0);
});

test('waiters get permits in the order in which they came', async () => {
  const subject = semaphore();
  const held = await subject.acquire(never, KEY);
  const served: number[] = [];
  const waiters = [1, 2, 3].map(async (name) => {
    using _permit = await subject.acquire(never, KEY);
    served.push(name);
  });
  expect(subject.queued).toBe(3);
  held[Symbol.dispose]();
  await Promise.all(waiters);
  expect(served).toEqual([1, 2, 3]);
  expect([subject.running, subject.queued]).toEqual([0, 0]);
});

test('a full queue refuses the next one, and says when to come again', async () => {
  const subject = semaphore({ maxQueue: 0 });
  using _held = await subject.acquire(never, KEY);
  const refused = await subject.acquire(never, KEY).catch((error) => error);
  expect(refused).toBeInstanceOf(QueueFullError);
  expect(refused.retryAfterSeconds).toBeGreaterThan(0);
});

test.each([
  ['another key', 'key_2'],
  ['requests without a key', null],
])('a key that floods the queue does not hold up %s', async (_whose, other) => {
  const subject = semaphore({ maxQueue: 1_000 });
  const held = await subject.acquire(never, KEY);
  const served: string[] = [];
  const wait = async (key: string | null, name: string) => {
    using _permit = await subject.acquire(never, key);
    served.push(name);
  };
  const flood = Array.from({ length: 900 }, (_, index) => wait(KEY, `flood ${index}`));
  const single = wait(other, 'single');
  held[Symbol.dispose]();
  await single;
  await Promise.all(flood);
  expect([served[0], served[1], served.at(-1)]).toEqual(['single', 'flood 0', 'flood 899']);
  expect([subject.running, subject.queued]).toEqual([0, 0]);
});

test('in a full queue the key with the most waiters makes room: its last is refused', async () => {
  const subject = semaphore({ maxQueue: 3 });
  const held = await subject.acquire(never, KEY);
  const served: string[] = [];
  const wait = (key: string, name: string) =>
    subject.acquire(never, key).then(
      (permit) => {
        served.push(name);
        permit[Symbol.dispose]();
      },
      (error) => `${name}: ${error.code}`,
    );
  const waiting = ['1', '2', '3'].map((name) => wait(KEY, name));
  const newcomer = wait('key_2', 'newcomer');
  const refused = [await waiting[2], await wait('key_2', 'one more'), subject.queued];
  held[Symbol.dispose]();
  await Promise.all([newcomer, ...waiting]);
  expect([refused, served]).toEqual([
    ['3: queue_full', 'one more: queue_full', 3],
    ['newcomer', '1', '2'],
  ]);
});

test('who was displaced leaves nothing behind that could take a permit', async () => {
  const subject = semaphore({ maxQueue: 2 });
  const held = await subject.acquire(never, KEY);
  const leaving = new AbortController();
  const first = subject.acquire(never, KEY);
  const displaced = subject.acquire(leaving.signal, KEY);
  const newcomer = subject.acquire(never, 'key_2');
  await expect(displaced).rejects.toBeInstanceOf(QueueFullError);
  leaving.abort();
  expect(subject.queued).toBe(2);
  held[Symbol.dispose]();
  (await newcomer)[Symbol.dispose]();
  (await first)[Symbol.dispose]();
  expect([subject.running, subject.queued]).toEqual([0, 0]);
});

test('an aborted waiter leaves at once and its turn goes to the next', async () => {
  const subject = semaphore();
  const held = await subject.acquire(never, KEY);
  const leaving = new AbortController();
  const left = subject.acquire(leaving.signal, KEY);
  const next = subject.acquire(never, KEY);
  leaving.abort();
  expect(subject.queued).toBe(1);
  await expect(left).rejects.toBeInstanceOf(ClientLeftError);
  held[Symbol.dispose]();
  using _permit = await next;
  expect([subject.running, subject.queued]).toEqual([1, 0]);
});

test('who has left already never takes a permit', async () => {
  const subject = semaphore();
  await expect(subject.acquire(AbortSignal.abort(), KEY)).rejects.toBeInstanceOf(ClientLeftError);
  expect([subject.running, subject.queued]).toEqual([0, 0]);
});

test('a waiter gives up after its time, and a permit freed later is not lost', async () => {
  jest.useFakeTimers();
  try {
    const subject = semaphore({ queueTimeoutMs: 5_000 });
    const held = await subject.acquire(never, KEY);
    const waiting = subject.acquire(never, KEY);
    jest.advanceTimersByTime(5_000);
    await expect(waiting).rejects.toBeInstanceOf(QueueTimeoutError);
    expect(subject.queued).toBe(0);
    held[Symbol.dispose]();
    expect(subject.running).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});

test('a waiter that the end of the gateway reaches is told so, and not that it left', async () => {
  const subject = semaphore();
  using _held = await subject.acquire(never, KEY);
  const ending = new AbortController();
  const waiting = subject.acquire(ending.signal, KEY);
  ending.abort(new ShuttingDownError());
  await expect(waiting).rejects.toBeInstanceOf(ShuttingDownError);
  await expect(subject.acquire(ending.signal, KEY)).rejects.toBeInstanceOf(ShuttingDownError);
  expect(subject.queued).toBe(0);
});
