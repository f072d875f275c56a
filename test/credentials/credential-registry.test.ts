import type { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { createCredentialStore } from '../../src/credentials/credential-store.ts';
import { HEALTHY } from '../../src/credentials/health.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { settle, startRegistry } from './start-registry.ts';
import { account, BAD, GOOD, UNKNOWN } from './verdicts.ts';

const [ALICE, BOB, CAROL] = [account('alice'), account('bob'), account('carol')];

/** A registry whose accounts have been checked. */
async function startWith(
  database: Database,
  accounts = [ALICE],
  options: Parameters<typeof startRegistry>[1] = {},
) {
  const started = startRegistry(database, options);
  started.registry.give('setting', accounts);
  await settle();
  return started;
}

describe('which credentials there are', () => {
  test('those of settings, file and API, each once', async () => {
    using database = openDatabase(':memory:');
    using one = startRegistry(database);
    one.registry.add(ALICE);
    one.registry.give('setting', [ALICE, BOB]);
    one.registry.give('file', [BOB, CAROL]);
    await settle();
    const listed = one.registry
      .list()
      .map(({ credential, sources }) => [credential.userId, sources]);
    expect([listed, one.users()]).toEqual([
      [
        ['alice', ['setting', 'api']],
        ['bob', ['setting', 'file']],
        ['carol', ['file']],
      ],
      ['alice', 'bob', 'carol'],
    ]);
  });

  test('one that leaves a list leaves the pool, unless it comes from elsewhere too', async () => {
    using database = openDatabase(':memory:');
    using one = startRegistry(database);
    one.registry.add(CAROL);
    one.registry.give('setting', [ALICE]);
    one.registry.give('file', [ALICE, BOB, CAROL]);
    await settle();
    one.registry.give('file', []);
    expect(one.users()).toEqual(['carol', 'alice']);
  });

  test('only what came through the API is stored with its secret', async () => {
    using database = openDatabase(':memory:');
    using one = await startWith(database, [ALICE]);
    one.registry.add(BOB);
    one.registry.synchronize();
    expect(
      database.query('SELECT user_id, secret FROM credentials ORDER BY user_id').values(),
    ).toEqual([
      ['alice', null],
      ['bob', BOB.secret],
    ]);
  });

  test('one that was deleted by hand stays away, until it is added again', async () => {
    using database = openDatabase(':memory:');
    {
      using one = await startWith(database, [ALICE, BOB]);
      one.registry.delete(ALICE);
      one.registry.give('file', [ALICE]);
      expect(one.users()).toEqual(['bob']);
    }
    using next = await startWith(database, [ALICE, BOB]);
    const before = next.users();
    next.registry.add(ALICE);
    expect([before, next.users().toSorted()]).toEqual([['bob'], ['alice', 'bob']]);
  });
});

describe('the first check', () => {
  test('comes before a credential is lent, and a request waits for it', async () => {
    using database = openDatabase(':memory:');
    const verdict = Promise.withResolvers<typeof GOOD>();
    using one = await startWith(database, [ALICE], { verdicts: { alice: verdict.promise } });
    const used = one.use();
    await settle();
    const before = one.users();
    verdict.resolve(GOOD);
    expect([before, await used]).toEqual([[], 'alice']);
  });

  test('keeps out what is no account’s, and shows why', async () => {
    using database = openDatabase(':memory:');
    using one = await startWith(database, [ALICE, BOB], { verdicts: { alice: BAD } });
    expect([
      one.pool.memoryOf(ALICE.id)?.health,
      await one.use(),
      await one.use(),
      one.warned,
    ]).toEqual([
      { state: 'out', reason: 'It is dead.' },
      'bob',
      'bob',
      ['the service refuses a credential'],
    ]);
  });

  test('lets in what the service can’t tell of, and is made again later', async () => {
    using database = openDatabase(':memory:');
    using one = await startWith(database, [ALICE], { verdicts: { alice: UNKNOWN } });
    const checkedAtMs = one.registry.find(ALICE.id)?.checkedAtMs;
    expect([one.users(), checkedAtMs, one.asked]).toEqual([['alice'], null, ['alice']]);
    one.timers.fire();
    await settle();
    expect(one.asked).toEqual(['alice', 'alice']);
  });

  test('is not made again at the next start', async () => {
    using database = openDatabase(':memory:');
    {
      using _one = await startWith(database, [ALICE, BOB], { verdicts: { bob: BAD } });
    }
    using next = await startWith(database, [ALICE, BOB]);
    expect([next.asked, await next.use(), next.pool.memoryOf(BOB.id)?.health]).toEqual([
      [],
      'alice',
      { state: 'out', reason: 'It is dead.' },
    ]);
  });

  test('is made at the next start when the service could not tell', async () => {
    using database = openDatabase(':memory:');
    {
      using _one = await startWith(database, [ALICE], { verdicts: { alice: UNKNOWN } });
    }
    using next = await startWith(database, [ALICE]);
    expect(next.asked).toEqual(['alice']);
  });

  test('tells whose the token is', async () => {
    using database = openDatabase(':memory:');
    const verdicts = { alice: { verdict: 'account', userId: 'alice-2' } } as const;
    {
      using one = await startWith(database, [ALICE], { verdicts });
      expect(one.users()).toEqual(['alice-2']);
    }
    using next = await startWith(database, [ALICE]);
    expect(next.users()).toEqual(['alice-2']);
  });

  test('is left out where there is none', async () => {
    using database = openDatabase(':memory:');
    using one = startRegistry(database, { check: null });
    one.registry.give('setting', [ALICE]);
    expect(one.users()).toEqual(['alice']);
  });
});

describe('a restart', () => {
  test('forgets nothing: health, counts, what was done by hand', async () => {
    using database = openDatabase(':memory:');
    const before = await startWith(database, [ALICE]);
    await before.use('completed');
    await before.use('cancelled');
    await before.use('rate-limited');
    before.registry.add(BOB);
    before.registry.setDisabled(BOB, true);
    before.registry.delete(CAROL);
    const [alice, bob] = [before.pool.memoryOf(ALICE.id), before.pool.memoryOf(BOB.id)];
    before[Symbol.dispose]();

    using after = await startWith(database, [ALICE, CAROL]);
    expect([after.users().toSorted(), after.pool.memoryOf(ALICE.id)]).toEqual([
      ['alice', 'bob'],
      alice,
    ]);
    expect(after.pool.memoryOf(BOB.id)).toEqual(bob);
    expect(alice).toMatchObject({
      health: { state: 'cooling', kind: 'rate-limited' },
      counts: { completed: 1, cancelled: 1, failed: 1 },
    });
    expect(bob?.disabled).toBe(true);
  });

  test('takes a probe that it broke off for none', async () => {
    using database = openDatabase(':memory:');
    let nowMs = 1_000_000;
    const now = () => nowMs;
    const before = await startWith(database, [ALICE], { now });
    await before.use('rate-limited');
    nowMs += 3_600_000;
    const wish = { model: 'm', tried: new Set<string>(), allowTried: false, conversation: 'a' };
    await before.pool.lease({ ...wish, need: 'any' }, new AbortController().signal);
    expect(before.pool.statuses()[0]?.health.state).toBe('probing');
    before[Symbol.dispose]();
    using after = await startWith(database, [ALICE], { now });
    expect(await after.use()).toBe('alice');
  });
});

describe('saving', () => {
  test('is not done while requests are served, and soon after', async () => {
    using database = openDatabase(':memory:');
    using one = await startWith(database, [ALICE]);
    one.registry.synchronize();
    const completed = () => database.query('SELECT completed FROM credentials').values()[0]?.[0];
    await one.use();
    await one.use();
    const [before, delays] = [completed(), one.timers.delays()];
    one.timers.fire();
    expect([before, delays.toSorted((a, b) => a - b), completed()]).toEqual([0, [100, 1_000], 2]);
  });

  test('is tried again while SQLite fails, less and less often, and loses nothing', async () => {
    using database = openDatabase(':memory:');
    const store = createCredentialStore(database, 'zai-web');
    using one = await startWith(database, [ALICE], { store });
    one.registry.synchronize();
    const { save } = store;
    store.save = () => {
      throw new Error('disk full');
    };
    const retries: number[] = [];
    for (let i = 0; i < 8; i += 1) {
      await one.use();
      one.timers.fire();
      retries.push(...one.timers.delays().filter((delayMs) => delayMs !== 1_000));
    }
    store.save = save;
    one.timers.fire();
    const row = store.find(ALICE.id);
    expect([row?.counts.completed, one.warned]).toEqual([
      8,
      ['credentials could not be saved; this is tried again'],
    ]);
    expect(retries).toHaveLength(8);
    expect(retries[0]).toBeWithin(200, 501);
    expect(retries[7]).toBeWithin(15_000, 30_001);
  });

  test('is left to the next try while SQLite fails, however often the database is read', async () => {
    using database = openDatabase(':memory:');
    const store = createCredentialStore(database, 'zai-web');
    using one = await startWith(database, [ALICE], { store });
    one.registry.synchronize();
    let tries = 0;
    store.save = () => {
      tries += 1;
      throw new Error('disk full');
    };
    await one.use();
    for (let i = 0; i < 3; i += 1) one.registry.synchronize();
    expect(tries).toBe(1);
  });

  test('is done before a credential leaves', async () => {
    using database = openDatabase(':memory:');
    const store = createCredentialStore(database, 'zai-web');
    using one = await startWith(database, [ALICE], { store });
    await one.use();
    one.registry.give('setting', []);
    expect([one.users(), store.find(ALICE.id)?.counts.completed]).toEqual([[], 1]);
  });

  test('says what is lost when the last try fails', async () => {
    using database = openDatabase(':memory:');
    const store = createCredentialStore(database, 'zai-web');
    const one = await startWith(database, [ALICE], { store });
    store.save = () => {
      throw new Error('disk full');
    };
    await one.use();
    one[Symbol.dispose]();
    expect([one.warned.at(-1), one.timers.delays()]).toEqual([
      'credentials could not be saved at the end',
      [],
    ]);
  });
});

describe('two processes on one database', () => {
  async function startTwo(run: (one: Started, other: Started) => Promise<void>) {
    using folder = temporaryFolder();
    const path = join(folder.path, 'gateway.db');
    using database = openDatabase(path);
    using otherDatabase = openDatabase(path);
    using one = await startWith(database, [ALICE]);
    one.registry.synchronize();
    using other = await startWith(otherDatabase, [ALICE]);
    await run(one, other);
  }
  type Started = ReturnType<typeof startRegistry>;

  test('add their counts up, and both tell the sum', () =>
    startTwo(async (one, other) => {
      for (let i = 0; i < 5; i += 1) {
        await one.use('completed');
        await other.use('completed');
        await other.use('cancelled');
        if (i % 2 === 0) one.timers.fire();
        if (i % 3 === 0) other.timers.fire();
      }
      const totals = () =>
        [one, other].map(({ registry, pool }) => {
          registry.synchronize();
          const counts = pool.memoryOf(ALICE.id)?.counts;
          return counts && registry.totalCounts(ALICE.id, counts);
        });
      totals();
      const sum = { completed: 10, failed: 0, cancelled: 5, lastUsedAtMs: expect.any(Number) };
      expect(totals()).toEqual([sum, sum]);
    }));

  test('follow each other: what is added, disabled, enabled, deleted', () =>
    startTwo(async (one, other) => {
      const seen: unknown[] = [];
      const look = () => {
        other.timers.fire();
        seen.push(other.pool.statuses().map(({ userId, disabled }) => [userId, disabled]));
      };
      one.registry.add(BOB);
      look();
      one.registry.setDisabled(BOB, true);
      look();
      one.registry.setDisabled(BOB, false);
      look();
      one.registry.delete(BOB);
      look();
      expect([seen, other.asked]).toEqual([
        [
          [
            ['alice', false],
            ['bob', false],
          ],
          [
            ['alice', false],
            ['bob', true],
          ],
          [
            ['alice', false],
            ['bob', false],
          ],
          [['alice', false]],
        ],
        [],
      ]);
    }));

  test('learn of each other’s failures and recoveries, once', () =>
    startTwo(async (one, other) => {
      await one.use('rate-limited');
      one.timers.fire();
      other.timers.fire();
      const cooling = other.pool.memoryOf(ALICE.id)?.health;
      other.registry.heal(ALICE);
      other.timers.fire();
      one.timers.fire();
      expect([cooling, one.pool.memoryOf(ALICE.id)?.health]).toEqual([
        expect.objectContaining({ state: 'cooling', kind: 'rate-limited' }),
        HEALTHY,
      ]);
      // Nobody repeats what it has heard: that would go on for ever.
      one.timers.fire();
      other.timers.fire();
      expect([one, other].map(({ timers }) => timers.delays())).toEqual([[1_000], [1_000]]);
    }));
});

test('what another process has checked meanwhile is lent at once', async () => {
  using database = openDatabase(':memory:');
  const never = new Promise<typeof GOOD>(() => {});
  using one = await startWith(database, [ALICE], { verdicts: { alice: never } });
  const counts = { completed: 0, failed: 0, cancelled: 0, lastUsedAtMs: null };
  const change = { credential: ALICE, checkedAtMs: 5, counts, health: [] };
  createCredentialStore(database, 'zai-web').save([change], 5);
  const before = one.users();
  one.registry.synchronize();
  expect([before, one.users()]).toEqual([[], ['alice']]);
});

test('healing forgets what a credential failed at, with every model', async () => {
  using database = openDatabase(':memory:');
  using one = await startWith(database, [ALICE]);
  one.pool.setHealth(ALICE.id, { state: 'out', reason: 'x' });
  one.pool.setHealth(ALICE.id, { state: 'out', reason: 'x' }, 'glm-5');
  one.registry.heal(ALICE);
  expect(one.pool.memoryOf(ALICE.id)).toMatchObject({ health: HEALTHY, modelHealth: new Map() });
});
