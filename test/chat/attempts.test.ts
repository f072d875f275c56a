import { afterEach, beforeEach, describe, expect, jest, spyOn, test } from 'bun:test';
import { InvalidRequestError } from '../../src/errors.ts';
import { failure, playAttempts } from './play-attempts.ts';

beforeEach(() => {
  jest.useFakeTimers();
  // Pauses are as short as they can be: 100, 200, 400 ms.
  spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

const on = ({ attempts }: Awaited<ReturnType<typeof playAttempts>>) =>
  attempts.map((attempt) => attempt.on);

describe('an attempt that fails', () => {
  test('for its credential is followed by one on another, at once', async () => {
    const credentials = ['a', 'b', 'c'];
    const ends = ['rate-limited', 'credential-rejected'] as const;
    const played = await playAttempts([{ id: 'zai-web', credentials, ends }]);
    expect(played).toMatchObject({
      told: 'completed',
      attempts: [
        { number: 1, on: 'zai-web a', atMs: 0 },
        { number: 2, on: 'zai-web b', atMs: 0 },
        { number: 3, on: 'zai-web c', atMs: 0 },
      ],
      failures: ['zai-web:rate-limited', 'zai-web:credential-rejected'],
      settled: ['zai-web a failed', 'zai-web b failed', 'zai-web c completed'],
    });
  });

  test('for its credential is the last when there is no other, and is what is told', async () => {
    const ends = [failure('rate-limited', 9_000)];
    const played = await playAttempts([{ id: 'zai-web', credentials: ['a'], ends }]);
    expect(played).toMatchObject({
      told: 'rate-limited',
      retryAfterMs: 9_000,
      attempts: [{ on: 'zai-web a' }],
      failures: ['zai-web:rate-limited', 'zai-web:credential-rejected'],
    });
  });

  test('and may not fail again is followed by others after pauses that grow', async () => {
    const ends = ['unavailable', 'empty-reply', 'worker-crashed'] as const;
    const played = await playAttempts([{ id: 'zai-web', credentials: ['a', 'b'], ends }]);
    expect(played.attempts).toMatchObject([
      { on: 'zai-web a', atMs: 0 },
      { on: 'zai-web b', atMs: 100 },
      { on: 'zai-web a', atMs: 300 },
      { on: 'zai-web a', atMs: 700 },
    ]);
  });

  test.each(['bad-request', 'content-filtered', 'total-timeout', 'client-stalled'] as const)(
    'for the request’s sake is the last, on any upstream: %s',
    async (kind) => {
      const played = await playAttempts([{ id: 'zai-web', ends: [kind] }, { id: 'zai-api' }]);
      expect(played).toMatchObject({
        told: kind,
        attempts: [{ on: 'zai-web 1' }],
        failures: [`zai-web:${kind}`],
      });
    },
  );

  test('once a part of the reply has gone out is the last, whatever it failed of', async () => {
    const upstreams = [{ id: 'zai-web', ends: ['rate-limited'] }, { id: 'zai-api' }] as const;
    const played = await playAttempts(upstreams, { writes: true });
    expect([played.told, played.started, on(played)]).toEqual([
      'rate-limited',
      true,
      ['zai-web 1'],
    ]);
  });

  test('is followed as its visit decides, which may have put right what was wrong', async () => {
    const asked: unknown[] = [];
    const played = await playAttempts([
      {
        id: 'zai-web',
        credentials: ['a'],
        ends: ['client-outdated', 'client-outdated'],
        async reconsider({ kind }, step) {
          asked.push([kind, step]);
          return asked.length === 1 ? 'again' : step;
        },
      },
      { id: 'zai-api' },
    ]);
    expect([on(played), asked]).toEqual([
      ['zai-web a', 'zai-web a', 'zai-api 1'],
      Array(2).fill(['client-outdated', 'next-upstream']),
    ]);
  });

  test('to be made, since the request is wrong, is thrown, and its credential comes back', async () => {
    const wrong = new InvalidRequestError('No image.', null, 'invalid_image_url');
    const played = await playAttempts([{ id: 'zai-web', wrong }, { id: 'zai-api' }]);
    expect([played.told, played.settled]).toEqual([
      '400 invalid_image_url',
      ['zai-web 1 cancelled'],
    ]);
  });
});

describe('the attempts', () => {
  test.each([0, 1, 5])('are %p more than the first at most', async (maxRetries) => {
    const upstream = { id: 'zai-web', ends: Array(9).fill('empty-reply') } as const;
    const { told, attempts } = await playAttempts([upstream], { maxRetries });
    expect([told, attempts.length]).toEqual(['empty-reply', maxRetries + 1]);
  });

  test('end with the client, in a pause or while one is under way', async () => {
    const leaving = new AbortController();
    setTimeout(() => leaving.abort('left'), 50);
    const pausing = playAttempts([{ id: 'zai-web', ends: ['unavailable'] }], leaving);
    expect(await pausing).toMatchObject({ told: 'left', attempts: [{ number: 1 }] });

    const leavingLater = new AbortController();
    setTimeout(() => leavingLater.abort('left'), 50);
    const streaming = playAttempts([{ id: 'zai-web', ends: ['forever'] }], leavingLater);
    expect(await streaming).toMatchObject({
      told: 'cancelled',
      settled: ['zai-web 1 cancelled'],
      failures: [],
    });
  });

  test('share the total time, and are told of what is left', async () => {
    const upstream = { id: 'zai-web', ends: ['unavailable', 'unavailable'] } as const;
    const { attempts } = await playAttempts([upstream], { totalMs: 1_000 });
    expect(attempts.map(({ leftMs }) => leftMs)).toEqual([1_000, 900, 700]);
  });

  test('end when it is over between two of them', async () => {
    const upstreams = [
      { id: 'zai-web', ends: Array(9).fill('unavailable') },
      { id: 'zai-api' },
    ] as const;
    const { told, attempts } = await playAttempts(upstreams, { totalMs: 250 });
    expect([told, attempts.length]).toEqual(['504 upstream_total_timeout', 2]);
  });

  test('end when it is over before there is a credential', async () => {
    const upstreams = [{ id: 'zai-web', refusal: 'forever' }] as const;
    const { told } = await playAttempts(upstreams, { totalMs: 250, leaseTimeoutMs: 500 });
    expect(told).toBe('504 upstream_total_timeout');
  });

  test('are not waited for longer than a credential may take', async () => {
    const web = { id: 'zai-web', refusal: 'forever' } as const;
    expect(await playAttempts([web], { leaseTimeoutMs: 500 })).toMatchObject({
      told: 'rate-limited',
      retryAfterMs: 5_000,
      attempts: [],
      failures: ['zai-web:rate-limited'],
    });
    const both = await playAttempts([web, { id: 'zai-api' }], { leaseTimeoutMs: 500 });
    expect(both.attempts).toMatchObject([{ number: 1, on: 'zai-api 1', atMs: 500 }]);
  });
});

describe('a model that did not do as it was told', () => {
  const MISSED = 'Your previous attempt at this reply was discarded, because it ';
  const reminders = ({ attempts }: Awaited<ReturnType<typeof playAttempts>>) =>
    attempts.map(({ reminder }) => reminder);

  test.each([
    [
      'required-call-missing',
      `${MISSED}did not call a function as it is asked to. Do it this time.`,
    ],
    [
      'invalid-json',
      `${MISSED}was not the JSON that is asked for (invalid-json). Do it this time.`,
    ],
  ] as const)('is reminded of it at once, by the same credential (%s)', async (kind, reminder) => {
    const upstream = { id: 'zai-web', credentials: ['a'], ends: [kind] } as const;
    const played = await playAttempts([upstream]);
    expect(played).toMatchObject({
      told: 'completed',
      attempts: [
        { on: 'zai-web a', reminder: null },
        { on: 'zai-web a', reminder, atMs: 0 },
      ],
    });
  });

  test('is reminded once in a chat, whatever it did not do', async () => {
    const ends = ['required-call-missing', 'invalid-json'] as const;
    const played = await playAttempts([{ id: 'zai-web', ends }, { id: 'zai-api' }]);
    expect([played.told, reminders(played)]).toEqual(['invalid-json', [null, expect.any(String)]]);
  });

  test('stays reminded when the reminded attempt fails for another reason, here or elsewhere', async () => {
    const ends = ['invalid-json', 'rate-limited', 'verification-required'] as const;
    const played = await playAttempts([{ id: 'zai-web', ends }, { id: 'zai-api' }]);
    const [first, reminder, ...others] = reminders(played);
    expect([played.told, first, others]).toEqual(['completed', null, [reminder!, reminder!]]);
  });

  test.each([
    ['without retries', { maxRetries: 0 }],
    ['whose reply has begun', { writes: true }],
  ])('is not reminded %s', async (_, options) => {
    const ends = ['required-call-missing'] as const;
    const played = await playAttempts([{ id: 'zai-web', ends }], options);
    expect([played.told, reminders(played)]).toEqual(['required-call-missing', [null]]);
  });
});
