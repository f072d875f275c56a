import { type Schedule, scheduleTimeout } from '../lib/schedule.ts';
import type { RollupStore } from './rollup-store.ts';

interface RequestCounterOptions {
  rollups: Pick<RollupStore, 'countMore'>;
  log: { warn(fields: object, message: string): void };
  schedule?: Schedule;
}

const COUNT_EVERY_MS = 10_000;
/** A batch is some 8 ms of the thread; the pause lets streams through between two. */
const BATCH_SIZE = 500;
const PAUSE_MS = 50;
/** Whoever asks for numbers waits for this many at most. */
const MAX_AT_ONCE = 2_000;

/**
 * Counts stored requests into the rollups, every ten seconds and whenever numbers are asked for.
 *
 * Not with each request that is stored: one touches twelve rows of rollups, which take ten times as
 * long to write as the request. Those of ten seconds touch hardly more.
 *
 * Runs until disposed of; what is stored by then is counted after the next start. A failure is logged
 * once, until counting succeeds again.
 */
export class RequestCounter implements Disposable {
  readonly #rollups: RequestCounterOptions['rollups'];
  readonly #log: RequestCounterOptions['log'];
  readonly #schedule: Schedule;
  #cancel: () => void;
  #isFailing = false;

  constructor({ rollups, log, schedule = scheduleTimeout }: RequestCounterOptions) {
    this.#rollups = rollups;
    this.#log = log;
    this.#schedule = schedule;
    this.#cancel = schedule(() => this.#tick(), 0);
  }

  /**
   * Counts what is stored by now, or as much of it as takes no more than a moment: after an update of
   * the gateway there may be a lot. Never throws: numbers that lack the last seconds are better than
   * none.
   */
  catchUp(): void {
    for (let counted = 0; counted < MAX_AT_ONCE; counted += BATCH_SIZE) {
      if (this.#countBatch() < BATCH_SIZE) return;
    }
  }

  [Symbol.dispose](): void {
    this.#cancel();
  }

  #tick(): void {
    const isBehind = this.#countBatch() === BATCH_SIZE;
    this.#cancel = this.#schedule(() => this.#tick(), isBehind ? PAUSE_MS : COUNT_EVERY_MS);
  }

  #countBatch(): number {
    try {
      const counted = this.#rollups.countMore(BATCH_SIZE);
      this.#isFailing = false;
      return counted;
    } catch (error) {
      if (!this.#isFailing) {
        this.#log.warn({ err: error }, 'requests could not be counted; they will be, later');
      }
      this.#isFailing = true;
      return 0;
    }
  }
}
