import { expect, test } from 'bun:test';
import { CredentialEntry } from '../../src/credentials/credential-entry.ts';
import type { FailureVerdict } from '../../src/upstream/failure-verdict.ts';
import { upstreamFailure } from '../../src/upstream-failure.ts';
import { account, START_MS } from './make-pool.ts';

const PAUSED: FailureVerdict = { scope: 'credential', step: 'next-credential', penalty: 'pause' };
const BUSY = upstreamFailure('rate-limited', 'busy', { retryAfterMs: 3_000 });

function makeEntry() {
  const clock = { nowMs: START_MS };
  const entry = new CredentialEntry(account('alice'), null, {
    policy: { failureThreshold: 3, recoveryMs: 1_800_000 },
    log: { info() {}, warn() {} },
    timeAndChance: () => ({ nowMs: clock.nowMs, random: () => 0 }),
  });
  const pause = () => {
    entry.lend('glm').fail(PAUSED, BUSY);
    clock.nowMs += 3_000;
  };
  return { entry, pause };
}

test('what becomes of an earlier lease is not taken for what becomes of the probe', () => {
  const { entry, pause } = makeEntry();
  const earlier = [entry.lend('glm'), entry.lend('glm'), entry.lend('glm')];
  pause();
  entry.lend('glm');
  earlier[0]?.cancel();
  earlier[1]?.complete();
  earlier[2]?.fail(PAUSED, BUSY);
  expect(entry.health.state).toBe('probing');
});

test('a lease that was a probe once is not taken for the present one', () => {
  const { entry, pause } = makeEntry();
  pause();
  const first = entry.lend('glm');
  first.confirm();
  pause();
  entry.lend('glm');
  first.cancel();
  expect(entry.health.state).toBe('probing');
});

test('taking back what cost nothing does not disturb a probe', () => {
  const { entry, pause } = makeEntry();
  const earlier = entry.lend('glm');
  pause();
  entry.lend('glm');
  const takeBack = earlier.fail(PAUSED, BUSY);
  takeBack();
  expect(entry.health.state).toBe('probing');
});

test('what a probe is punished for can be taken back: it may be probed again at once', () => {
  const { entry, pause } = makeEntry();
  pause();
  const takeBack = entry.lend('glm').fail(PAUSED, BUSY);
  const punished = entry.coolingEnds(START_MS + 3_000);
  takeBack();
  expect([punished, entry.health]).toMatchObject([
    [START_MS + 6_000],
    { state: 'cooling', untilMs: START_MS + 3_000, pauses: 1 },
  ]);
});

test('with a model that it may not use, it is as good as ever with all others', () => {
  const { entry } = makeEntry();
  const ofModel = { ...PAUSED, scope: 'credential-model', penalty: 'out' } as const;
  entry.lend('glm').fail(ofModel, BUSY);
  expect([entry.health.state, entry.healthWith('glm').state, entry.healthWith('x').state]).toEqual([
    'healthy',
    'out',
    'healthy',
  ]);
});
