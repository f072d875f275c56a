import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openDatabase } from '../../src/db/open-database.ts';
import type { RequestRecord } from '../../src/stats/request-record.ts';
import { RequestRecorder } from '../../src/stats/request-recorder.ts';
import { createRequestStore } from '../../src/stats/request-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createManualSchedule } from './manual-schedule.ts';
import { requestRecord } from './request-fixture.ts';
import { silentLog } from './silent-log.ts';

/** A recorder with a store that keeps batches of ids, or fails while it is told to. */
function setUp(options: { maxPending?: number } = {}) {
  const batches: string[][] = [];
  const logged: string[] = [];
  const store = {
    isBroken: false,
    insertMany(records: readonly RequestRecord[]) {
      if (store.isBroken) throw new Error('disk full');
      batches.push(records.map(({ id }) => id));
    },
  };
  const timers = createManualSchedule();
  const log = {
    info: (_: object, message: string) => logged.push(`info: ${message}`),
    warn: (_: object, message: string) => logged.push(`warn: ${message}`),
  };
  const recorder = new RequestRecorder({ store, log, schedule: timers.schedule, ...options });
  const record = (...ids: (string | number)[]) => {
    for (const id of ids) recorder.record(requestRecord({ id: String(id) }));
  };
  return { batches, logged, store, timers, recorder, record };
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

describe('the request recorder', () => {
  test('writes nothing while a request is settled, and all of a turn in one batch', () => {
    const { batches, timers, record } = setUp();
    record('a', 'b');
    const before = { batches: [...batches], delays: timers.delays() };
    timers.fire();
    expect([before, batches]).toEqual([{ batches: [], delays: [0] }, [['a', 'b']]]);
  });

  test('keeps no timer while there is nothing to write', () => {
    const { timers, record } = setUp();
    const delays = [timers.delays()];
    record('a');
    timers.fire();
    delays.push(timers.delays());
    expect(delays).toEqual([[], []]);
  });

  test('writes no more than 500 records in one transaction', () => {
    const { batches, timers, record } = setUp();
    record(...numbers(501));
    timers.fire();
    expect([batches.map((batch) => batch.length), timers.delays()]).toEqual([[500, 1], []]);
  });

  test('has written what was settled in one turn of the event loop before the next one', async () => {
    using folder = temporaryFolder();
    using database = openDatabase(join(folder.path, 'gateway.db'));
    using other = openDatabase(join(folder.path, 'gateway.db'));
    await using recorder = new RequestRecorder({
      store: createRequestStore(database),
      log: silentLog,
    });
    recorder.record(requestRecord({ id: 'a' }));
    recorder.record(requestRecord({ id: 'b' }));
    await nextTurn();
    recorder.record(requestRecord({ id: 'c' }));
    expect(other.query('SELECT id FROM requests').values().flat()).toEqual(['a', 'b']);
  });

  test('keeps records that could not be written, and writes them later in order', () => {
    const { batches, logged, store, timers, recorder, record } = setUp();
    store.isBroken = true;
    record('a');
    timers.fire();
    record('b');
    timers.fire();
    store.isBroken = false;
    timers.fire();
    expect({ batches, logged, dropped: recorder.dropped, delays: timers.delays() }).toEqual({
      batches: [['a', 'b']],
      logged: [
        'warn: request records could not be written; they are kept and tried again',
        'info: request records are written again',
      ],
      dropped: 0,
      delays: [],
    });
  });

  test('tries less and less often while SQLite fails, however many records come', () => {
    const { store, timers, record } = setUp();
    store.isBroken = true;
    record('a');
    const delays = numbers(9).map(() => {
      timers.fire();
      record(...numbers(500));
      return timers.delays();
    });
    expect(delays.map((waiting) => waiting.length)).toEqual(numbers(9).map(() => 1));
    const [first = 0] = delays[0] ?? [];
    const [last = 0] = delays[8] ?? [];
    expect(first).toBeWithin(1_000, 2_001);
    expect(last).toBeWithin(30_000, 60_001);
  });

  test('drops the oldest records beyond its bound, and counts them', () => {
    const { batches, store, timers, recorder, record } = setUp({ maxPending: 3 });
    store.isBroken = true;
    record('a', 'b', 'c');
    timers.fire();
    record('d', 'e');
    store.isBroken = false;
    timers.fire();
    expect([batches, recorder.dropped]).toEqual([[['c', 'd', 'e']], 2]);
  });

  test('writes no record twice or never when the second of two batches fails', () => {
    const { batches, store, timers, record } = setUp();
    const insertMany = store.insertMany;
    record(...numbers(600));
    store.insertMany = (records) => {
      if (records.length < 500) throw new Error('disk full');
      insertMany(records);
    };
    timers.fire();
    store.insertMany = insertMany;
    timers.fire();
    expect(batches.flat()).toEqual(numbers(600).map(String));
  });

  test('writes what is pending on demand', () => {
    const { batches, timers, recorder, record } = setUp();
    record('a');
    recorder.flush();
    expect([batches, timers.delays()]).toEqual([[['a']], []]);
  });

  test('writes what is pending when it is disposed of, and leaves no timer', async () => {
    const { batches, timers, recorder, record } = setUp();
    record('a');
    await recorder[Symbol.asyncDispose]();
    expect([batches, timers.delays()]).toEqual([[['a']], []]);
  });

  test('says how many are lost when the last write fails, and leaves no timer', async () => {
    const { logged, store, timers, recorder, record } = setUp();
    store.isBroken = true;
    record('a');
    await recorder[Symbol.asyncDispose]();
    expect([logged.at(-1), timers.delays()]).toEqual([
      'warn: request records could not be written at the end',
      [],
    ]);
  });

  test('outlives a lock that another process holds on the database', () => {
    using folder = temporaryFolder();
    using database = openDatabase(join(folder.path, 'gateway.db'));
    using other = openDatabase(join(folder.path, 'gateway.db'));
    database.run('PRAGMA busy_timeout = 0');
    const { timers } = setUp();
    const recorder = new RequestRecorder({
      store: createRequestStore(database),
      log: silentLog,
      schedule: timers.schedule,
    });
    const count = () => other.query('SELECT count(*) AS n FROM requests').get();
    other.run('BEGIN IMMEDIATE');
    recorder.record(requestRecord());
    timers.fire();
    const locked = count();
    other.run('COMMIT');
    timers.fire();
    expect([locked, count()]).toEqual([{ n: 0 }, { n: 1 }]);
  });
});
