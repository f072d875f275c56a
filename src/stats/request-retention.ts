import { type Schedule, scheduleTimeout } from '../lib/schedule.ts';
import type { RequestStore } from './request-store.ts';

interface RequestRetentionOptions {
  store: Pick<RequestStore, 'deleteBefore'>;
  log: { warn(fields: object, message: string): void };
  /** Setting `REQUEST_LOG_RETENTION`. */
  maxAgeMs: number;
  /** Unix ms. */
  now?: () => number;
  schedule?: Schedule;
}

const SWEEP_EVERY_MS = 60 * 60 * 1_000;
/** A batch is a few ms of the thread; the pause lets streams through between two. */
const BATCH_SIZE = 1_000;
const PAUSE_MS = 50;

/**
 * Deletes records older than `maxAgeMs`, at once and then every hour, in batches that leave the
 * thread free in between. Runs until disposed; a failure is logged, and the next hour tries again.
 */
export function startRequestRetention(options: RequestRetentionOptions): Disposable {
  const { store, log, maxAgeMs, now = Date.now, schedule = scheduleTimeout } = options;
  let cancel = schedule(sweep, 0);

  function sweep(): void {
    let delayMs = SWEEP_EVERY_MS;
    try {
      const deleted = store.deleteBefore(now() - maxAgeMs, BATCH_SIZE);
      if (deleted === BATCH_SIZE) delayMs = PAUSE_MS;
    } catch (error) {
      log.warn({ err: error }, 'old request records could not be deleted');
    }
    cancel = schedule(sweep, delayMs);
  }

  return { [Symbol.dispose]: () => cancel() };
}
