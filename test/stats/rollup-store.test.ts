import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { openDatabase } from '../../src/db/open-database.ts';
import { createRequestStore } from '../../src/stats/request-store.ts';
import { createRollupStore } from '../../src/stats/rollup-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { requestRecord } from './request-fixture.ts';

const DAY_MS = 86_400_000;
const ALL = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };

function setUp(path = ':memory:') {
  const database = openDatabase(path);
  const requests = createRequestStore(database);
  const rollups = createRollupStore(database);
  const counted = () =>
    rollups.read('day', 'kind', ALL).reduce((sum, row) => sum + row.requests, 0);
  return { database, requests, rollups, counted, [Symbol.dispose]: () => database.close() };
}

const records = (count: number, startedAt = 0) =>
  Array.from({ length: count }, () => requestRecord({ startedAt }));

describe('the rollups', () => {
  test('count each request once, as many as they are told to', () => {
    using store = setUp();
    store.requests.insertMany(records(5));
    const steps = [2, 2, 2, 2].map((limit) => [store.rollups.countMore(limit), store.counted()]);
    expect(steps).toEqual([
      [2, 2],
      [2, 4],
      [1, 5],
      [0, 5],
    ]);
  });

  test('have a request in its minute, five minutes, hour and day', () => {
    using store = setUp();
    const startedAt = Date.UTC(2026, 10, 20, 12, 34, 56, 789);
    store.requests.insertMany([requestRecord({ startedAt })]);
    store.rollups.countMore(1);
    const resolutions = ['minute', '5min', 'hour', 'day'] as const;
    const buckets = resolutions.map((resolution) =>
      store.rollups
        .read(resolution, 'key', ALL)
        .map(({ bucket }) => new Date(bucket).toISOString()),
    );
    expect(buckets).toEqual([
      ['2026-11-20T12:34:00.000Z'],
      ['2026-11-20T12:30:00.000Z'],
      ['2026-11-20T12:00:00.000Z'],
      ['2026-11-20T00:00:00.000Z'],
    ]);
  });

  test('count nothing twice when counting fails half-way', () => {
    using store = setUp();
    store.requests.insertMany(records(3));
    store.database.run(`CREATE TRIGGER refuse BEFORE INSERT ON rollups WHEN NEW.resolution = 'day'
      BEGIN SELECT RAISE(FAIL, 'refused'); END`);
    expect(() => store.rollups.countMore(3)).toThrow('refused');
    store.database.run('DROP TRIGGER refuse');
    store.rollups.countMore(3);
    expect([store.counted(), store.rollups.read('minute', 'kind', ALL)[0]?.requests]).toEqual([
      3, 3,
    ]);
  });

  test('count what two gateways store in one database once, whichever of them counts', () => {
    using folder = temporaryFolder();
    using one = setUp(join(folder.path, 'gateway.db'));
    using other = setUp(join(folder.path, 'gateway.db'));
    for (let round = 0; round < 20; round += 1) {
      one.requests.insertMany(records(3));
      other.requests.insertMany(records(2));
      (round % 3 === 0 ? one : other).rollups.countMore(round % 2 === 0 ? 4 : 100);
      one.rollups.countMore(1);
    }
    while (other.rollups.countMore(50) > 0);
    expect([one.counted(), one.rollups.countMore(1), other.counted()]).toEqual([100, 0, 100]);
  });

  test('go on after a restart where they were', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'gateway.db');
    {
      using store = setUp(path);
      store.requests.insertMany(records(3));
      store.rollups.countMore(2);
    }
    using store = setUp(path);
    expect([store.rollups.countMore(10), store.counted()]).toEqual([1, 3]);
  });

  test('count the requests that come after all others have been deleted', () => {
    using store = setUp();
    store.requests.insertMany(records(4, 1));
    store.rollups.countMore(10);
    expect(store.requests.deleteBefore(2, 10)).toBe(4);
    store.requests.insertMany(records(2, 5));
    expect([store.rollups.countMore(10), store.counted()]).toEqual([2, 6]);
  });

  test('keep whoever deletes from what they have not counted yet', () => {
    using store = setUp();
    store.requests.insertMany(records(4, 1));
    store.rollups.countMore(3);
    const deleted = [store.requests.deleteBefore(2, 10)];
    store.rollups.countMore(3);
    deleted.push(store.requests.deleteBefore(2, 10));
    expect([deleted, store.counted()]).toEqual([[3, 1], 4]);
  });

  test('are counted anew by a VACUUM as little as by anything else', () => {
    using store = setUp();
    store.requests.insertMany(records(4, 1));
    store.rollups.countMore(10);
    store.requests.insertMany(records(1, 5));
    store.requests.deleteBefore(2, 2);
    store.database.run('VACUUM');
    expect([store.rollups.countMore(10), store.counted()]).toEqual([1, 5]);
  });
});

describe('deleting rollups', () => {
  test('takes those of one resolution, never more than asked, and tells from when on they are whole', () => {
    using store = setUp();
    store.requests.insertMany([0, 1, 2].flatMap((day) => records(1, day * DAY_MS)));
    store.rollups.countMore(10);
    const left = () =>
      (['kind', 'error', 'key'] as const).map(
        (facet) => store.rollups.read('hour', facet, ALL).length,
      );
    const steps = [1, 1, 10, 10].map((limit) => [
      store.rollups.deleteBefore('hour', 2 * DAY_MS, limit),
      left(),
    ]);
    expect(steps).toEqual([
      [1, [2, 3, 3]],
      [1, [1, 3, 3]],
      [4, [1, 1, 1]],
      [0, [1, 1, 1]],
    ]);
    expect(store.rollups.keptSince()).toEqual({
      request: 0,
      minute: 0,
      '5min': 0,
      hour: 2 * DAY_MS,
      day: 0,
    });
    expect(store.rollups.read('day', 'kind', ALL)).toHaveLength(3);
  });

  test('never takes back what has been said to be gone', () => {
    using store = setUp();
    store.rollups.deleteBefore('hour', 2 * DAY_MS, 1);
    store.rollups.deleteBefore('hour', DAY_MS, 1);
    store.requests.deleteBefore(7, 1);
    expect(store.rollups.keptSince()).toMatchObject({ hour: 2 * DAY_MS, request: 7 });
  });
});
