import { describe, expect, test } from 'bun:test';
import { HEALTHY } from '../../src/credentials/health.ts';
import type { JudgeFailure } from '../../src/upstream/failure-verdict.ts';
import { judgeWebFailure } from '../../src/upstream/zai-web/judge-failure.ts';
import {
  account,
  COMPLETED,
  failed,
  idOf,
  isWaiting,
  makePool,
  NEVER,
  wishFor,
} from './make-pool.ts';

const HALF_AN_HOUR_MS = 1_800_000;
const BUSY = failed('rate-limited', 3_000);

describe('a throttled account', () => {
  test('is left alone for as long as the upstream asked, then probed once', async () => {
    const bench = makePool(['alice', 'bob']);
    const throttled = await bench.fail(BUSY);
    const healthy = throttled === 'alice' ? 'bob' : 'alice';
    bench.pass(2_999);
    const before = [await bench.ask(), await bench.ask(), await bench.ask()];
    bench.pass(1);
    const probe = await bench.lend();
    const meanwhile = [await bench.ask(), await bench.ask(), await bench.ask()];
    probe.settle(COMPLETED);
    const after = new Set([await bench.ask(), await bench.ask()]);
    expect([before, probe.credential.userId, meanwhile, after]).toEqual([
      Array(3).fill(healthy),
      throttled,
      Array(3).fill(healthy),
      new Set(['alice', 'bob']),
    ]);
  });

  test('is left alone for longer when its probe fails, and is told apart from what it was', async () => {
    const bench = makePool(['alice']);
    const pauses: unknown[] = [];
    for (let i = 0; i < 4; i += 1) {
      await bench.fail(failed('rate-limited'));
      const failure = await bench.ask();
      const retryAfterMs = typeof failure === 'string' ? 0 : (failure.retryAfterMs ?? 0);
      pauses.push(retryAfterMs);
      bench.pass(retryAfterMs);
    }
    await bench.ask();
    expect([pauses, bench.healthOf('alice')]).toEqual([[1_000, 1_000, 2_000, 4_000], HEALTHY]);
  });

  test('is not probed by a request that has failed already, as long as another is healthy', async () => {
    const bench = makePool(['alice', 'bob', 'carol']);
    const throttled = await bench.fail(BUSY);
    const [tried = '', healthy] = ['alice', 'bob', 'carol'].filter((name) => name !== throttled);
    bench.pass(3_000);
    const wish = wishFor({ tried: [tried] });
    const answers = [await bench.ask(wish)];
    bench.pool.setDisabled(idOf(healthy ?? ''), true);
    answers.push(await bench.ask(wish));
    expect(answers).toEqual([healthy, throttled] as typeof answers);
  });

  test('keeps its pause when a reply that began before it ends well', async () => {
    const bench = makePool(['alice']);
    const long = await bench.lend();
    await bench.fail(BUSY);
    long.settle(COMPLETED);
    expect(await bench.ask()).toMatchObject({ kind: 'rate-limited', retryAfterMs: 3_000 });
  });
});

describe('a probe', () => {
  async function throttledAlice() {
    const bench = makePool(['alice']);
    await bench.fail(BUSY);
    bench.pass(3_000);
    return bench;
  }

  test('is waited for when there is nothing else', async () => {
    const bench = await throttledAlice();
    const probe = await bench.lend();
    const waiting = [bench.pool.lease(wishFor(), NEVER), bench.pool.lease(wishFor(), NEVER)];
    const isEarly = await isWaiting(Promise.race(waiting));
    probe.settle(COMPLETED);
    const users = (await Promise.all(waiting)).map(
      (each) => each.ok && each.value.credential.userId,
    );
    expect([isEarly, users]).toEqual([true, ['alice', 'alice']]);
  });

  test('that is cancelled makes way for the next one', async () => {
    const bench = await throttledAlice();
    const probe = await bench.lend();
    const waiting = [bench.pool.lease(wishFor(), NEVER), bench.pool.lease(wishFor(), NEVER)];
    probe[Symbol.dispose]();
    await Promise.race(waiting);
    expect([await isWaiting(waiting[1]!), bench.pool.inFlight.get(idOf('alice'))]).toEqual([
      true,
      1,
    ]);
  });

  test('heals as soon as its reply begins', async () => {
    const bench = await throttledAlice();
    const probe = await bench.lend();
    const waiting = bench.ask();
    probe.confirm();
    const served = await waiting;
    probe.settle(failed('broken-stream'));
    expect([served, bench.healthOf('alice'), bench.pool.memoryOf(idOf('alice'))?.counts]).toEqual([
      'alice',
      HEALTHY,
      { completed: 1, failed: 2, cancelled: 0, lastUsedAtMs: bench.clock.nowMs },
    ]);
  });

  test('is none any more when its account is healed by hand', async () => {
    const bench = await throttledAlice();
    const probe = await bench.lend();
    bench.pool.setHealth(idOf('alice'), HEALTHY);
    const served = await bench.ask();
    probe.settle(failed('empty-reply'));
    expect([served, bench.healthOf('alice')]).toEqual(['alice', HEALTHY]);
  });
});

describe('a rejected account', () => {
  test('is doubted for a long time, and out when its probe is rejected as well', async () => {
    const bench = makePool(['alice', 'bob']);
    const rejected = await bench.fail(failed('credential-rejected'));
    const other = await bench.ask();
    bench.pass(HALF_AN_HOUR_MS);
    const probed = await bench.fail(failed('credential-rejected'));
    bench.pass(10 * HALF_AN_HOUR_MS);
    expect([
      probed,
      new Set([await bench.ask(), await bench.ask()]),
      bench.healthOf(rejected),
    ]).toEqual([
      rejected,
      new Set([other]) as Set<never>,
      { state: 'out', reason: 'credential-rejected' },
    ]);
  });

  test('is not out because several of its requests are rejected at the same time', async () => {
    const { lend, healthOf } = makePool(['alice', 'bob']);
    const onAlice = wishFor({ tried: ['bob'] });
    const leases = [await lend(onAlice), await lend(onAlice), await lend(onAlice)];
    for (const lease of leases) lease.settle(failed('credential-rejected'));
    expect(healthOf('alice')).toMatchObject({ state: 'cooling', doubted: true });
  });
});

describe('what a failure costs', () => {
  test('is as many strikes in a row as are too many', async () => {
    const bench = makePool(['alice', 'bob']);
    const onAlice = (conversation: string) => wishFor({ tried: ['bob'], conversation });
    const outcomes = ['empty-reply', 'empty-reply', null, 'empty-reply', 'broken-stream'] as const;
    for (const [talk, kind] of outcomes.entries()) {
      await bench.fail(kind === null ? COMPLETED : failed(kind), onAlice(`talk ${talk}`));
    }
    const before = bench.healthOf('alice');
    await bench.fail(failed('empty-reply'), onAlice('another talk'));
    expect([before, bench.healthOf('alice')]).toMatchObject([
      { state: 'healthy', strikes: 2 },
      { state: 'cooling', kind: 'empty-reply', untilMs: bench.clock.nowMs + HALF_AN_HOUR_MS },
    ]);
  });

  test('is one strike for one conversation, however often it is tried', async () => {
    const bench = makePool(['alice', 'bob']);
    const onAlice = wishFor({ tried: ['bob'] });
    for (let i = 0; i < 10; i += 1) await bench.fail(failed('empty-reply'), onAlice);
    expect(bench.healthOf('alice')).toEqual({ state: 'healthy', strikes: 1 });
  });

  test('is a pause for a rejection that may be a mistake, while there is no other account', async () => {
    const bench = makePool(['alice']);
    await bench.fail(failed('credential-rejected'));
    bench.pass(1_000);
    expect(await bench.ask()).toBe('alice');
  });

  test('is no strike while there is no other account to do better', async () => {
    const bench = makePool(['alice']);
    for (let i = 0; i < 10; i += 1) await bench.fail(failed('empty-reply'));
    expect([bench.healthOf('alice'), await bench.ask()]).toEqual([HEALTHY, 'alice']);
  });

  test.each([
    'bad-request',
    'verification-required',
    'address-blocked',
    'unreachable',
    'model-not-found',
    'worker-crashed',
    'client-stalled',
    'client-outdated',
  ] as const)('is nothing for %s', async (kind) => {
    const { fail, healthOf } = makePool(['alice']);
    await fail(failed(kind));
    expect(healthOf('alice')).toEqual(HEALTHY);
  });

  test('is the health with one model only, when it speaks of that', async () => {
    const judge: JudgeFailure = (failure) => ({
      ...judgeWebFailure(failure),
      scope: 'credential-model',
    });
    const bench = makePool(['alice', 'bob'], { judge });
    const throttled = await bench.fail(BUSY);
    const other = throttled === 'alice' ? 'bob' : 'alice';
    const elsewhere = wishFor({ model: 'other' });
    const sameModel = [await bench.ask(), await bench.ask()];
    const otherModel = new Set([await bench.ask(elsewhere), await bench.ask(elsewhere)]);
    const { health, modelHealth } = bench.pool.memoryOf(idOf(throttled)) ?? {};
    bench.pass(3_000);
    const [probed, again] = [await bench.ask(), bench.pool.memoryOf(idOf(throttled))?.modelHealth];
    expect([sameModel, otherModel, health, modelHealth?.get('glm')?.state, probed, again]).toEqual([
      [other, other],
      new Set(['alice', 'bob']),
      HEALTHY,
      'cooling',
      throttled,
      new Map(),
    ]);
  });
});

test('what an operator wants to know of is logged, once and without secrets', async () => {
  const bench = makePool(['alice']);
  const leases = [await bench.lend(), await bench.lend()];
  for (const lease of leases) lease.settle(BUSY);
  bench.pass(3_000);
  await bench.ask();
  bench.pool.setHealth(idOf('alice'), { state: 'out', reason: 'found dead' });
  const owner = { credential: account('alice').id, model: null };
  expect(bench.logged).toEqual([
    {
      message: 'a credential is left alone',
      fields: { ...owner, kind: 'rate-limited', reason: 'rate-limited', forMs: 3_000 },
    },
    { message: 'a credential is used again', fields: owner },
    { message: 'a credential is no longer used', fields: { ...owner, reason: 'found dead' } },
  ]);
});

test('its status shows that a probe is due', async () => {
  const bench = makePool(['alice']);
  await bench.fail(BUSY);
  const states = [bench.pool.statuses()[0]?.health.state];
  bench.pass(3_000);
  states.push(bench.pool.statuses()[0]?.health.state, bench.healthOf('alice')?.state);
  expect(states).toEqual(['cooling', 'probing', 'cooling']);
});
