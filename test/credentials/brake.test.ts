import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  type Brake,
  type BrakeContext,
  type BrakeEvent,
  brakeStatus,
  CLOSED,
  isExcused,
  nextBrake,
  refusalOf,
} from '../../src/credentials/brake.ts';
import { upstreamFailure } from '../../src/upstream-failure.ts';

const NOW = 1_000_000;
const CONTEXT: BrakeContext = { policy: { recoveryMs: 30_000 }, nowMs: NOW, random: () => 1 };

const CAPTCHA = upstreamFailure('verification-required', 'a human, please');
const BUSY = upstreamFailure('rate-limited', 'busy');
const blamed = (retryAfterMs: number | null = null): BrakeEvent => ({
  type: 'blamed',
  failure: CAPTCHA,
  retryAfterMs,
});
const failed = (isProbe: boolean, retryAfterMs: number | null = null): BrakeEvent => ({
  type: 'failed',
  isProbe,
  scope: 'upstream',
  failure: { ...CAPTCHA, retryAfterMs },
});
const failedOtherwise: BrakeEvent = {
  type: 'failed',
  isProbe: true,
  scope: 'credential',
  failure: BUSY,
};
const provedNothing = (isProbe: boolean): BrakeEvent => ({ type: 'proved-nothing', isProbe });
const LENT: BrakeEvent = { type: 'lent' };
const SUCCEEDED: BrakeEvent = { type: 'succeeded' };

const open = (untilMs: number, openings = 1): Brake => ({
  state: 'open',
  failure: CAPTCHA,
  untilMs,
  openings,
});
const halfOpen = (openings = 1): Brake => ({ ...open(NOW, openings), state: 'half-open' }) as Brake;

describe('a brake', () => {
  test.each<[string, Brake, BrakeEvent, Brake]>([
    ['stays closed as long as the upstream serves', CLOSED, SUCCEEDED, CLOSED],
    ['stays closed when a request is let through', CLOSED, LENT, CLOSED],
    [
      'stays closed for a failure that nobody blames on the upstream',
      CLOSED,
      failed(false),
      CLOSED,
    ],
    ['opens for its own time', CLOSED, blamed(), open(NOW + 30_000)],
    ['opens for as long as the upstream asked', CLOSED, blamed(3_000), open(NOW + 3_000)],
    ['opens for a second at least', CLOSED, blamed(0), open(NOW + 1_000)],
    ['stays open until its time is over', open(NOW + 1), LENT, open(NOW + 1)],
    ['lets a probe through then', open(NOW), LENT, halfOpen()],
    ['is not opened twice', open(NOW + 5), blamed(), open(NOW + 5)],
    ['stays open when earlier requests fail', open(NOW + 5), failed(false), open(NOW + 5)],
    [
      'stays open when earlier requests are cancelled',
      open(NOW + 5),
      provedNothing(false),
      open(NOW + 5),
    ],
    ['closes when an earlier request is served', open(NOW + 5), SUCCEEDED, CLOSED],
    ['closes when its probe is served', halfOpen(), SUCCEEDED, CLOSED],
    ['opens for longer when its probe fails', halfOpen(2), failed(true), open(NOW + 120_000, 3)],
    ['opens for ten minutes at most', halfOpen(20), failed(true), open(NOW + 600_000, 21)],
    [
      'opens for what its probe was asked',
      halfOpen(),
      failed(true, 7_000),
      { ...open(NOW + 7_000, 2), failure: { ...CAPTCHA, retryAfterMs: 7_000 } } as Brake,
    ],
    [
      'lets another probe through when the first was cancelled',
      halfOpen(),
      provedNothing(true),
      open(NOW),
    ],
    [
      'lets another probe through when the first failed otherwise',
      halfOpen(),
      failedOtherwise,
      open(NOW),
    ],
    ['waits for its probe when an earlier request fails', halfOpen(), failed(false), halfOpen()],
    [
      'waits for its probe when an earlier request is cancelled',
      halfOpen(),
      provedNothing(false),
      halfOpen(),
    ],
    ['lets no second probe through', halfOpen(), LENT, halfOpen()],
  ])('%s', (_, before, event, expected) => {
    expect(nextBrake(before, event, CONTEXT)).toEqual(expected);
  });
});

test('its own time doubles, with up to half of it off', () => {
  const times = (random: number) =>
    [0, 1, 2, 3, 4, 5].map((openings) => {
      const before = openings === 0 ? CLOSED : halfOpen(openings);
      const event = openings === 0 ? blamed() : failed(true);
      const after = nextBrake(before, event, { ...CONTEXT, random: () => random });
      return after.state === 'open' ? (after.untilMs - NOW) / 1_000 : after;
    });
  expect([times(0), times(1)]).toEqual([
    [15, 30, 60, 120, 240, 300],
    [30, 60, 120, 240, 480, 600],
  ]);
});

test('whoever is refused is told what opened it, and how long it takes at least', () => {
  const refusals = [CLOSED, open(NOW + 7_000), open(NOW + 10), open(NOW), halfOpen()];
  expect(refusals.map((brake) => refusalOf(brake, NOW))).toEqual([
    null,
    { ...CAPTCHA, retryAfterMs: 7_000 },
    { ...CAPTCHA, retryAfterMs: 1_000 },
    null,
    { ...CAPTCHA, retryAfterMs: 1_000 },
  ]);
});

test('its status tells what it is for', () => {
  const brakes = [CLOSED, open(NOW + 7_000), open(NOW), halfOpen()];
  expect(brakes.map((brake) => brakeStatus(brake, NOW))).toEqual([
    { state: 'closed' },
    { state: 'open', failure: CAPTCHA, untilMs: NOW + 7_000 },
    { state: 'half-open', failure: CAPTCHA },
    { state: 'half-open', failure: CAPTCHA },
  ]);
});

test('it excuses failures that are the upstream’s, and those like the one it is open for', () => {
  const forBusy = nextBrake(CLOSED, { ...blamed(), failure: BUSY } as BrakeEvent, CONTEXT);
  expect([
    isExcused(CLOSED, 'upstream', CAPTCHA),
    isExcused(forBusy, 'upstream', CAPTCHA),
    isExcused(forBusy, 'credential', BUSY),
    isExcused(open(NOW), 'credential', BUSY),
  ]).toEqual([false, true, true, false]);
});

test('whatever happens, nobody is let through between its opening and its time', () => {
  const event = fc.oneof(
    fc.constantFrom(LENT, SUCCEEDED, failedOtherwise, blamed()),
    fc.boolean().map((isProbe) => failed(isProbe)),
    fc.boolean().map(provedNothing),
  );
  const steps = fc.array(fc.record({ event, restMs: fc.nat(60_000) }), {
    maxLength: 60,
    size: 'max',
  });
  fc.assert(
    fc.property(steps, (all) => {
      let [brake, nowMs] = [CLOSED, NOW];
      for (const { event: each, restMs } of all) {
        nowMs += restMs;
        const before = brake;
        brake = nextBrake(before, each, { ...CONTEXT, nowMs });
        const letThrough = refusalOf(before, nowMs) === null;
        if (before.state === 'half-open' && letThrough) return false;
        if (before.state === 'open' && letThrough !== before.untilMs <= nowMs) return false;
        if (each.type === 'succeeded' && brake !== CLOSED) return false;
        if (brake.state === 'half-open' && before.state === 'closed') return false;
      }
      return true;
    }),
  );
});
