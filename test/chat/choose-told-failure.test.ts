import { describe, expect, test } from 'bun:test';
import { chooseToldFailure } from '../../src/chat/choose-told-failure.ts';
import { type UpstreamFailureKind, upstreamFailure } from '../../src/upstream-failure.ts';

/** `attempt` or `refusal`, the failure's kind, and when to come again, in ms. */
type Told = ['attempt' | 'refusal', UpstreamFailureKind, number?];

function toldOf(...told: readonly Told[]) {
  const failures = told.map(([origin, kind, retryAfterMs = null], index) => ({
    origin,
    failure: upstreamFailure(kind, `failure ${index}`, { retryAfterMs }),
  }));
  const { message, retryAfterMs } = chooseToldFailure(failures);
  return [message, retryAfterMs];
}

describe('of several failures', () => {
  test.each<[string, number, Told[]]>([
    ['the only one is told', 0, [['refusal', 'credential-rejected']]],
    [
      'an attempt’s tells more than a refusal after it',
      0,
      [
        ['attempt', 'rate-limited'],
        ['refusal', 'verification-required'],
        ['refusal', 'credential-rejected'],
      ],
    ],
    [
      'an attempt’s tells more than a refusal before it',
      1,
      [
        ['refusal', 'verification-required'],
        ['attempt', 'bad-request'],
      ],
    ],
    [
      'a brake tells more than that there is no credential',
      0,
      [
        ['refusal', 'verification-required'],
        ['refusal', 'credential-rejected'],
      ],
    ],
    [
      'a rejected credential is an attempt like any other',
      1,
      [
        ['refusal', 'verification-required'],
        ['attempt', 'credential-rejected'],
      ],
    ],
    [
      'the last attempt’s counts',
      2,
      [
        ['attempt', 'rate-limited'],
        ['attempt', 'verification-required'],
        ['attempt', 'unavailable'],
        ['refusal', 'credential-rejected'],
      ],
    ],
    [
      'the last refusal counts',
      1,
      [
        ['refusal', 'verification-required'],
        ['refusal', 'rate-limited'],
      ],
    ],
  ])('%s', (_, index, tale) => {
    expect(toldOf(...tale)[0]).toBe(`failure ${index}`);
  });
});

describe('the time to come again', () => {
  test('is the soonest of the failures of the kind that is told, refusals included', () => {
    const tale: Told[] = [
      ['attempt', 'rate-limited', 9_000],
      ['attempt', 'unavailable', 1_000],
      ['attempt', 'rate-limited'],
      ['attempt', 'rate-limited', 8_000],
      ['refusal', 'rate-limited', 7_000],
    ];
    expect(toldOf(...tale)).toEqual(['failure 3', 7_000]);
  });

  test('is not known when none of them tells', () => {
    expect(toldOf(['attempt', 'unavailable', 1_000], ['attempt', 'rate-limited'])).toEqual([
      'failure 1',
      null,
    ]);
  });
});

test('a tale of nothing tells that no upstream was tried', () => {
  expect(chooseToldFailure([])).toMatchObject({
    kind: 'unavailable',
    message: 'No upstream was tried.',
  });
});
