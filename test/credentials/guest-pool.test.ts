import { describe, expect, test } from 'bun:test';
import { upstreamFailure } from '../../src/upstream-failure.ts';
import { guest, startGuests, startOpenGuests, userOf } from './start-guests.ts';

const BLOCKED = upstreamFailure('address-blocked', 'blocked');
const tried = (...indexes: number[]) => new Set(indexes.map((index) => guest(index).id));

describe('a conversation', () => {
  test('keeps its guest from turn to turn', async () => {
    using guests = startOpenGuests();
    const users = [userOf(await guests.ask('a'))];
    guests.pool.settle(guest(0).id, 'completed');
    users.push(userOf(await guests.ask('a')));
    expect(users).toEqual(['guest-0', 'guest-0']);
  });

  test('has its guest for several requests at once', async () => {
    using guests = startOpenGuests();
    const users = await Promise.all(['a', 'a', 'a'].map((name) => guests.ask(name)));
    expect([users.map(userOf), guests.pool.statuses()]).toMatchObject([
      ['guest-0', 'guest-0', 'guest-0'],
      [{ role: 'bound', inFlight: 3 }],
    ]);
  });

  test('never has the guest of another one', async () => {
    using guests = startOpenGuests();
    const users = await Promise.all(['a', 'b', 'c'].map((name) => guests.ask(name)));
    expect(users.map(userOf)).toEqual(['guest-0', 'guest-1', 'guest-2']);
  });

  test('gets another guest of its own when it has tried the first, and the less busy one then', async () => {
    using guests = startOpenGuests();
    const answers = [
      await guests.ask('a'),
      await guests.ask('a', tried(0)),
      await guests.ask('b'),
      await guests.ask('a', tried(0)),
      await guests.ask('a'),
    ];
    expect(answers.map(userOf)).toEqual(['guest-0', 'guest-1', 'guest-2', 'guest-1', 'guest-0']);
  });

  test('gets no guest when it needs an account', async () => {
    using guests = startOpenGuests();
    const wish = { conversation: 'a', tried: tried(), need: 'account' } as const;
    const answer = await guests.pool.acquire(wish, new AbortController().signal);
    expect([answer, guests.minted()]).toEqual([null, 0]);
  });
});

describe('who waits for a guest', () => {
  test('is served in order, four mintings at a time', async () => {
    using guests = startGuests();
    const asked = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => guests.ask(name));
    const visits = [guests.visits.length];
    guests.admit(2);
    const first = userOf(await (asked[0] ?? null));
    visits.push(guests.visits.length);
    for (const index of [0, 1, 3]) guests.admit(index);
    await asked[3];
    visits.push(guests.visits.length);
    guests.admit(5);
    guests.admit(4);
    const users = (await Promise.all(asked)).map(userOf);
    expect({ visits, first, rest: users.slice(4) }).toEqual({
      visits: [4, 5, 6],
      first: 'guest-2',
      rest: ['guest-5', 'guest-4'],
    });
  });

  test('leaves at once when its request does, and what was on its way is for whoever comes', async () => {
    using guests = startGuests();
    const leaver = new AbortController();
    const left = guests.ask('a', tried(), leaver.signal).catch((reason: unknown) => reason);
    leaver.abort('left');
    const reason = await left;
    const other = guests.ask('b');
    guests.admit(0);
    expect([reason, userOf(await other), guests.visits.length]).toEqual(['left', 'guest-0', 1]);
  });

  test('does not take those along who wait for the same conversation', async () => {
    using guests = startGuests();
    const leaver = new AbortController();
    const left = guests.ask('a', tried(), leaver.signal).catch((reason: unknown) => reason);
    const stayed = guests.ask('a');
    leaver.abort('left');
    await left;
    guests.admit(0);
    expect([userOf(await stayed), guests.pool.statuses()]).toMatchObject([
      'guest-0',
      [{ inFlight: 1 }],
    ]);
  });

  test('stays when another request, served before, is over', async () => {
    using guests = startGuests();
    const served = new AbortController();
    const first = guests.ask('a', tried(), served.signal);
    guests.admit(0);
    await first;
    const waiting = guests.ask('a', tried(0));
    served.abort('done');
    guests.admit(1);
    expect(userOf(await waiting)).toBe('guest-1');
  });

  test('is not let in at all when its request is over', async () => {
    using guests = startGuests();
    const refused = guests.ask('a', tried(), AbortSignal.abort('left'));
    await expect(refused).rejects.toBe('left');
    expect(guests.visits).toEqual([]);
  });

  test('hears of a failure when no other minting can serve it', async () => {
    using guests = startGuests();
    const asked = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => guests.ask(name));
    guests.refuse(1, BLOCKED);
    const unserved = await Promise.all(asked.slice(3));
    for (const index of [0, 2, 3]) guests.admit(index);
    const users = (await Promise.all(asked.slice(0, 3))).map(userOf);
    expect({ unserved, users, visits: guests.visits.length }).toEqual({
      unserved: Array(3).fill({ ok: false, failure: BLOCKED }),
      users: ['guest-0', 'guest-2', 'guest-3'],
      visits: 4,
    });
  });

  test('hears of a minting that takes too long', async () => {
    using guests = startGuests({ mintTimeoutMs: 1 });
    expect(await guests.ask('a')).toMatchObject({
      ok: false,
      failure: {
        kind: 'first-byte-timeout',
        message: 'Z.ai did not admit a guest within 0.001 s.',
      },
    });
  });

  test('hears of a minting that goes wrong in a way nobody planned', async () => {
    const warnings: unknown[] = [];
    using guests = startGuests({
      mint: () => Promise.reject(new Error('a bug')),
      log: { warn: (fields) => warnings.push(fields), debug() {} },
    });
    expect([await guests.ask('a'), warnings[0]]).toEqual([
      { ok: false, failure: upstreamFailure('unavailable', 'No guest could be asked for.') },
      { err: new Error('a bug') },
    ]);
  });

  test.each([
    ['the same token', guest(0)],
    ['another token of the same user', { ...guest(1), userId: 'guest-0' }],
  ])('is not given a guest that the service gave away before: %s', async (_, again) => {
    const admitted = [guest(0), again];
    using guests = startGuests({
      mint: async () => ({ ok: true, value: admitted.shift() ?? guest(9) }),
    });
    await guests.ask('a');
    expect(await guests.ask('b')).toMatchObject({ ok: false, failure: { kind: 'rate-limited' } });
  });
});
