import { heapStats } from 'bun:jsc';
import { describe, expect, test } from 'bun:test';
import { upstreamFailure } from '../../src/upstream-failure.ts';
import { guest, startGuests, startOpenGuests, userOf } from './start-guests.ts';

const MINUTE_MS = 60_000;
const later = () => new Promise((resolve) => setImmediate(resolve));

describe('a guest retires', () => {
  test('after a quarter of an hour without a request, counted from the end of the last one', async () => {
    using guests = startOpenGuests();
    await guests.ask('a');
    guests.pass(20 * MINUTE_MS);
    guests.pool.settle(guest(0).id, 'completed');
    guests.pass(14 * MINUTE_MS);
    const before = [...guests.deletions];
    guests.pass(MINUTE_MS);
    expect([before, guests.deletions, guests.pool.statuses()]).toEqual([[], ['guest-0'], []]);
  });

  test('at two hours, but never amid a request', async () => {
    using guests = startOpenGuests();
    await guests.ask('a');
    guests.pass(120 * MINUTE_MS);
    const next = userOf(await guests.ask('a'));
    const during = [...guests.deletions];
    guests.pool.settle(guest(0).id, 'completed');
    expect({ next, during, after: guests.deletions }).toEqual({
      next: 'guest-1',
      during: [],
      after: ['guest-0'],
    });
  });

  test.each([
    ['earlier', 0, 12],
    ['later', 0.999, 18],
  ])('up to a fifth %s than another', async (_, random, minutes) => {
    using guests = startOpenGuests({ random: () => random });
    await guests.ask('a');
    guests.pool.settle(guest(0).id, 'completed');
    guests.pass((minutes - 0.1) * MINUTE_MS);
    const before = [...guests.deletions];
    guests.pass(0.1 * MINUTE_MS);
    expect([before, guests.deletions]).toEqual([[], ['guest-0']]);
  });

  test.each([
    ['out', 1],
    ['doubt', 1],
    ['cool', 1],
    ['strike', 3],
    ['pause', 1],
  ] as const)('when a failure costs it %s (%d in a row)', async (use, times) => {
    using guests = startOpenGuests();
    const live: number[] = [];
    for (let i = 0; i < times; i += 1) {
      await guests.ask('a');
      guests.pool.settle(guest(0).id, use);
      live.push(guests.pool.statuses().length);
    }
    const next = userOf(await guests.ask('a'));
    expect({ live, deletions: guests.deletions, next }).toEqual({
      live: [...Array(times - 1).fill(1), 0],
      deletions: ['guest-0'],
      next: 'guest-1',
    });
  });

  test('not for failures that say nothing of it, nor for strikes with a success in between', async () => {
    using guests = startOpenGuests();
    for (const use of ['none', 'cancelled', 'strike', 'strike', 'completed', 'strike'] as const) {
      await guests.ask('a');
      guests.pool.settle(guest(0).id, use);
    }
    expect(guests.pool.statuses()).toMatchObject([{ userId: 'guest-0', role: 'bound' }]);
  });

  test('not when it is throttled beside other requests', async () => {
    using guests = startOpenGuests();
    await guests.ask('a');
    await guests.ask('a');
    guests.pool.settle(guest(0).id, 'pause');
    expect(guests.pool.statuses()).toMatchObject([{ role: 'bound', inFlight: 1 }]);
  });

  test('when its last request is settled, if an earlier one was the end of it', async () => {
    using guests = startOpenGuests();
    await guests.ask('a');
    await guests.ask('a');
    guests.pool.settle(guest(0).id, 'out');
    const leaving = guests.pool.statuses();
    guests.pool.settle(guest(0).id, 'completed');
    expect([leaving, guests.pool.statuses(), guests.deletions]).toMatchObject([
      [{ role: 'leaving', inFlight: 1 }],
      [],
      ['guest-0'],
    ]);
  });

  test('once: ids that are no guest of the pool any more change nothing', async () => {
    using guests = startOpenGuests();
    await guests.ask('a');
    for (const index of [0, 0, 1]) guests.pool.settle(guest(index).id, 'out');
    expect([guests.deletions, guests.pool.statuses()]).toEqual([['guest-0'], []]);
  });
});

describe('the number of live guests', () => {
  test('is bounded: the one that has been idle longest makes room', async () => {
    using guests = startOpenGuests({ maxLive: 3 });
    for (const name of ['a', 'b', 'c']) await guests.ask(name);
    for (const index of [1, 0]) {
      guests.pass(1);
      guests.pool.settle(guest(index).id, 'completed');
    }
    const users = [userOf(await guests.ask('d')), userOf(await guests.ask('a'))];
    expect({ users, deletions: guests.deletions }).toEqual({
      users: ['guest-3', 'guest-0'],
      deletions: ['guest-1'],
    });
  });

  test('is bounded: with all of them busy the next conversation is told to come again', async () => {
    using guests = startGuests({ maxLive: 2 });
    void guests.ask('a');
    void guests.ask('b');
    expect([await guests.ask('c'), guests.visits.length]).toEqual([
      {
        ok: false,
        failure: upstreamFailure('rate-limited', 'All 2 guests of the gateway are in use.', {
          retryAfterMs: 5_000,
        }),
      },
      2,
    ]);
  });

  test('is bounded: requests of one conversation wait for one guest', async () => {
    using guests = startGuests({ maxLive: 1 });
    const asked = [guests.ask('a'), guests.ask('a')];
    guests.admit(0);
    expect((await Promise.all(asked)).map(userOf)).toEqual(['guest-0', 'guest-0']);
  });

  test('is bounded: those that are on their way count', async () => {
    using guests = startGuests({ maxLive: 3, size: 9 });
    const asked = guests.ask('a');
    const visits = [guests.visits.length];
    guests.admit(0);
    await asked;
    await later();
    visits.push(guests.visits.length);
    for (const index of [1, 2]) guests.admit(index);
    await later();
    expect([visits, guests.visits.length, guests.pool.statuses().length]).toEqual([[3, 3], 3, 3]);
  });

  test('is bounded: spare ones count, and nobody has to make room for them', async () => {
    using guests = startOpenGuests({ maxLive: 3, size: 2 });
    for (const name of ['a', 'b']) await guests.ask(name);
    for (const index of [0, 1]) guests.pool.settle(guest(index).id, 'completed');
    await later();
    const live = guests.pool.statuses().length;
    const user = userOf(await guests.ask('c'));
    expect([live, user, guests.deletions]).toEqual([3, 'guest-2', []]);
  });
});

test('nothing is kept of conversations whose guests have retired', async () => {
  using guests = startOpenGuests();
  const countSets = () => {
    Bun.gc(true);
    return heapStats().objectTypeCounts.Set ?? 0;
  };
  const before = countSets();
  for (let index = 0; index < 1_000; index += 1) {
    await guests.ask(`conversation ${index}`);
    guests.pool.settle(guest(index).id, 'out');
  }
  expect(countSets() - before).toBeLessThan(500);
});

describe('at the end of the pool', () => {
  test('what is being minted is broken off, and who waits or comes is told', async () => {
    const guests = startGuests();
    const asked = guests.ask('a');
    guests.pool[Symbol.dispose]();
    const answers = [await asked, await guests.ask('b')];
    expect([answers, guests.visits[0]?.signal.aborted, guests.timers.delays()]).toEqual([
      Array(2).fill({
        ok: false,
        failure: upstreamFailure('unavailable', 'The gateway is shutting down.'),
      }),
      true,
      [],
    ]);
  });

  test('all guests retire, busy ones too, and their chats are waited for', async () => {
    const guests = startOpenGuests();
    for (const name of ['a', 'b']) await guests.ask(name);
    await guests.pool[Symbol.asyncDispose]();
    guests.pool.settle(guest(0).id, 'cancelled');
    await guests.pool[Symbol.asyncDispose]();
    expect([guests.deletions, guests.pool.statuses(), guests.timers.delays()]).toEqual([
      ['guest-0', 'guest-1'],
      [],
      [],
    ]);
  });
});
