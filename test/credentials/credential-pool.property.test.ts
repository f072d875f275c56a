import { test } from 'bun:test';
import fc from 'fast-check';
import type { LeaseOutcome } from '../../src/credentials/lease.ts';
import { COMPLETED, failed } from './make-pool.ts';
import { MODEL_PAUSE_MS, PoolWorld, type Step } from './pool-world.ts';

const NAMES = ['alice', 'bob'];
const MAX_IN_FLIGHT = 3;

const failure = fc
  .record({
    kind: fc.constantFrom(
      'rate-limited',
      'credential-rejected',
      'verification-required',
      'unavailable',
      'empty-reply',
      'bad-request',
    ),
    retryAfterMs: fc.option(fc.constantFrom(MODEL_PAUSE_MS, 3_000, 40_000)),
  })
  .map(({ kind, retryAfterMs }) => failed(kind, retryAfterMs));
const outcome = fc.oneof(
  { weight: 4, arbitrary: fc.constant(COMPLETED) },
  { weight: 1, arbitrary: fc.constant<LeaseOutcome>({ state: 'cancelled' }) },
  { weight: 5, arbitrary: failure },
);
const which = fc.nat(20);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('lease' as const),
      model: fc.constantFrom('glm', 'other'),
      tried: fc.oneof(fc.constant<string[]>([]), fc.subarray(NAMES)),
      allowTried: fc.boolean(),
    }),
  },
  { weight: 7, arbitrary: fc.record({ do: fc.constant('settle' as const), which, outcome }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('confirm', 'leave'), which }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(1_000, 5_000, 60_000, 2_000_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('add', 'remove', 'heal', 'disable', 'enable'),
      name: fc.constantFrom(...NAMES),
    }),
  },
);

/** Now and then everything that is out comes to the same. */
const storm = fc.record({ do: fc.constant('settle-all' as const), outcome });
const happening = fc.oneof({ weight: 20, arbitrary: step }, { weight: 2, arbitrary: storm });

test('whatever happens, the pool lends what it may, once, in turn, and gets everything back', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(happening, { minLength: 30, maxLength: 80, size: 'max' }),
      async (steps) => {
        const world = new PoolWorld(NAMES, MAX_IN_FLIGHT);
        for (const each of steps) {
          const problems =
            each.do === 'settle-all' ? await world.settleAll(each.outcome) : await world.take(each);
          if (problems.length > 0) throw new Error(problems.join('; '));
        }
        const problems = await world.end();
        if (problems.length > 0) throw new Error(`at the end: ${problems.join('; ')}`);
      },
    ),
  ));
