import { describe, expect, test } from 'bun:test';
import type { Credential } from '../../src/credentials/credential.ts';
import { FirstChecks } from '../../src/credentials/first-checks.ts';
import type { CredentialVerdict } from '../../src/credentials/validate-credential.ts';
import { createManualSchedule } from '../stats/manual-schedule.ts';
import { account, BAD, GOOD, UNKNOWN } from './verdicts.ts';

const FIVE_MINUTES = 300_000;
const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** Checks that wait until the test answers them. */
function setUp() {
  const timers = createManualSchedule();
  const asked = new Map<string, PromiseWithResolvers<CredentialVerdict>>();
  const events: string[] = [];
  const checks = new FirstChecks({
    check: ({ userId }: Credential, signal) => {
      const answer = Promise.withResolvers<CredentialVerdict>();
      asked.set(userId, answer);
      signal.addEventListener('abort', () => answer.reject(signal.reason));
      return answer.promise;
    },
    onVerdict: ({ userId }, { verdict }) => events.push(`${userId}: ${verdict}`),
    onExpecting: (expecting) => events.push(expecting ? 'expecting' : 'no more'),
    schedule: timers.schedule,
    random: () => 0.5,
  });
  const answer = async (userId: string, verdict: CredentialVerdict) => {
    await turn();
    asked.get(userId)?.resolve(verdict);
    asked.delete(userId);
    await turn();
  };
  return { checks, answer, events, timers, asked };
}

describe('first checks', () => {
  test('say that verdicts are to be expected, until the last has come', async () => {
    const { checks, answer, events, timers } = setUp();
    checks.add([account('alice'), account('bob')]);
    await answer('bob', BAD);
    await answer('alice', GOOD);
    expect([events, timers.delays()]).toEqual([
      ['expecting', 'bob: refused', 'alice: account', 'no more'],
      [],
    ]);
  });

  test('expect nothing of nothing', () => {
    const { checks, events, timers } = setUp();
    checks.add([]);
    expect([events, timers.delays()]).toEqual([[], []]);
  });

  test('are not to be waited for when they take longer than 5 s', async () => {
    const { checks, answer, events, timers } = setUp();
    checks.add([account('alice')]);
    const delays = timers.delays();
    timers.fire();
    await answer('alice', GOOD);
    expect([delays, events]).toEqual([[5_000], ['expecting', 'no more', 'alice: account']]);
  });

  test('ask again about five minutes later when the service could not tell', async () => {
    const { checks, answer, events, timers } = setUp();
    checks.add([account('alice'), account('bob')]);
    await answer('alice', UNKNOWN);
    await answer('bob', UNKNOWN);
    const delays = timers.delays();
    timers.fire();
    await answer('alice', UNKNOWN);
    await answer('bob', GOOD);
    timers.fire();
    await answer('alice', BAD);
    expect([delays, events.slice(1), timers.delays()]).toEqual([
      [FIVE_MINUTES],
      [
        'alice: unknown',
        'bob: unknown',
        'no more',
        'alice: unknown',
        'bob: account',
        'alice: refused',
      ],
      [],
    ]);
  });

  test('say nothing of what is forgotten, and wait for it no longer', async () => {
    const { checks, answer, events } = setUp();
    checks.add([account('alice'), account('bob')]);
    await answer('bob', GOOD);
    checks.forget(account('alice').id);
    await answer('alice', GOOD);
    expect(events).toEqual(['expecting', 'bob: account', 'no more']);
  });

  test('ask for one batch after the other', async () => {
    const { checks, answer, asked } = setUp();
    checks.add([account('alice')]);
    checks.add([account('bob')]);
    await turn();
    const first = [...asked.keys()];
    await answer('alice', GOOD);
    expect([first, [...asked.keys()]]).toEqual([['alice'], ['bob']]);
  });

  test('end with their owner, and leave no timer', async () => {
    const { checks, answer, events, timers } = setUp();
    checks.add([account('alice'), account('bob')]);
    await answer('alice', UNKNOWN);
    checks[Symbol.dispose]();
    await turn();
    expect([events, timers.delays()]).toEqual([['expecting', 'alice: unknown', 'no more'], []]);
  });
});
