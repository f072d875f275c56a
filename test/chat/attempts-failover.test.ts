import { afterEach, beforeEach, describe, expect, jest, spyOn, test } from 'bun:test';
import { failure, playAttempts } from './play-attempts.ts';

beforeEach(() => {
  jest.useFakeTimers();
  spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

const OTHER = { 'zai-web': 'zai-api', 'zai-api': 'zai-web' } as const;

describe('the next upstream serves', () => {
  test('nothing while the one before it does', async () => {
    const played = await playAttempts([{ id: 'zai-api' }, { id: 'zai-web' }]);
    expect(played).toMatchObject({
      told: 'completed',
      attempts: [{ number: 1, on: 'zai-api 1' }],
      failures: [],
    });
  });

  const WHOLE = [
    'verification-required',
    'address-blocked',
    'model-not-found',
    'model-overloaded',
    'client-outdated',
    'connect-timeout',
    'first-byte-timeout',
    'idle-timeout',
  ] as const;

  test.each(WHOLE.flatMap((kind) => [['zai-web', kind] as const, ['zai-api', kind] as const]))(
    'at once after %s has failed as a whole: %s',
    async (id, kind) => {
      const played = await playAttempts([{ id, ends: [kind] }, { id: OTHER[id] }]);
      expect(played).toMatchObject({
        told: 'completed',
        attempts: [
          { number: 1, on: `${id} 1`, atMs: 0 },
          { number: 2, on: `${OTHER[id]} 1`, atMs: 0 },
        ],
        failures: [`${id}:${kind}`],
        settled: [`${id} 1 failed`, `${OTHER[id]} 1 completed`],
      });
    },
  );

  test.each(['credential-rejected', 'rate-limited', 'verification-required'] as const)(
    'when this one lends no credential, which is no attempt: %s',
    async (kind) => {
      const refusal = failure(kind);
      const played = await playAttempts([{ id: 'zai-web', refusal }, { id: 'zai-api' }]);
      expect(played).toMatchObject({
        told: 'completed',
        attempts: [{ number: 1, on: 'zai-api 1' }],
        failures: [`zai-web:${kind}`],
      });
    },
  );

  test('when every credential of this one has failed', async () => {
    const ends = ['rate-limited', 'insufficient-balance'] as const;
    const played = await playAttempts([
      { id: 'zai-api', credentials: ['a', 'b'], ends },
      { id: 'zai-web' },
    ]);
    expect([played.told, played.attempts.map(({ on }) => on), played.failures]).toEqual([
      'completed',
      ['zai-api a', 'zai-api b', 'zai-web 1'],
      ['zai-api:rate-limited', 'zai-api:insufficient-balance', 'zai-api:credential-rejected'],
    ]);
  });

  test('one attempt at least, though this one has used them all up', async () => {
    const ends = Array(9).fill('unavailable');
    const played = await playAttempts([{ id: 'zai-web', ends }, { id: 'zai-api' }], {
      maxRetries: 1,
    });
    expect(played).toMatchObject({
      told: 'completed',
      // The last attempt here is followed by no pause.
      attempts: [
        { number: 1, on: 'zai-web 1', atMs: 0 },
        { number: 2, on: 'zai-web 2', atMs: 100 },
        { number: 3, on: 'zai-api 1', atMs: 100 },
      ],
    });
  });

  test('with the attempts that this one has left', async () => {
    const upstreams = [
      { id: 'zai-web', ends: ['unavailable', 'verification-required'] },
      { id: 'zai-api', ends: Array(9).fill('empty-reply') },
    ] as const;
    const { attempts } = await playAttempts(upstreams);
    expect(attempts.map(({ on }) => on)).toEqual([
      'zai-web 1',
      'zai-web 2',
      'zai-api 1',
      'zai-api 2',
    ]);
  });

  test('with credentials that have the names of those tried before', async () => {
    const credentials = ['a'];
    const ends = ['rate-limited'] as const;
    const played = await playAttempts([
      { id: 'zai-web', credentials, ends },
      { id: 'zai-api', credentials },
    ]);
    expect(played.attempts.map(({ on }) => on)).toEqual(['zai-web a', 'zai-api a']);
  });
});

test('a model that is overloaded is waited for on the last upstream only', async () => {
  const ends = ['model-overloaded'] as const;
  const { attempts } = await playAttempts([
    { id: 'zai-api', ends },
    { id: 'zai-web', ends },
  ]);
  expect(attempts).toMatchObject([
    { on: 'zai-api 1', atMs: 0 },
    { on: 'zai-web 1', atMs: 0 },
    { on: 'zai-web 2', atMs: 200 },
  ]);
});

describe('when no upstream serves, the client is told', () => {
  test.each([
    ['the last failure of an attempt', 'verification-required', 'rate-limited', 'rate-limited'],
    ['that of the one attempt', 'verification-required', null, 'verification-required'],
    ['that of the other attempt', null, 'unreachable', 'unreachable'],
    ['that there are no credentials', null, null, 'credential-rejected'],
  ] as const)('%s', async (_, web, api, told) => {
    const none = failure('credential-rejected');
    const upstream = (id: 'zai-web' | 'zai-api', kind: typeof web | typeof api) =>
      kind === null ? { id, refusal: none } : { id, ends: Array(9).fill(kind) };
    const played = await playAttempts([upstream('zai-web', web), upstream('zai-api', api)]);
    expect(played.told).toBe(told);
  });

  test('when to come again, the sooner of both', async () => {
    const played = await playAttempts([
      { id: 'zai-web', refusal: failure('rate-limited', 7_000) },
      { id: 'zai-api', refusal: failure('rate-limited', 9_000) },
    ]);
    expect([played.told, played.retryAfterMs, played.failures]).toEqual([
      'rate-limited',
      7_000,
      ['zai-web:rate-limited', 'zai-api:rate-limited'],
    ]);
  });

  test('of a wrong request by the upstream that finds it wrong', async () => {
    const played = await playAttempts([
      { id: 'zai-web', ends: ['verification-required'] },
      { id: 'zai-api', ends: ['bad-request'] },
    ]);
    expect([played.told, played.failures]).toEqual([
      'bad-request',
      ['zai-web:verification-required', 'zai-api:bad-request'],
    ]);
  });
});
