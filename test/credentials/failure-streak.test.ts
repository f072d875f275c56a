import { describe, expect, test } from 'bun:test';
import {
  findBlame,
  lengthenStreak,
  type Peers,
  type StreakFailure,
} from '../../src/credentials/failure-streak.ts';
import { BASE_VERDICTS } from '../../src/upstream/base-verdicts.ts';
import { type UpstreamFailureKind, upstreamFailure } from '../../src/upstream-failure.ts';

function failure(
  credentialId: string,
  kind: UpstreamFailureKind,
  known: Partial<StreakFailure> = {},
): StreakFailure {
  return {
    credentialId,
    isGuest: credentialId.startsWith('guest'),
    conversation: 'talk',
    scope: BASE_VERDICTS[kind].scope,
    isFinal: false,
    failure: upstreamFailure(kind, kind),
    atMs: 0,
    takeBack() {},
    ...known,
  };
}

const busy = (...ids: string[]) => ids.map((id) => failure(id, 'rate-limited'));
const dead = (...ids: string[]) => ids.map((id) => failure(id, 'credential-rejected'));
const peers =
  (usable: string, guests = false) =>
  (): Peers => ({ usable: usable.split(''), guests });
const isBlamed = (streak: readonly StreakFailure[], who: () => Peers) =>
  findBlame(streak, who) !== null;

describe('the upstream is to blame', () => {
  test.each<[string, StreakFailure[], () => Peers]>([
    [
      'for three failures of its own, of whatever kind',
      [
        failure('a', 'address-blocked'),
        failure('a', 'unreachable'),
        failure('a', 'connect-timeout'),
      ],
      peers('a'),
    ],
    [
      'for failures that may be the requests’ own, of three conversations',
      ['one', 'two', 'three'].map((conversation) => failure('a', 'unavailable', { conversation })),
      peers('a'),
    ],
    [
      "for three failures that speak of the gateway's address",
      [
        failure('a', 'address-blocked'),
        failure('b', 'address-blocked'),
        failure('c', 'address-blocked'),
      ],
      peers('abcdefgh'),
    ],
    ['when most have failed alike', busy('a', 'b', 'c'), peers('de')],
    ['when both have', busy('a', 'b'), peers('')],
    ['when most have, though some are still lent', busy('a', 'b', 'c'), peers('abcde')],
    ['when all have been rejected', dead('a', 'b'), peers('')],
    ['when guests fail like most accounts', busy('a', 'b', 'guest-1'), peers('c', true)],
    [
      'when guests fail alike and there is nothing else',
      busy('guest-1', 'guest-2'),
      peers('', true),
    ],
  ])('%s', (_, streak, who) => {
    expect(findBlame(streak, who)).toEqual(streak);
  });
});

describe('the upstream is not to blame', () => {
  test.each<[string, StreakFailure[], () => Peers]>([
    ['when nothing has failed', [], peers('')],
    [
      'for two failures of its own',
      [failure('a', 'unavailable'), failure('b', 'unavailable')],
      peers(''),
    ],
    ['when half have failed alike', busy('a', 'b'), peers('cd')],
    ['when the only credential has', busy('a', 'a', 'a'), peers('')],
    ['when a few have failed in different ways', [...dead('a', 'b'), ...busy('c')], peers('de')],
    ['when all but one have been rejected', dead('a', 'b', 'c', 'd'), peers('e')],
    ['as long as no guest has failed like the accounts', busy('a', 'b', 'c'), peers('', true)],
    ['when all but a guest have been rejected', dead('a', 'b'), peers('', true)],
    [
      'for what speaks of one model, one reply, one request or the gateway',
      [
        failure('a', 'model-not-found'),
        failure('b', 'empty-reply'),
        failure('c', 'bad-request'),
        failure('d', 'worker-crashed'),
        failure('e', 'rate-limited', { scope: 'credential-model' }),
      ],
      peers(''),
    ],
  ])('%s', (_, streak, who) => {
    const prefixes = streak.map((__, index) => streak.slice(0, index + 1));
    expect([streak, ...prefixes].map((each) => isBlamed(each, who))).not.toContain(true);
  });
});

test('only what shows its blame is blamed on it', () => {
  const [rejected, ...alike] = [...dead('a'), ...busy('b', 'c', 'd')];
  expect(findBlame([rejected!, ...alike], peers('e'))).toEqual(alike);
});

describe('a streak', () => {
  const grow = (...failures: StreakFailure[]) =>
    failures.reduce<readonly StreakFailure[]>(lengthenStreak, []);

  test('forgets what is ten minutes old', () => {
    const [first, second, third] = [0, 1, 600_000].map((atMs) =>
      failure('a', 'unavailable', { atMs }),
    );
    expect(grow(first!, second!, third!)).toEqual([second!, third!]);
  });
});
