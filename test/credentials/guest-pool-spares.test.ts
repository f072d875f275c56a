import { describe, expect, test } from 'bun:test';
import { upstreamFailure } from '../../src/upstream-failure.ts';
import { guest, startGuests, startOpenGuests, userOf } from './start-guests.ts';

const MINUTE_MS = 60_000;
const BLOCKED = upstreamFailure('address-blocked', 'blocked');
const later = () => new Promise((resolve) => setImmediate(resolve));

describe('spare guests', () => {
  test('are not minted before anyone asks', () => {
    using guests = startGuests({ size: 3 });
    expect([guests.visits, guests.timers.delays()]).toEqual([[], []]);
  });

  test('are minted when the pool is warmed', async () => {
    using guests = startOpenGuests({ size: 3 });
    guests.pool.warm();
    await later();
    const roles = guests.pool.statuses().map(({ role, lastUsedAtMs }) => [role, lastUsedAtMs]);
    expect(roles).toEqual(Array(3).fill(['spare', null]));
  });

  test('serve new conversations at once, and are replaced', async () => {
    using guests = startOpenGuests({ size: 2 });
    guests.pool.warm();
    await later();
    const answers = [await guests.ask('a'), await guests.ask('b')];
    await later();
    expect([answers.map(userOf), guests.pool.statuses().map(({ role }) => role)]).toEqual([
      ['guest-0', 'guest-1'],
      ['bound', 'bound', 'spare', 'spare'],
    ]);
  });

  test('are minted after whoever waits has been served', async () => {
    using guests = startGuests({ size: 1 });
    const asked = guests.ask('a');
    const visits = guests.visits.length;
    guests.admit(1);
    expect([visits, userOf(await asked), guests.pool.statuses().length]).toEqual([2, 'guest-1', 1]);
  });

  test('are not asked for again and again when the service lets nobody in', async () => {
    const failures = [BLOCKED, BLOCKED, { ...BLOCKED, retryAfterMs: 60_000 }];
    const visits: number[] = [];
    let elapsedMs = 0;
    using guests = startGuests({
      size: 1,
      mint: async () => {
        visits.push(elapsedMs / 1_000);
        const failure = failures.shift();
        return failure ? { ok: false, failure } : { ok: true, value: guest(0) };
      },
    });
    guests.pool.warm();
    for (; elapsedMs < 120_000; guests.pass(5_000)) {
      await later();
      elapsedMs += 5_000;
    }
    // Pauses of 7.5, 15 and, as it asked, 60 s, seen every 5 s.
    expect(visits).toEqual([0, 10, 25, 85]);
  });

  test('wait no longer once somebody has been admitted, and fail anew after that', async () => {
    using guests = startGuests({ size: 1 });
    guests.pool.warm();
    guests.refuse(0, BLOCKED);
    await later();
    const asked = guests.ask('a');
    const visits = [guests.visits.length];
    guests.admit(1);
    const user = userOf(await asked);
    await later();
    visits.push(guests.visits.length);
    guests.refuse(2, BLOCKED);
    await later();
    guests.pass(7_500);
    visits.push(guests.visits.length);
    expect({ user, visits }).toEqual({ user: 'guest-1', visits: [2, 3, 4] });
  });

  test('retire for their age alone, and without a word: they have no chats', async () => {
    using guests = startOpenGuests({ size: 1 });
    guests.pool.warm();
    await later();
    guests.pass(119 * MINUTE_MS);
    const young = guests.pool.statuses().map(({ userId }) => userId);
    guests.pass(MINUTE_MS);
    await later();
    const renewed = guests.pool.statuses().map(({ userId }) => userId);
    expect([young, renewed, guests.deletions]).toEqual([['guest-0'], ['guest-1'], []]);
  });
});
