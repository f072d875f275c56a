import type { Database } from 'bun:sqlite';
import { agingRows } from './aging-rows.ts';
import { RequestCounter } from './request-counter.ts';
import { createRequestLogStore, type RequestLogStore } from './request-log-store.ts';
import { RequestRecorder } from './request-recorder.ts';
import { createRequestStore, type RequestStore } from './request-store.ts';
import { startRetention } from './retention.ts';
import { createRollupStore, type RollupStore } from './rollup-store.ts';

/** The settled requests: written, counted, read, and deleted when they are old. */
export interface Statistics extends AsyncDisposable {
  recorder: RequestRecorder;
  counter: RequestCounter;
  requests: RequestStore;
  rollups: RollupStore;
  requestLog: RequestLogStore;
}

interface StatisticsOptions {
  /** Stays the caller's to close, after the statistics. */
  database: Database;
  /** Setting `REQUEST_LOG_RETENTION`. */
  requestLogRetentionDays: number;
  /** Setting `STATS_RETENTION`. */
  statsRetentionDays: number;
  log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

/** Starts counting and deleting, until it is disposed of; that writes what waits to be written. */
export function createStatistics(options: StatisticsOptions): Statistics {
  const { database, log, requestLogRetentionDays, statsRetentionDays } = options;
  const running = new AsyncDisposableStack();
  const requests = createRequestStore(database);
  const rollups = createRollupStore(database);
  const days = { requestDays: requestLogRetentionDays, statsDays: statsRetentionDays };
  running.use(startRetention({ aging: agingRows({ requests, rollups, ...days }), log }));
  return {
    counter: running.use(new RequestCounter({ rollups, log })),
    recorder: running.use(new RequestRecorder({ store: requests, log })),
    requests,
    rollups,
    requestLog: createRequestLogStore(database),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
