import type { RequestRecord } from './request-record.ts';
import { TimeHistogram } from './time-histogram.ts';

/** Percentiles of the times until the first words, in ms; null when no request has had any. */
interface LiveTimes {
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

/** What was settled during the last minute. */
export interface LiveRates {
  settledPerSecond: number;
  /** Of requests that were settled: a reply's tokens are known at its end. */
  completionTokensPerSecond: number;
  /** Completed among completed and failed, from 0 to 1; null when there was neither. */
  successRate: number | null;
  firstByteMs: LiveTimes;
}

/** One second's requests. A slot is used again for the second a minute later. */
interface Slot {
  second: number;
  started: number;
  completed: number;
  failed: number;
  cancelled: number;
  completionTokens: number;
  firstBytes: TimeHistogram;
}

/** The longest time that can be looked back, in seconds. */
export const WINDOW_SECONDS = 60;

/**
 * The last minute of requests, second by second. Counting one costs the same however many there are,
 * and there is no timer: a slot is emptied when its second comes round again.
 *
 * Every time is in seconds of any one clock that never goes back.
 */
export class LiveWindow {
  readonly #slots = new Map<number, Slot>();
  readonly #beganAt: number;
  #latest: number;

  constructor(now: number) {
    this.#beganAt = now;
    this.#latest = Math.floor(now);
  }

  started(now: number): void {
    this.#slotOf(now).started += 1;
  }

  settled(record: RequestRecord, now: number): void {
    const slot = this.#slotOf(now);
    slot[record.outcome] += 1;
    slot.completionTokens += record.completionTokens ?? 0;
    if (record.firstByteMs !== null) slot.firstBytes.add(record.firstByteMs);
  }

  /** Whether nothing has happened in all of the window. */
  isIdle(now: number): boolean {
    return this.#latest <= Math.floor(now) - WINDOW_SECONDS;
  }

  /** Requests that began during the last `seconds`, at most `WINDOW_SECONDS`, for each second. */
  startedPerSecond(seconds: number, now: number): number {
    const started = this.#within(seconds, now).reduce((sum, slot) => sum + slot.started, 0);
    return started / this.#elapsed(seconds, now);
  }

  rates(now: number): LiveRates {
    const slots = this.#within(WINDOW_SECONDS, now);
    const sum = (key: 'completed' | 'failed' | 'cancelled' | 'completionTokens') =>
      slots.reduce((total, slot) => total + slot[key], 0);
    const elapsed = this.#elapsed(WINDOW_SECONDS, now);
    const [completed, failed] = [sum('completed'), sum('failed')];
    const firstBytes = new TimeHistogram();
    for (const slot of slots) firstBytes.merge(slot.firstBytes);
    return {
      settledPerSecond: (completed + failed + sum('cancelled')) / elapsed,
      completionTokensPerSecond: sum('completionTokens') / elapsed,
      successRate: completed + failed === 0 ? null : completed / (completed + failed),
      firstByteMs: {
        p50: firstBytes.percentile(0.5),
        p95: firstBytes.percentile(0.95),
        p99: firstBytes.percentile(0.99),
      },
    };
  }

  #slotOf(now: number): Slot {
    const second = Math.floor(now);
    this.#latest = second;
    const place = second % WINDOW_SECONDS;
    const slot = this.#slots.get(place) ?? emptySlot();
    if (slot.second !== second) {
      slot.firstBytes.clear();
      Object.assign(slot, { ...emptyCounts(), second });
      this.#slots.set(place, slot);
    }
    return slot;
  }

  #within(seconds: number, now: number): Slot[] {
    const first = Math.floor(now) - seconds + 1;
    return [...this.#slots.values()].filter(({ second }) => second >= first);
  }

  /** How long the slots of `seconds` have been counting: the present second is not over yet. */
  #elapsed(seconds: number, now: number): number {
    const ofSlots = seconds - 1 + (now - Math.floor(now));
    return Math.max(1, Math.min(ofSlots, now - this.#beganAt));
  }
}

function emptySlot(): Slot {
  return { ...emptyCounts(), second: Number.NEGATIVE_INFINITY, firstBytes: new TimeHistogram() };
}

function emptyCounts() {
  return { started: 0, completed: 0, failed: 0, cancelled: 0, completionTokens: 0 };
}
