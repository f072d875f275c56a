import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  asOf,
  HEALTHY,
  type Health,
  type HealthContext,
  type HealthEvent,
  isDue,
  isPaused,
  nextHealth,
  withoutProbe,
} from '../../src/credentials/health.ts';
import type { Penalty } from '../../src/upstream/failure-verdict.ts';
import { upstreamFailure } from '../../src/upstream-failure.ts';

const NOW = 1_000_000;
const CONTEXT: HealthContext = {
  policy: { failureThreshold: 3, recoveryMs: 1_800_000 },
  nowMs: NOW,
  random: () => 0,
};

const failureWith = (retryAfterMs: number | null) =>
  upstreamFailure('rate-limited', 'busy', { retryAfterMs });
const failed = (
  penalty: Penalty,
  { isProbe = false, retryAfterMs = null as number | null } = {},
): HealthEvent => ({ type: 'failed', penalty, isProbe, failure: failureWith(retryAfterMs) });
const succeeded = (isProbe = false): HealthEvent => ({ type: 'succeeded', isProbe });
const provedNothing = (isProbe = false): HealthEvent => ({ type: 'proved-nothing', isProbe });
const LENT: HealthEvent = { type: 'lent' };

type Cooldown = Omit<Extract<Health, { state: 'cooling' }>, 'state'>;
const cooldown = (known: Partial<Cooldown> = {}): Cooldown => ({
  untilMs: NOW + 5_000,
  strikes: 0,
  pauses: 1,
  doubted: false,
  kind: 'rate-limited',
  reason: 'busy',
  ...known,
});
const healthy = (strikes: number): Health => ({ state: 'healthy', strikes });
const cooling = (known?: Partial<Cooldown>): Health => ({ state: 'cooling', ...cooldown(known) });
const probing = (known?: Partial<Cooldown>): Health => ({ state: 'probing', ...cooldown(known) });
const OUT: Health = { state: 'out', reason: 'busy' };
const OVER = { untilMs: NOW };

const after = (health: Health, ...events: HealthEvent[]) =>
  events.reduce((each, event) => nextHealth(each, event, CONTEXT), health);

describe('a healthy credential', () => {
  test.each<[string, Health, HealthEvent, Health]>([
    ['keeps being healthy when it is lent', healthy(1), LENT, healthy(1)],
    ['forgets its strikes when it serves', healthy(2), succeeded(), HEALTHY],
    ['learns nothing from what proves nothing', healthy(2), provedNothing(), healthy(2)],
    ['is not punished for what costs nothing', healthy(2), failed('none'), healthy(2)],
    ['counts a strike', healthy(0), failed('strike'), healthy(1)],
    [
      'cools down for the recovery time at the strike that is one too many',
      healthy(2),
      failed('strike'),
      cooling({ untilMs: NOW + 1_800_000, strikes: 3, pauses: 0 }),
    ],
    [
      'is paused for as long as it was asked to',
      healthy(1),
      failed('pause', { retryAfterMs: 3_000 }),
      cooling({ untilMs: NOW + 3_000 }),
    ],
    [
      'is paused for a short time if not asked',
      HEALTHY,
      failed('pause'),
      cooling({ untilMs: NOW + 500 }),
    ],
    [
      'cools down at once for the recovery time',
      HEALTHY,
      failed('cool'),
      cooling({ untilMs: NOW + 1_800_000, pauses: 0 }),
    ],
    [
      'cools down for as long as it was asked to',
      HEALTHY,
      failed('cool', { retryAfterMs: 7_200_000 }),
      cooling({ untilMs: NOW + 7_200_000, pauses: 0 }),
    ],
    [
      'is doubted when it is rejected',
      HEALTHY,
      failed('doubt'),
      cooling({ untilMs: NOW + 1_800_000, pauses: 0, doubted: true }),
    ],
    ['is out when that is certain', HEALTHY, failed('out'), OUT],
  ])('%s', (_, before, event, expected) => {
    expect(after(before, event)).toEqual(expected);
  });
});

describe('a cooling credential', () => {
  const strikes = cooling({ strikes: 3, pauses: 0 });
  test.each<[string, Health, HealthEvent, Health]>([
    ['becomes a probe when it is lent after its time', cooling(OVER), LENT, probing(OVER)],
    ['becomes none before', cooling({ untilMs: NOW + 1 }), LENT, cooling({ untilMs: NOW + 1 })],
    ['keeps its pause when an earlier request is served', cooling(), succeeded(), cooling()],
    ['is healthy when an earlier request refutes a run of strikes', strikes, succeeded(), HEALTHY],
    [
      'learns nothing from earlier requests that are cancelled',
      cooling(),
      provedNothing(),
      cooling(),
    ],
    ['is not struck while it is down', cooling(), failed('strike'), cooling()],
    ['is paused once, however many earlier requests fail', cooling(), failed('pause'), cooling()],
    [
      'stays down for the longest time that was asked',
      cooling(),
      failed('pause', { retryAfterMs: 9_000 }),
      cooling({ untilMs: NOW + 9_000 }),
    ],
    [
      'comes back no sooner for an earlier request that was asked less',
      cooling(),
      failed('pause', { retryAfterMs: 2_000 }),
      cooling(),
    ],
    [
      'is doubted when an earlier request is rejected',
      cooling(),
      failed('doubt'),
      cooling({ untilMs: NOW + 1_800_000, doubted: true }),
    ],
    [
      'comes back no sooner for being doubted',
      cooling({ untilMs: NOW + 7_200_000 }),
      failed('doubt'),
      cooling({ untilMs: NOW + 7_200_000, doubted: true }),
    ],
    [
      'is not out for two rejections at the same time',
      cooling({ doubted: true, untilMs: NOW + 1_800_000 }),
      failed('doubt'),
      cooling({ doubted: true, untilMs: NOW + 1_800_000 }),
    ],
    ['is out when an earlier request shows that for certain', cooling(), failed('out'), OUT],
  ])('%s', (_, before, event, expected) => {
    expect(after(before, event)).toEqual(expected);
  });
});

describe('a probed credential', () => {
  const probe = { isProbe: true };
  test.each<[string, Health, HealthEvent, Health]>([
    ['is healthy when its probe is served', probing(OVER), succeeded(true), HEALTHY],
    [
      'may be probed again when its probe is cancelled',
      probing(OVER),
      provedNothing(true),
      cooling(OVER),
    ],
    [
      'may be probed again when its probe fails for another reason',
      probing(OVER),
      failed('none', probe),
      cooling(OVER),
    ],
    [
      'is paused for longer every time',
      probing({ ...OVER, pauses: 3 }),
      failed('pause', probe),
      cooling({ untilMs: NOW + 4_000, pauses: 4 }),
    ],
    [
      'is paused for a minute at most',
      probing({ ...OVER, pauses: 40 }),
      failed('pause', probe),
      cooling({ untilMs: NOW + 30_000, pauses: 41 }),
    ],
    [
      'cools down at one strike',
      probing({ ...OVER, strikes: 3 }),
      failed('strike', probe),
      cooling({ untilMs: NOW + 1_800_000, strikes: 4 }),
    ],
    [
      'cools down again when it is rejected for the first time',
      probing(OVER),
      failed('doubt', probe),
      cooling({ untilMs: NOW + 1_800_000, doubted: true }),
    ],
    [
      'is out when it is rejected again',
      probing({ ...OVER, doubted: true }),
      failed('doubt', probe),
      OUT,
    ],
    [
      'stays doubted whatever else its probe fails of',
      probing({ ...OVER, doubted: true }),
      failed('pause', probe),
      cooling({ untilMs: NOW + 1_000, pauses: 2, doubted: true }),
    ],
    [
      'waits for its probe when an earlier request fails',
      probing(OVER),
      failed('pause'),
      probing(OVER),
    ],
    [
      'waits for its probe when an earlier request is served',
      probing(OVER),
      succeeded(),
      probing(OVER),
    ],
    [
      'waits for its probe when an earlier request is rejected',
      probing({ ...OVER, doubted: true }),
      failed('doubt'),
      probing({ ...OVER, doubted: true }),
    ],
    [
      'waits for its probe when an earlier request is cancelled',
      probing(OVER),
      provedNothing(),
      probing(OVER),
    ],
  ])('%s', (_, before, event, expected) => {
    expect(after(before, event)).toEqual(expected);
  });
});

test('a credential that is out stays out, whatever becomes of requests that are under way', () => {
  const events = [LENT, succeeded(), succeeded(true), provedNothing(true), failed('pause')];
  expect(events.map((event) => after(OUT, event))).toEqual(events.map(() => OUT));
});

test('pauses double and recoveries are spread, by the dice', () => {
  const spread = (random: number, penalty: Penalty, pauses: number) => {
    const health = probing({ ...OVER, pauses });
    const dice = { ...CONTEXT, random: () => random };
    const next = nextHealth(health, failed(penalty, { isProbe: true }), dice);
    return next.state === 'cooling' ? next.untilMs - NOW : next;
  };
  const almostOne = 1 - Number.EPSILON;
  expect([
    [0, 1, 2, 3, 6].map((pauses) => spread(almostOne, 'pause', pauses)),
    [spread(0, 'cool', 0), spread(almostOne, 'cool', 0)],
  ]).toEqual([
    [1_000, 2_000, 4_000, 8_000, 60_000],
    [1_800_000, 1_980_000],
  ]);
});

test.each([
  [0, 1_000],
  [200, 1_000],
  [365 * 86_400_000, 86_400_000],
])('an upstream that asks for %p ms gets %p ms', (retryAfterMs, expected) => {
  expect(after(HEALTHY, failed('pause', { retryAfterMs }))).toEqual(
    cooling({ untilMs: NOW + expected }),
  );
});

test('a view as of now shows a probe that is due; memory keeps none', () => {
  expect([asOf(cooling(OVER), NOW), asOf(cooling(), NOW), withoutProbe(probing(OVER))]).toEqual([
    probing(OVER),
    cooling(),
    cooling(OVER),
  ]);
});

test.each<[string, Health, boolean]>([
  ['is paused when nothing but a pause keeps it away', cooling(), true],
  ['is not when it has failed too often', cooling({ strikes: 3 }), false],
  ['is not when it was rejected', cooling({ doubted: true }), false],
  ['is not when it cools down for another reason', cooling({ pauses: 0 }), false],
  ['is not when it is being probed', probing(), false],
  ['is not when it is healthy', HEALTHY, false],
])('a credential %s', (_, health, expected) => {
  expect(isPaused(health)).toBe(expected);
});

describe('whatever happens', () => {
  const penalty = fc.constantFrom<Penalty>('none', 'strike', 'pause', 'cool', 'doubt', 'out');
  const event: fc.Arbitrary<HealthEvent> = fc.oneof(
    fc.constant(LENT),
    fc.boolean().map(succeeded),
    fc.boolean().map(provedNothing),
    fc
      .record({
        penalty,
        isProbe: fc.boolean(),
        retryAfterMs: fc.option(fc.nat(100_000)),
      })
      .map(({ penalty: each, ...known }) => failed(each, known)),
  );
  const step = fc.record({ event, restMs: fc.nat(4_000_000) });
  /** Every health on the way, each with its time and the event that led to it. */
  const walk = (steps: readonly { event: HealthEvent; restMs: number }[]) => {
    let [health, nowMs] = [HEALTHY, NOW];
    return steps.map(({ event: each, restMs }) => {
      nowMs += restMs;
      const before = health;
      health = nextHealth(before, each, { ...CONTEXT, nowMs, random: () => 0.5 });
      return { before, event: each, health, nowMs };
    });
  };
  const holds = (check: (moment: ReturnType<typeof walk>[number]) => boolean) =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) =>
        walk(steps).every(check),
      ),
    );

  test('a probe begins only when a cooling is over', () =>
    holds(
      ({ before, health, nowMs }) =>
        health.state !== 'probing' || before.state === 'probing' || isDue(before, nowMs),
    ));

  test("a probe that is served leads to health, and so does every service of a healthy credential's", () =>
    holds(({ before, event: { type, ...known }, health }) => {
      const counts = before.state === 'healthy' || ('isProbe' in known && known.isProbe);
      const mayServe = before.state === 'healthy' || before.state === 'probing';
      return type !== 'succeeded' || !counts || !mayServe || health === HEALTHY;
    }));

  test('no cooling begins in the past, or ends after more than a day or the recovery time', () =>
    holds(({ before, health, nowMs }) => {
      if (health.state !== 'cooling' || health === before || before.state === 'probing')
        return true;
      return health.untilMs > nowMs && health.untilMs <= nowMs + 86_400_000;
    }));

  test('out is for ever', () =>
    holds(({ before, health }) => before.state !== 'out' || health === before));

  test('it survives being stored', () =>
    holds(({ health }) => Bun.deepEquals(JSON.parse(JSON.stringify(health)), health)));
});
