import { expect, test } from 'bun:test';
import fc from 'fast-check';
import type { GuestUse } from '../../src/credentials/guest.ts';
import { upstreamFailure } from '../../src/upstream-failure.ts';
import { startGuests } from './start-guests.ts';

const MAX_LIVE = 5;
const BLOCKED = upstreamFailure('address-blocked', 'blocked');
const USES: readonly GuestUse[] = ['completed', 'cancelled', 'none', 'strike', 'pause', 'out'];

/** Something that happens to a pool. Numbers are taken modulo what there is to choose from. */
type Step =
  | { do: 'ask'; conversation: string; again: boolean }
  | { do: 'leave' | 'admit' | 'refuse'; which: number }
  | { do: 'settle'; which: number; use: GuestUse }
  | { do: 'pass'; minutes: number }
  | { do: 'warm' };

const which = fc.nat(20);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      conversation: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
      again: fc.boolean(),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('admit' as const), which }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      which,
      use: fc.constantFrom(...USES),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('leave', 'refuse'), which }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('pass' as const), minutes: fc.nat(70) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'warm' as const }) },
);

/** A pool, and what the world around it saw of it. */
function startWorld(size: number) {
  const guests = startGuests({ size, maxLive: MAX_LIVE });
  const leases: { userId: string; id: string; conversation: string }[] = [];
  /** Every guest that was ever lent, with the conversations it was lent to. */
  const served = new Map<string, Set<string>>();
  const waiting = new Set<AbortController>();
  /** Visits that the service has answered. */
  const answered = new Set<number>();

  const pending = () => [...guests.visits.keys()].filter((index) => !answered.has(index));

  async function ask(conversation: string, tried: ReadonlySet<string>): Promise<void> {
    const leaver = new AbortController();
    waiting.add(leaver);
    const answer = await guests.ask(conversation, tried, leaver.signal).catch(() => null);
    waiting.delete(leaver);
    if (answer?.ok !== true) return;
    const { id, userId } = answer.value;
    leases.push({ id, userId, conversation });
    served.set(userId, (served.get(userId) ?? new Set()).add(conversation));
  }

  function visit(index: number | undefined, isAdmitted: boolean): void {
    if (index === undefined) return;
    answered.add(index);
    if (isAdmitted) guests.admit(index);
    else guests.refuse(index, BLOCKED);
  }

  function act(step: Step): void {
    switch (step.do) {
      case 'ask': {
        const own = leases.filter(({ conversation }) => conversation === step.conversation);
        void ask(step.conversation, new Set(step.again ? own.map(({ id }) => id) : []));
        break;
      }
      case 'leave':
        pick([...waiting], step.which)?.abort('left');
        break;
      case 'admit':
      case 'refuse':
        visit(pick(pending(), step.which), step.do === 'admit');
        break;
      case 'settle': {
        const [lease] = leases.splice(step.which % Math.max(1, leases.length), 1);
        if (lease) guests.pool.settle(lease.id, step.use);
        break;
      }
      case 'pass':
        guests.pass(step.minutes * 60_000);
        break;
      case 'warm':
        guests.pool.warm();
        break;
      default:
        step satisfies never;
    }
  }

  return { guests, leases, served, waiting, pending, act };
}

function pick<Item>(items: readonly Item[], which: number): Item | undefined {
  return items[which % Math.max(1, items.length)];
}

const later = () => new Promise((resolve) => setImmediate(resolve));

test('whatever happens, no guest serves two conversations and none is left behind', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(2),
      fc.array(step, { maxLength: 60, size: 'max' }),
      async (size, steps) => {
        const world = startWorld(size);
        const { guests, leases, served, waiting, pending } = world;
        for (const one of steps) {
          world.act(one);
          // Two things may happen in one turn, or in two.
          if (one.do !== 'ask') await later();
          const live = guests.pool.statuses();
          const lent = live.reduce((sum, { inFlight }) => sum + inFlight, 0);
          expect(live.length + pending().length).toBeLessThanOrEqual(MAX_LIVE);
          expect(lent).toBeGreaterThanOrEqual(leases.length);
        }

        // Everyone who waits is served or told, without anyone new coming.
        await later();
        while (waiting.size > 0 && pending().length > 0) {
          world.act({ do: 'admit', which: 0 });
          await later();
        }
        expect(waiting.size).toBe(0);
        expect([...served.values()].every((conversations) => conversations.size === 1)).toBe(true);

        const inFlight = guests.pool.statuses().reduce((sum, status) => sum + status.inFlight, 0);
        expect(inFlight).toBe(leases.length);
        for (const { id } of leases.splice(0)) guests.pool.settle(id, 'completed');
        await guests.pool[Symbol.asyncDispose]();
        expect(guests.deletions.toSorted()).toEqual([...served.keys()].toSorted());
        expect(guests.timers.delays()).toEqual([]);
      },
    ),
    { numRuns: 200 },
  );
});
