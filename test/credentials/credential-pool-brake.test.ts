import { describe, expect, test } from 'bun:test';
import { HEALTHY } from '../../src/credentials/health.ts';
import { account, COMPLETED, failed, makePool, NEVER, wishFor } from './make-pool.ts';

const FIVE = ['alice', 'bob', 'carol', 'dave', 'erin'];
const CAPTCHA = failed('verification-required');
const BUSY = failed('rate-limited');

/** Five accounts with a request each, and the users who have them. */
async function fiveAtWork(options: Parameters<typeof makePool>[1] = {}) {
  const bench = makePool(FIVE, options);
  const leases = [];
  for (const _ of FIVE) leases.push(await bench.lend());
  return { ...bench, leases, states: () => bench.pool.statuses().map(({ health }) => health) };
}

describe('when every account is throttled at once', () => {
  test('nobody is punished, and after a while one request finds that it is over', async () => {
    const bench = await fiveAtWork();
    const during = bench.leases.map((lease) => {
      lease.settle(BUSY);
      return bench.pool.brake.state;
    });
    const refusals = [await bench.ask(), bench.pool.readiness()];
    bench.pass(15_000);
    const ready = bench.pool.readiness();
    const probe = await bench.lend();
    const others = [await bench.ask(), bench.pool.readiness()];
    probe.settle(COMPLETED);
    const users = new Set<unknown>();
    for (const _ of FIVE) users.add(await bench.ask());
    expect([during, bench.states(), refusals, ready, others, users]).toEqual([
      ['closed', 'closed', 'open', 'open', 'open'],
      Array(5).fill(HEALTHY),
      Array(2).fill({ ...busyFailure(), retryAfterMs: 15_000 }),
      null,
      Array(2).fill({ ...busyFailure(), retryAfterMs: 1_000 }),
      new Set<unknown>(FIVE),
    ]);
  });

  test('it lasts as long as the upstream asked the least of them', async () => {
    const bench = await fiveAtWork();
    for (const [index, lease] of bench.leases.entries()) {
      lease.settle(failed('rate-limited', 9_000 - index * 1_000));
    }
    expect(await bench.ask()).toMatchObject({ kind: 'rate-limited', retryAfterMs: 7_000 });
  });

  test('those who are told to be punished are told that they are not', async () => {
    const bench = await fiveAtWork();
    const punished: string[] = [];
    for (const lease of bench.leases.slice(0, 3)) {
      lease.settle(BUSY);
      punished.push(lease.credential.id);
    }
    const times = punished.map((id) => bench.changed.filter((each) => each === id).length);
    expect([times, bench.states()]).toEqual([[2, 2, 2], Array(5).fill(HEALTHY)]);
  });

  test('what has happened to an account meanwhile is not undone', async () => {
    const bench = await fiveAtWork();
    const [first, ...others] = bench.leases;
    first?.settle(BUSY);
    bench.pool.setHealth(first?.credential.id ?? '', { state: 'out', reason: 'found dead' });
    for (const lease of others) lease.settle(BUSY);
    expect(
      bench
        .states()
        .map(({ state }) => state)
        .toSorted(),
    ).toEqual([...Array(4).fill('healthy'), 'out']);
  });

  test('one that has failed twice is again what it was before the first time', async () => {
    const bench = makePool(['alice', 'bob', 'carol']);
    const leases: Awaited<ReturnType<typeof bench.lend>>[] = [];
    for (let i = 0; i < 6; i += 1) leases.push(await bench.lend());
    const of = (name: string) => leases.filter(({ credential }) => credential.userId === name);
    of('alice')[0]?.settle(failed('rate-limited', 5_000));
    of('alice')[1]?.settle(failed('rate-limited', 9_000));
    const before = bench.healthOf('alice');
    of('bob')[0]?.settle(BUSY);
    expect([before?.state, bench.pool.brake.state, bench.healthOf('alice')]).toEqual([
      'cooling',
      'open',
      HEALTHY,
    ]);
  });

  test('those that were rejected are not among those that could be lent', async () => {
    const bench = await fiveAtWork();
    const states = bench.leases.map((lease, index) => {
      lease.settle(index < 2 ? failed('credential-rejected') : BUSY);
      return bench.pool.brake.state;
    });
    expect([
      states,
      bench
        .states()
        .map(({ state }) => state)
        .toSorted(),
    ]).toEqual([
      ['closed', 'closed', 'closed', 'open', 'open'],
      ['cooling', 'cooling', 'healthy', 'healthy', 'healthy'],
    ]);
  });

  test('one that is served says that it is not the upstream', async () => {
    const bench = await fiveAtWork();
    const [one, two, served, three, four] = bench.leases;
    one?.settle(BUSY);
    two?.settle(BUSY);
    served?.settle(COMPLETED);
    three?.settle(BUSY);
    four?.settle(BUSY);
    expect([bench.pool.brake, await bench.ask()]).toEqual([
      { state: 'closed' },
      served?.credential.userId ?? '',
    ]);
  });
});

describe('when the upstream wants a human', () => {
  test('three requests find out, for all accounts, and for all who wait', async () => {
    const { pool, fail, lend, ask } = makePool(['alice'], { maxInFlight: 1 });
    await fail(CAPTCHA);
    await fail(CAPTCHA);
    const lease = await lend();
    const waiting = ask();
    lease.settle(CAPTCHA);
    expect([await waiting, pool.brake, pool.statuses()[0]?.health]).toMatchObject([
      { kind: 'verification-required', message: 'verification-required', retryAfterMs: 15_000 },
      { state: 'open', failure: { kind: 'verification-required' } },
      HEALTHY,
    ]);
  });

  test('it is found out again less and less often', async () => {
    const bench = makePool(['alice', 'bob']);
    for (let i = 0; i < 3; i += 1) await bench.fail(CAPTCHA);
    const waits: unknown[] = [];
    for (let i = 0; i < 7; i += 1) {
      const failure = await bench.ask();
      const retryAfterMs = typeof failure === 'string' ? 0 : (failure.retryAfterMs ?? 0);
      waits.push(retryAfterMs / 1_000);
      bench.pass(retryAfterMs);
      await bench.fail(CAPTCHA);
    }
    expect([waits, bench.logged.length]).toEqual([[15, 30, 60, 120, 240, 300, 300], 8]);
  });

  test('replies to requests from before tell of the time before', async () => {
    const bench = makePool(['alice']);
    const [long, short] = [await bench.lend(), await bench.lend()];
    for (let i = 0; i < 3; i += 1) await bench.fail(CAPTCHA);
    const state = bench.pool.brake.state;
    long.confirm();
    short.settle(COMPLETED);
    expect([state, bench.pool.brake.state]).toEqual(['open', 'open']);
  });

  test('what an operator does for the better lets the next request try', async () => {
    const bench = makePool(['alice']);
    for (let i = 0; i < 3; i += 1) await bench.fail(CAPTCHA);
    const states = [bench.pool.brake.state];
    bench.pool.add(account('bob'));
    states.push(bench.pool.brake.state);
    const isServed = typeof (await bench.ask()) === 'string';
    expect([states, isServed, bench.pool.brake.state]).toEqual([
      ['open', 'half-open'],
      true,
      'closed',
    ]);
  });

  test('requests that fail minutes apart are a streak while nobody is served', async () => {
    const bench = makePool(['alice']);
    for (let i = 0; i < 3; i += 1) {
      await bench.fail(failed('first-byte-timeout'));
      bench.pass(120_000);
    }
    await bench.fail(COMPLETED);
    const states = [bench.pool.brake.state];
    for (let i = 0; i < 2; i += 1) await bench.fail(failed('first-byte-timeout'));
    states.push(bench.pool.brake.state);
    await bench.fail(failed('first-byte-timeout'));
    states.push(bench.pool.brake.state);
    expect(states).toEqual(['closed', 'closed', 'open']);
  });
});

test('an upstream that is down costs the only account nothing in the end', async () => {
  const bench = makePool(['alice']);
  for (const conversation of ['one', 'two', 'three']) {
    await bench.fail(failed('unavailable'), wishFor({ conversation }));
  }
  bench.pass(30_000);
  expect([bench.healthOf('alice'), await bench.ask()]).toEqual([HEALTHY, 'alice']);
});

test('its opening and its closing are logged, and nothing in between', async () => {
  const bench = makePool(['alice']);
  for (let i = 0; i < 3; i += 1) await bench.fail(CAPTCHA);
  await bench.ask();
  bench.pass(15_000);
  await bench.ask();
  const kind = 'verification-required';
  const upstream = 'zai-web';
  expect(bench.logged).toEqual([
    {
      message: 'the upstream is left alone, whatever the credential',
      fields: { upstream, kind, reason: kind, forMs: 15_000 },
    },
    { message: 'the upstream serves again', fields: { upstream, kind } },
  ]);
});

describe('the probe of an upstream', () => {
  async function opened() {
    const bench = makePool(['alice', 'bob']);
    for (let i = 0; i < 3; i += 1) await bench.fail(CAPTCHA);
    bench.pass(15_000);
    return bench;
  }

  test('that is cancelled makes way for the next', async () => {
    const bench = await opened();
    (await bench.lend())[Symbol.dispose]();
    expect([bench.pool.brake.state, await bench.ask()]).not.toContain('open');
    expect(bench.pool.brake.state).toBe('closed');
  });

  test('that fails by its own account’s fault makes way for the next, and is punished', async () => {
    const bench = await opened();
    const rejected = await bench.fail(failed('credential-rejected'));
    expect([bench.healthOf(rejected)?.state, bench.pool.brake.state, await bench.ask()]).toEqual([
      'cooling',
      'half-open',
      rejected === 'alice' ? 'bob' : 'alice',
    ]);
  });

  test('goes on a healthy account rather than on one that is to be probed itself', async () => {
    const bench = makePool(['alice', 'bob']);
    const throttled = await bench.fail(failed('rate-limited', 5_000));
    for (let i = 0; i < 3; i += 1) await bench.fail(CAPTCHA);
    bench.pass(15_000);
    expect([await bench.ask(), await bench.ask()]).toEqual([
      throttled === 'alice' ? 'bob' : 'alice',
      throttled,
    ]);
  });

  test('is not taken by a request for which there is no account', async () => {
    const bench = await opened();
    const lack = await bench.ask(wishFor({ tried: ['alice', 'bob'] }));
    expect<unknown>([lack, await bench.ask()]).toEqual([
      expect.objectContaining({ kind: 'credential-rejected' }),
      expect.stringMatching(/alice|bob/),
    ]);
  });
});

test('two dying accounts of five and a throttled one open no brake, and keep nobody waiting', async () => {
  const bench = makePool(FIVE);
  const sick: Record<string, [ms: number, kind: 'credential-rejected' | 'rate-limited']> = {
    alice: [Number.POSITIVE_INFINITY, 'credential-rejected'],
    bob: [Number.POSITIVE_INFINITY, 'credential-rejected'],
    carol: [bench.clock.nowMs + 3_000, 'rate-limited'],
  };
  const tries: string[] = [];
  const serve = async () => {
    const tried: string[] = [];
    for (;;) {
      const leased = await bench.pool.lease(wishFor({ tried }), NEVER);
      if (!leased.ok) return leased.failure.message;
      const { userId } = leased.value.credential;
      tries.push(userId);
      tried.push(userId);
      const [untilMs, kind] = sick[userId] ?? [0, 'rate-limited'];
      const leftMs = untilMs - bench.clock.nowMs;
      leased.value.settle(
        leftMs > 0 ? failed(kind, kind === 'rate-limited' ? leftMs : null) : COMPLETED,
      );
      if (leftMs <= 0) return 'served';
    }
  };
  const answers = new Set<string>();
  for (let i = 0; i < 500; i += 1) {
    answers.add(await serve());
    bench.pass(20);
  }
  const triesOf = (name: string) => tries.filter((each) => each === name).length;
  expect([answers, bench.pool.brake.state, triesOf('alice'), triesOf('bob')]).toEqual([
    new Set(['served']),
    'closed',
    1,
    1,
  ]);
  // Once when it was throttled, then not before its three seconds are over.
  const [first = 0, second = 0] = tries.flatMap((name, index) => (name === 'carol' ? index : []));
  expect(second - first).toBeGreaterThan(140);
  expect(bench.pool.statuses().reduce((sum, { counts }) => sum + counts.completed, 0)).toBe(500);
});

function busyFailure() {
  return BUSY.state === 'failed' ? BUSY.failure : null;
}

test('what one request meets in all of its attempts keeps nobody from the only account', async () => {
  const bench = makePool(['alice']);
  for (let i = 0; i < 4; i += 1) await bench.fail(failed('unavailable'));
  expect([bench.healthOf('alice'), bench.pool.brake, await bench.ask()]).toEqual([
    HEALTHY,
    { state: 'closed' },
    'alice',
  ]);
});

test('replies that break for everyone are the upstream’s doing, and cost nobody anything', async () => {
  const bench = makePool(['alice', 'bob', 'carol']);
  for (const conversation of ['one', 'two', 'three']) {
    await bench.fail(failed('broken-stream'), wishFor({ conversation }));
  }
  const healths = ['alice', 'bob', 'carol'].map(bench.healthOf);
  expect([bench.pool.brake.state, healths]).toEqual(['open', [HEALTHY, HEALTHY, HEALTHY]]);
});

test('a request that another upstream can serve waits for no account of this one', async () => {
  const bench = makePool(['alice'], { maxInFlight: 1 });
  const lease = await bench.lend();
  const answer = await bench.ask(wishFor({ hasElsewhere: true }));
  lease.settle(COMPLETED);
  expect(answer).toMatchObject({ kind: 'rate-limited' });
});
