import { afterEach, beforeEach, expect, jest, test } from 'bun:test';
import { leaseInTime } from '../../src/chat/lease-in-time.ts';
import { createCredential } from '../../src/credentials/credential.ts';
import type { CredentialPool } from '../../src/credentials/credential-pool.ts';
import { Lease } from '../../src/credentials/lease.ts';
import type { LeaseWish } from '../../src/credentials/lease-wish.ts';
import { upstreamFailure } from '../../src/upstream-failure.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const WISH: LeaseWish = {
  model: 'glm',
  tried: new Set(['a']),
  allowTried: true,
  need: 'account',
  conversation: 'talk',
};

type Pool = Pick<CredentialPool, 'lease'>;

/** Nobody comes back to it. */
const FULL: Pool = {
  lease: (_, signal) =>
    new Promise((__, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    }),
};

test('the answer of the pool to the wish is the answer, and no clock runs on', async () => {
  const lease = new Lease(createCredential('account', 's', 'u'), () => {});
  const wishes: LeaseWish[] = [];
  const answers = [
    { ok: true, value: lease },
    { ok: false, failure: upstreamFailure('rate-limited', 'busy') },
  ] as const;
  const coming = [...answers];
  const pool: Pool = {
    async lease(wish) {
      wishes.push(wish);
      return coming.shift() ?? { ok: true, value: lease };
    },
  };
  const { signal } = new AbortController();
  const first = await leaseInTime(pool, WISH, 1_000, signal);
  const second = await leaseInTime(pool, WISH, 1_000, signal);
  expect([[first, second], wishes, jest.getTimerCount()]).toEqual([[...answers], [WISH, WISH], 0]);
});

test('a pool that is full for the whole time is rate-limited, with when to come again', async () => {
  const leasing = leaseInTime(FULL, WISH, 2_500, new AbortController().signal);
  jest.advanceTimersByTime(2_500);
  expect(await leasing).toEqual({
    ok: false,
    failure: upstreamFailure(
      'rate-limited',
      'No credential of the gateway had room for the request within 2.5 s.',
      { retryAfterMs: 5_000 },
    ),
  });
});

test('an abort while it waits is thrown with its reason, though the time is over then as well', async () => {
  const leaving = new AbortController();
  const leasing = leaseInTime(FULL, WISH, 2_500, leaving.signal);
  jest.advanceTimersByTime(2_499);
  leaving.abort('left');
  jest.advanceTimersByTime(1);
  await expect(leasing).rejects.toBe('left');
});

test('a defect of the pool stays what it is', async () => {
  const defect = new Error('defect');
  const pool: Pool = { lease: () => Promise.reject(defect) };
  const leasing = leaseInTime(pool, WISH, 1_000, new AbortController().signal);
  await expect(leasing).rejects.toBe(defect);
});
