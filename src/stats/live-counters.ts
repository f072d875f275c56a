import { type LiveRates, LiveWindow, WINDOW_SECONDS } from './live-window.ts';
import { modelLabel, type RequestRecord } from './request-record.ts';

/** What the gateway does at this moment. */
export interface LiveSnapshot extends LiveRates {
  /** Requests that have a permit, and those that wait for one. */
  running: number;
  queued: number;
  /** Requests that were settled since the start: a reader sees by it whether there is news. */
  settledTotal: number;
  /** Requests that came, for each second of the last 10 and the last 60. */
  startedPerSecond: { last10s: number; last60s: number };
  /** Of the last minute, the busiest first. */
  byModel: ({ model: string } & LiveRates)[];
  /** Without the requests that came to no upstream. */
  byUpstream: ({ upstream: string } & LiveRates)[];
}

/** For whoever shows what happens now. */
export interface LiveStats {
  /** The numbers of this moment. Takes some µs; nothing is kept for the reader. */
  snapshot(): LiveSnapshot;
}

interface LiveCountersOptions {
  /** Who is running and waiting. */
  admission: { readonly running: number; readonly queued: number };
  /** Ms of a clock that never goes back. */
  now?: () => number;
}

/** Groups that are told apart at once; the names of models may come from clients. */
const MAX_GROUPS = 100;

/**
 * The numbers of the last minute, in memory, of this process alone. What is older is in the
 * statistics.
 */
export class LiveCounters implements LiveStats {
  readonly #admission: LiveCountersOptions['admission'];
  readonly #now: () => number;
  readonly #beganAt: number;
  readonly #all: LiveWindow;
  readonly #models = new Map<string, LiveWindow>();
  readonly #upstreams = new Map<string, LiveWindow>();
  #settledTotal = 0;

  constructor({ admission, now = () => performance.now() }: LiveCountersOptions) {
    this.#admission = admission;
    this.#now = () => now() / 1_000;
    this.#beganAt = this.#now();
    this.#all = new LiveWindow(this.#beganAt);
  }

  /** A request came. */
  started(): void {
    this.#all.started(this.#now());
  }

  settled(record: RequestRecord): void {
    const now = this.#now();
    this.#settledTotal += 1;
    this.#all.settled(record, now);
    this.#windowOf(this.#models, modelLabel(record), now)?.settled(record, now);
    if (record.upstream === null) return;
    this.#windowOf(this.#upstreams, record.upstream, now)?.settled(record, now);
  }

  snapshot(): LiveSnapshot {
    const now = this.#now();
    const { running, queued } = this.#admission;
    return {
      running,
      queued,
      settledTotal: this.#settledTotal,
      startedPerSecond: {
        last10s: this.#all.startedPerSecond(10, now),
        last60s: this.#all.startedPerSecond(WINDOW_SECONDS, now),
      },
      ...this.#all.rates(now),
      byModel: ratesOf(this.#models, now).map(([model, rates]) => ({ model, ...rates })),
      byUpstream: ratesOf(this.#upstreams, now).map(([upstream, rates]) => ({
        upstream,
        ...rates,
      })),
    };
  }

  /** null when too many others are in use: then the group is not told apart. */
  #windowOf(groups: Map<string, LiveWindow>, name: string, now: number): LiveWindow | null {
    const known = groups.get(name);
    if (known !== undefined) return known;
    if (groups.size >= MAX_GROUPS) dropIdle(groups, now);
    if (groups.size >= MAX_GROUPS) return null;
    // A group's rates are of the same time as all others', hence since the gateway began to count.
    const window = new LiveWindow(this.#beganAt);
    groups.set(name, window);
    return window;
  }
}

function ratesOf(groups: Map<string, LiveWindow>, now: number): [string, LiveRates][] {
  dropIdle(groups, now);
  return [...groups]
    .map(([name, window]): [string, LiveRates] => [name, window.rates(now)])
    .sort(([, one], [, other]) => other.settledPerSecond - one.settledPerSecond);
}

function dropIdle(groups: Map<string, LiveWindow>, now: number): void {
  for (const [name, window] of groups) if (window.isIdle(now)) groups.delete(name);
}
