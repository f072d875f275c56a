import { describe, expect, test } from 'bun:test';
import { HEALTHY, type Health } from '../../src/credentials/health.ts';
import { upstreamFailure } from '../../src/upstream-failure.ts';
import {
  account,
  COMPLETED,
  failed,
  idOf,
  isWaiting,
  makeGuests,
  makePool,
  NEVER,
  START_MS,
  wishFor,
} from './make-pool.ts';

const OUT = { state: 'out', reason: 'found dead' } as const;

const coolingUntil = (untilMs: number): Health => ({
  state: 'cooling',
  untilMs,
  strikes: 0,
  pauses: 1,
  doubted: false,
  kind: 'rate-limited',
  reason: 'Z.ai is busy.',
});

describe('a lease', () => {
  test('counts while it is out, and comes back exactly once', async () => {
    const { pool, lend } = makePool(['alice']);
    const [one, two] = [await lend(), await lend()];
    const counts = [pool.inFlight.get(idOf('alice'))];
    one.settle(COMPLETED);
    one.settle(COMPLETED);
    one[Symbol.dispose]();
    counts.push(pool.inFlight.get(idOf('alice')));
    two[Symbol.dispose]();
    expect([counts, pool.inFlight.size, pool.memoryOf(idOf('alice'))?.counts]).toEqual([
      [2, 1],
      0,
      { completed: 1, failed: 0, cancelled: 1, lastUsedAtMs: START_MS },
    ]);
  });

  test('comes back when its block throws', async () => {
    const { pool, lend } = makePool(['alice']);
    const use = async () => {
      using lease = await lend();
      throw new Error(lease.credential.userId);
    };
    await expect(use()).rejects.toThrow('alice');
    expect(pool.inFlight.size).toBe(0);
  });

  test('that was settled keeps its first outcome', async () => {
    const { lend, healthOf } = makePool(['alice']);
    const lease = await lend();
    lease.settle({ state: 'cancelled' });
    lease.settle(failed('credential-rejected'));
    lease.confirm();
    expect(healthOf('alice')).toEqual(HEALTHY);
  });

  test('is not given to one who has left', async () => {
    const { pool } = makePool(['alice']);
    const gone = AbortSignal.abort('left');
    const caught = await pool.lease(wishFor(), gone).catch((error: unknown) => error);
    expect([caught, pool.inFlight.size]).toEqual(['left', 0]);
  });
});

describe('selection', () => {
  test('takes the least busy account, and equals in turn', async () => {
    const { lend } = makePool(['alice', 'bob', 'carol']);
    const leases = [await lend(), await lend(), await lend()];
    const firstRound = leases.map(({ credential }) => credential.userId);
    leases[1]?.settle(COMPLETED);
    expect([firstRound.toSorted(), (await lend()).credential.userId]).toEqual([
      ['alice', 'bob', 'carol'],
      firstRound[1] ?? '',
    ]);
  });

  test('goes round idle accounts', async () => {
    const { ask } = makePool(['alice', 'bob']);
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([
      'alice',
      'bob',
      'alice',
      'bob',
    ]);
  });

  test('passes over what the request has tried', async () => {
    const { ask } = makePool(['alice', 'bob']);
    expect(await ask(wishFor({ tried: ['alice'] }))).toBe('bob');
  });

  test('takes what the request has tried only when it may, and there is no other', async () => {
    const { ask } = makePool(['alice', 'bob']);
    expect([
      await ask(wishFor({ tried: ['alice'], allowTried: true })),
      await ask(wishFor({ tried: ['alice'], allowTried: true })),
      await ask(wishFor({ tried: ['alice', 'bob'], allowTried: true })),
    ]).toEqual(['bob', 'bob', 'alice']);
  });
});

describe('when every account carries as many requests as it may', () => {
  test('requests wait for one to come back, first come, first served', async () => {
    const { pool, lend } = makePool(['alice'], { maxInFlight: 1 });
    const first = await lend();
    const served: string[] = [];
    const others = ['second', 'third'].map(async (name) => {
      using lease = await lend();
      served.push(`${name}: ${lease.credential.userId}`);
    });
    expect([await isWaiting(pool.lease(wishFor(), AbortSignal.timeout(60_000))), served]).toEqual([
      true,
      [],
    ]);
    first.settle(COMPLETED);
    await Promise.all(others);
    expect(served).toEqual(['second: alice', 'third: alice']);
  });

  test('one who leaves is not lent what comes back', async () => {
    const { pool, lend, ask } = makePool(['alice'], { maxInFlight: 1 });
    const lease = await lend();
    const leaver = new AbortController();
    const left = pool.lease(wishFor(), leaver.signal).catch((reason: unknown) => reason);
    const next = ask();
    leaver.abort('left');
    lease.settle(COMPLETED);
    expect([await left, await next, pool.inFlight.size]).toEqual(['left', 'alice', 0]);
  });

  test.each(['added', 'healed', 'enabled'])('one that is %s serves those who wait', async (how) => {
    const { pool, lend, ask } = makePool(['alice', 'bob'], { maxInFlight: 1 });
    if (how === 'added') pool.remove(idOf('bob'));
    if (how === 'healed') pool.setHealth(idOf('bob'), OUT);
    if (how === 'enabled') pool.setDisabled(idOf('bob'), true);
    await lend();
    const waiting = ask();
    if (how === 'added') pool.add(account('bob'));
    if (how === 'healed') pool.setHealth(idOf('bob'), HEALTHY);
    if (how === 'enabled') pool.setDisabled(idOf('bob'), false);
    expect(await waiting).toBe('bob');
  });

  test('one whose cooling is over serves those who wait', async () => {
    const bench = makePool(['alice', 'bob'], { maxInFlight: 1 });
    const cooled = await bench.fail(failed('rate-limited', 3_000));
    await bench.lend();
    const waiting = bench.ask();
    bench.pass(3_000);
    expect([await waiting, bench.alarms]).toEqual([cooled, 0]);
  });

  test('a request for which no account is left does not wait on', async () => {
    const { pool, lend, ask } = makePool(['alice'], { maxInFlight: 1 });
    const lease = await lend();
    const [waiting, other] = [ask(), ask(wishFor({ model: 'other' }))];
    lease.settle(failed('rate-limited', 3_000));
    const failures = [await waiting, await other];
    expect(failures).toMatchObject(Array(2).fill({ kind: 'rate-limited', retryAfterMs: 3_000 }));
    expect(pool.inFlight.size).toBe(0);
  });

  test('what one cannot use is given to the next', async () => {
    const { lend, pool, ask } = makePool(['alice', 'bob'], { maxInFlight: 1 });
    const leases = [await lend(), await lend()];
    const picky = pool.lease(wishFor({ tried: ['alice'] }), NEVER);
    const easy = ask();
    leases.find(({ credential }) => credential.userId === 'alice')?.settle(COMPLETED);
    expect([await easy, await isWaiting(picky)]).toEqual(['alice', true]);
  });

  test('what was tried and is free is better than to wait for what is not', async () => {
    const { lend, ask } = makePool(['alice', 'bob'], { maxInFlight: 1 });
    await lend(wishFor({ tried: ['bob'] }));
    expect(await ask(wishFor({ tried: ['bob'], allowTried: true }))).toBe('bob');
  });

  test('the end of the pool sends away those who wait', async () => {
    const { pool, lend, ask } = makePool(['alice'], { maxInFlight: 1 });
    await lend();
    const waiting = ask();
    pool[Symbol.dispose]();
    const closing = upstreamFailure('unavailable', 'The gateway is shutting down.');
    expect([await waiting, await ask()]).toEqual([closing, closing]);
  });
});

describe('while more credentials are expected', () => {
  test('a request that finds none waits for them, and gets no guest instead', async () => {
    const { pool, ask } = makePool([], { guests: makeGuests() });
    pool.expectMore(true);
    const waiting = ask();
    pool.add(account('alice'));
    expect([await waiting, pool.hasAccounts()]).toEqual(['alice', true]);
  });

  test('a request waits no longer than they are', async () => {
    const { pool, ask } = makePool([], { guests: makeGuests() });
    pool.expectMore(true);
    const waiting = ask();
    pool.expectMore(false);
    expect([await waiting, pool.hasAccounts()]).toEqual(['guest-1', false]);
  });
});

describe('with nothing to lend', () => {
  const lack = (message: string) => upstreamFailure('credential-rejected', message);
  const ORGUESTS = ', or allow guests with ANONYMOUS_MODE=true';

  test('the operator is told what to set', async () => {
    const { pool, ask } = makePool([]);
    const failure = lack(`The gateway has no chat.z.ai credential: set ZAI_TOKENS${ORGUESTS}.`);
    expect([await ask(), pool.hasUsable(), pool.hasAccounts(), pool.readiness()]).toEqual([
      failure,
      false,
      false,
      failure,
    ]);
  });

  test('the operator is told that every token is rejected', async () => {
    const { pool, ask } = makePool(['alice', 'bob']);
    pool.setHealth(idOf('alice'), OUT);
    pool.setHealth(idOf('bob'), OUT);
    const failure = lack(
      `chat.z.ai rejects every account token of the gateway: renew ZAI_TOKENS${ORGUESTS}.`,
    );
    expect([await ask(), pool.hasUsable(), pool.hasAccounts(), pool.readiness()]).toEqual([
      failure,
      false,
      true,
      failure,
    ]);
  });

  test('the operator is told that every token is disabled', async () => {
    const { pool, ask } = makePool(['alice']);
    pool.setDisabled(idOf('alice'), true);
    expect([await ask(), pool.hasUsable()]).toEqual([
      lack(
        `Every account token of the gateway is disabled: enable one, or set another in ZAI_TOKENS${ORGUESTS}.`,
      ),
      false,
    ]);
  });

  test('the operator is told that no token may use the model', async () => {
    const { pool, ask } = makePool(['alice']);
    pool.setHealth(idOf('alice'), OUT, 'glm');
    expect([await ask(), await ask(wishFor({ model: 'other' }))]).toEqual([
      lack(
        'chat.z.ai serves this model to no account token of the gateway: add another to ZAI_TOKENS.',
      ),
      'alice',
    ]);
  });

  test('the operator of the official API is told of its keys', async () => {
    const { ask } = makePool([], { upstream: 'zai-api' });
    expect(await ask()).toEqual(lack('The gateway has no Z.ai API key: set ZAI_API_KEYS.'));
  });

  test('because all were tried, the request is told so', async () => {
    const { pool, ask } = makePool(['alice']);
    expect([await ask(wishFor({ tried: ['alice'] })), pool.readiness()]).toEqual([
      lack('Every credential of the gateway has been tried for this request.'),
      null,
    ]);
  });

  test('because all are cooling, the request is told why and for how long', async () => {
    const bench = makePool(['alice', 'bob', 'carol']);
    bench.pool.setHealth(idOf('alice'), coolingUntil(START_MS + 9_000));
    bench.pool.setHealth(idOf('bob'), coolingUntil(START_MS + 7_000));
    bench.pool.setHealth(idOf('carol'), OUT);
    bench.pass(100);
    const failure = upstreamFailure(
      'rate-limited',
      "None of the gateway's credentials can be used for the next 7 s. Z.ai is busy.",
      { retryAfterMs: 6_900 },
    );
    expect([await bench.ask(), bench.pool.readiness(), bench.pool.hasUsable()]).toEqual([
      failure,
      failure,
      true,
    ]);
  });
});

describe('a credential', () => {
  test('begins with the memory it is given, and keeps it when it is added again', () => {
    const { pool } = makePool([]);
    const memory = {
      disabled: true,
      health: coolingUntil(START_MS + 5_000),
      modelHealth: new Map([['glm', OUT]]),
      counts: { completed: 4, failed: 3, cancelled: 2, lastUsedAtMs: 1 },
    };
    pool.add(account('alice'), memory);
    pool.add(account('alice'));
    expect(pool.memoryOf(idOf('alice'))).toEqual(memory);
  });

  test('that was being probed when the process ended is to be probed', async () => {
    const { pool, ask } = makePool([]);
    pool.add(account('alice'), {
      disabled: false,
      health: { ...coolingUntil(START_MS), state: 'probing' } as Health,
      modelHealth: new Map(),
      counts: { completed: 0, failed: 3, cancelled: 0, lastUsedAtMs: null },
    });
    expect([await ask(), pool.memoryOf(idOf('alice'))?.health]).toEqual(['alice', HEALTHY]);
  });

  test('that is removed is forgotten, though its leases can be settled', async () => {
    const { pool, lend, ask, changed } = makePool(['alice', 'bob']);
    const lease = await lend(wishFor({ tried: ['bob'] }));
    pool.remove(idOf('alice'));
    const others = [await ask(), await ask()];
    changed.length = 0;
    lease.settle(failed('credential-rejected'));
    pool.add(account('alice'));
    expect([others, changed, pool.inFlight.size, pool.memoryOf(idOf('alice'))?.counts]).toEqual([
      ['bob', 'bob'],
      [],
      0,
      { completed: 0, failed: 0, cancelled: 0, lastUsedAtMs: null },
    ]);
  });

  test('that is disabled is not lent, and its leases can be settled', async () => {
    const { pool, lend, ask } = makePool(['alice', 'bob']);
    using _lease = await lend(wishFor({ tried: ['bob'] }));
    pool.setDisabled(idOf('alice'), true);
    expect([await ask(), await ask(), pool.memoryOf(idOf('alice'))?.disabled]).toEqual([
      'bob',
      'bob',
      true,
    ]);
  });

  test('that is not there is ignored', () => {
    const { pool } = makePool(['alice']);
    pool.remove('unknown');
    pool.setDisabled('unknown', true);
    pool.setHealth('unknown', OUT);
    expect([pool.memoryOf('unknown'), pool.statuses().length]).toEqual([null, 1]);
  });

  test('is reported when a lease changes what there is to remember, not when others do', async () => {
    const { pool, ask, changed } = makePool(['alice']);
    pool.setHealth(idOf('alice'), HEALTHY);
    pool.setDisabled(idOf('alice'), false);
    const before = [...changed];
    await ask();
    expect([before, changed]).toEqual([[], [idOf('alice')]]);
  });

  test('shows all but its secret', async () => {
    const { pool, lend } = makePool(['alice']);
    await lend();
    const [status] = pool.statuses();
    expect(status).toEqual({
      id: idOf('alice'),
      kind: 'account',
      userId: 'alice',
      inFlight: 1,
      disabled: false,
      health: HEALTHY,
      modelHealth: new Map(),
      counts: { completed: 0, failed: 0, cancelled: 0, lastUsedAtMs: START_MS },
    });
  });
});
