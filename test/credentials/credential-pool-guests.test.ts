import { describe, expect, test } from 'bun:test';
import { upstreamFailure } from '../../src/upstream-failure.ts';
import {
  COMPLETED,
  failed,
  idOf,
  isWaiting,
  makeGuests,
  makePool,
  NEVER,
  wishFor,
} from './make-pool.ts';

const CAPTCHA = failed('verification-required');
const BUSY = failed('rate-limited');
const BLOCKED = upstreamFailure('address-blocked', 'blocked', { status: 405 });

function poolWithGuests(names: string[] = [], options: Parameters<typeof makePool>[1] = {}) {
  const guests = makeGuests();
  return { ...makePool(names, { ...options, guests }), guests };
}

describe('a guest', () => {
  test('is lent when no account is usable, and only then', async () => {
    const { pool, ask } = poolWithGuests(['alice']);
    const users = [await ask(), await ask(wishFor({ tried: ['alice'] }))];
    pool.setDisabled(idOf('alice'), true);
    expect([users, await ask(), pool.hasUsable(), pool.readiness()]).toEqual([
      ['alice', 'guest-1'],
      'guest-2',
      true,
      null,
    ]);
  });

  test('is no reason not to wait for an account that is only busy', async () => {
    const { pool, lend } = poolWithGuests(['alice'], { maxInFlight: 1 });
    await lend();
    expect(await isWaiting(pool.lease(wishFor(), NEVER))).toBe(true);
  });

  test('is better than to wait for a probe', async () => {
    const bench = poolWithGuests(['alice']);
    await bench.fail(failed('rate-limited', 3_000));
    bench.pass(3_000);
    using _probe = await bench.lend();
    expect(await bench.ask()).toBe('guest-1');
  });

  test('is asked for with the conversation, and without what may be tried again', async () => {
    const { pool, guests } = poolWithGuests();
    const wish = wishFor({ tried: ['alice'], conversation: 'mine' });
    for (const allowTried of [false, true]) await pool.lease({ ...wish, allowTried }, NEVER);
    expect(guests.wishes).toEqual([
      { conversation: 'mine', need: 'any', tried: new Set([idOf('alice')]) },
      { conversation: 'mine', need: 'any', tried: new Set() },
    ]);
  });

  test('counts while it is out, and goes back with what became of it', async () => {
    const { pool, lend, guests } = poolWithGuests();
    const leases = [await lend(), await lend(), await lend()];
    const out = [...pool.inFlight.values()];
    const [one, two, three] = leases;
    one?.confirm();
    one?.settle(COMPLETED);
    two?.[Symbol.dispose]();
    three?.settle(failed('credential-rejected'));
    expect([out, pool.inFlight.size, guests.settled.map(([, use]) => use)]).toEqual([
      [1, 1, 1],
      0,
      ['completed', 'cancelled', 'doubt'],
    ]);
  });

  test('will not do for one who needs an account', async () => {
    const { pool, ask, fail } = poolWithGuests(['alice']);
    const need = wishFor({ need: 'account' });
    const lack = (message: string) => upstreamFailure('credential-rejected', message);
    const answers = [await ask(need), await ask(wishFor({ need: 'account', tried: ['alice'] }))];
    pool.remove(idOf('alice'));
    answers.push(await ask(need));
    expect([answers, await fail(COMPLETED)]).toEqual([
      [
        'alice',
        lack('Every credential of the gateway has been tried for this request.'),
        lack('The gateway has no chat.z.ai credential: set ZAI_TOKENS.'),
      ],
      'guest-1',
    ]);
  });

  test('that is refused is the answer', async () => {
    const { pool, guests, ask } = poolWithGuests();
    guests.refusal = BLOCKED;
    expect([await ask(), pool.inFlight.size]).toEqual([BLOCKED, 0]);
  });

  test('is closed with the pool', () => {
    const { pool, guests } = poolWithGuests();
    pool[Symbol.dispose]();
    expect(guests.isClosed).toBe(true);
  });
});

describe('the brake', () => {
  test('opens when guests fail alike and there is nothing else', async () => {
    const bench = poolWithGuests();
    await bench.fail(BUSY);
    const before = bench.pool.brake.state;
    await bench.fail(BUSY);
    expect([before, bench.pool.brake.state, bench.guests.settled.map(([, use]) => use)]).toEqual([
      'closed',
      'open',
      ['pause', 'pause'],
    ]);
  });

  test('opens when most of the guests that are at work fail alike', async () => {
    const bench = poolWithGuests();
    const leases = [];
    for (let i = 0; i < 5; i += 1) leases.push(await bench.lend());
    const states = leases.map((lease) => {
      lease.settle(BUSY);
      return bench.pool.brake.state;
    });
    expect(states).toEqual(['closed', 'closed', 'open', 'open', 'open']);
  });

  test('opens for throttled accounts only when a guest is throttled as well', async () => {
    const bench = poolWithGuests(['alice', 'bob']);
    await bench.fail(BUSY);
    await bench.fail(BUSY);
    const before = bench.pool.brake.state;
    const guest = await bench.fail(BUSY);
    const healths = ['alice', 'bob'].map((name) => bench.healthOf(name)?.state);
    expect([before, guest, bench.pool.brake.state, healths]).toEqual([
      'closed',
      'guest-1',
      'open',
      ['healthy', 'healthy'],
    ]);
  });

  test('stays closed for dead accounts as long as guests are served', async () => {
    const bench = poolWithGuests(['alice', 'bob']);
    await bench.fail(failed('credential-rejected'));
    await bench.fail(failed('credential-rejected'));
    expect([await bench.ask(), await bench.ask(), bench.pool.brake.state]).toEqual([
      'guest-1',
      'guest-2',
      'closed',
    ]);
  });

  test('costs no guest anything while it is open', async () => {
    const bench = poolWithGuests();
    const late = await bench.lend();
    for (const conversation of ['one', 'two', 'three']) {
      await bench.fail(failed('unavailable'), wishFor({ conversation }));
    }
    late.settle(failed('unavailable'));
    const uses = bench.guests.settled.map(([, use]) => use);
    expect(uses).toEqual([...Array(3).fill('strike'), 'none']);
  });

  test('opens for refusals that speak of the upstream or of the address, once for all who waited', async () => {
    const bench = poolWithGuests();
    bench.guests.refusal = BLOCKED;
    for (let i = 0; i < 5; i += 1) await bench.ask();
    const states = [bench.pool.brake.state];
    for (let i = 0; i < 2; i += 1) {
      bench.guests.refusal = { ...BLOCKED };
      await bench.ask();
      states.push(bench.pool.brake.state);
    }
    expect(states).toEqual(['closed', 'closed', 'open']);
  });

  test.each([
    ['opens when the service throttles those who want to be guests', 429, 'open'],
    ['does not open for as many guests as there may be', null, 'closed'],
  ] as const)('%s', async (_, status, expected) => {
    const bench = poolWithGuests();
    for (let i = 0; i < 3; i += 1) {
      bench.guests.refusal = upstreamFailure('rate-limited', 'full', { status });
      await bench.ask();
    }
    expect(bench.pool.brake.state).toBe(expected);
  });

  async function opened() {
    const bench = poolWithGuests();
    for (let i = 0; i < 3; i += 1) await bench.fail(CAPTCHA);
    bench.pass(15_000);
    return bench;
  }

  test('lets one guest through to find out', async () => {
    const bench = await opened();
    const asked = [bench.pool.lease(wishFor(), NEVER), bench.pool.lease(wishFor(), NEVER)];
    const [probe, other] = await Promise.all(asked);
    if (probe?.ok) probe.value.settle(COMPLETED);
    expect([probe?.ok, other, bench.pool.brake.state]).toMatchObject([
      true,
      { ok: false, failure: { kind: 'verification-required' } },
      'closed',
    ]);
  });

  test('opens for longer when no guest is let in', async () => {
    const bench = await opened();
    bench.guests.refusal = BLOCKED;
    expect([await bench.ask(), await bench.ask()]).toMatchObject([
      { kind: 'address-blocked', retryAfterMs: null },
      { kind: 'address-blocked', retryAfterMs: 30_000 },
    ]);
  });

  test('lets another through when the first one leaves before its guest is there', async () => {
    const bench = await opened();
    const leaver = new AbortController();
    const left = bench.pool.lease(wishFor(), leaver.signal).catch((reason: unknown) => reason);
    leaver.abort('left');
    expect([await left, await bench.ask(), bench.guests.settled.length]).toEqual([
      'left',
      'guest-4',
      4,
    ]);
  });

  test('lets one guest through when several have waited for an account that is gone now', async () => {
    const bench = poolWithGuests(['alice', 'bob'], { maxInFlight: 1 });
    await bench.lend(wishFor({ tried: ['bob'] }));
    for (let i = 0; i < 3; i += 1) await bench.fail(CAPTCHA);
    bench.pool.setDisabled(idOf('bob'), true);
    bench.pass(15_000);
    const waiting = [bench.ask(), bench.ask()];
    bench.pool.remove(idOf('alice'));
    expect(await Promise.all(waiting)).toEqual([
      'guest-1',
      expect.objectContaining({ kind: 'verification-required', retryAfterMs: 1_000 }),
    ]);
  });
});
