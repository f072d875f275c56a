import { openDatabase } from '../../src/db/open-database.ts';
import { RequestCounter } from '../../src/stats/request-counter.ts';
import type { RequestRecord } from '../../src/stats/request-record.ts';
import { RequestRecorder } from '../../src/stats/request-recorder.ts';
import { createRequestStore } from '../../src/stats/request-store.ts';
import { createRollupStore } from '../../src/stats/rollup-store.ts';
import { createManualSchedule } from './manual-schedule.ts';
import { requestRecord } from './request-fixture.ts';
import { silentLog } from './silent-log.ts';

/** The stores of one database, and what fills them, without timers. Disposal closes the database. */
export function startStatistics({ path = ':memory:', now = Date.now } = {}) {
  const database = openDatabase(path);
  const requests = createRequestStore(database);
  const rollups = createRollupStore(database);
  const { schedule } = createManualSchedule();
  const recorder = new RequestRecorder({ store: requests, log: silentLog, schedule });
  const counter = new RequestCounter({ rollups, log: silentLog, schedule });
  return {
    database,
    sources: { recorder, counter, requests, rollups, now },
    record(...records: readonly Partial<RequestRecord>[]) {
      for (const record of records) recorder.record(requestRecord(record));
    },
    [Symbol.dispose]: () => database.close(),
  };
}
