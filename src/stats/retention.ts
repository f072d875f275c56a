import { type Schedule, scheduleTimeout } from '../lib/schedule.ts';
import { floorTo } from './range-plan.ts';

/** Rows that are deleted when they are old. */
export interface AgingRows {
  /** Deletes at most `limit` rows of before `beforeMs`; returns how many it deleted. */
  deleteBefore(beforeMs: number, limit: number): number;
  maxAgeMs: number;
  /** What they are counted in next: all that such a stretch is made of goes at once. */
  wholeMs: number;
}

interface RetentionOptions {
  aging: readonly AgingRows[];
  log: { warn(fields: object, message: string): void };
  /** Unix ms. */
  now?: () => number;
  schedule?: Schedule;
}

const SWEEP_EVERY_MS = 60 * 60 * 1_000;
/** A batch is a few ms of the thread; the pause lets streams through between two. */
const BATCH_SIZE = 1_000;
const PAUSE_MS = 50;

/**
 * Deletes rows that are older than they may get, at once and then every hour, one kind after the
 * other, in batches that leave the thread free in between. Runs until disposed; a failure is logged,
 * and the next hour tries again.
 */
export function startRetention(options: RetentionOptions): Disposable {
  const { aging, log, now = Date.now, schedule = scheduleTimeout } = options;
  let cancel = schedule(() => sweep(0), 0);

  function sweep(index: number): void {
    const rows = aging[index];
    if (rows === undefined) {
      cancel = schedule(() => sweep(0), SWEEP_EVERY_MS);
      return;
    }
    const isDone = deleteBatch(rows);
    cancel = schedule(() => sweep(isDone ? index + 1 : index), PAUSE_MS);
  }

  /** Whether there is nothing more to delete, or nothing can be deleted now. */
  function deleteBatch({ deleteBefore, maxAgeMs, wholeMs }: AgingRows): boolean {
    try {
      return deleteBefore(floorTo(now() - maxAgeMs, wholeMs), BATCH_SIZE) < BATCH_SIZE;
    } catch (error) {
      log.warn({ err: error }, 'old records could not be deleted');
      return true;
    }
  }

  return { [Symbol.dispose]: () => cancel() };
}
