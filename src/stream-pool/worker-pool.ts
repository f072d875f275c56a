import { backoffMs } from '../lib/backoff.ts';
import type { Logger } from '../lib/log.ts';
import type { StreamJob } from './protocol.ts';
import type { RunningStream, StreamClient, StreamPool, ThreadSurvey } from './stream-pool.ts';
import { spawnStreamWorker, WorkerHandle } from './worker-handle.ts';

export interface WorkerPoolOptions {
  /** How many threads; at least 1. */
  size: number;
  log: Logger;
  /** Injectable so that tests can reach the threads. */
  spawn?: () => Worker;
}

/** A thread that lasted this long did not die of its start: the next one replaces it at once. */
const HEALTHY_MS = 10_000;
const RESPAWN_BACKOFF = { firstMs: 100, maxMs: 10_000 };

/** Runs each stream on the worker thread that has the fewest. A thread that dies is replaced. */
export class WorkerPool implements StreamPool {
  readonly #options: WorkerPoolOptions;
  readonly #handles = new Set<WorkerHandle>();
  readonly #respawns = new Set<Timer>();
  #deaths = 0;
  #earlyDeaths = 0;
  #closed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    for (let i = 0; i < options.size; i += 1) this.#spawn();
  }

  get ready(): boolean {
    for (const handle of this.#handles) if (handle.state === 'ready') return true;
    return false;
  }

  get activeStreams(): number {
    let count = 0;
    for (const handle of this.#handles) count += handle.activeStreams;
    return count;
  }

  get deaths(): number {
    return this.#deaths;
  }

  survey(): Promise<ThreadSurvey[]> {
    return Promise.all(Array.from(this.#handles, (handle) => handle.survey()));
  }

  /** With every thread dead and none replaced yet, the wait for one is the stream's, not the caller's. */
  start(job: StreamJob, client: StreamClient): RunningStream {
    return (this.#leastLoaded() ?? this.#spawn()).start(job, client);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const timer of this.#respawns) clearTimeout(timer);
    await Promise.all([...this.#handles].map((handle) => handle[Symbol.asyncDispose]()));
  }

  #leastLoaded(): WorkerHandle | null {
    let least: WorkerHandle | null = null;
    for (const handle of this.#handles) {
      if (least === null || handle.activeStreams < least.activeStreams) least = handle;
    }
    return least;
  }

  #spawn(): WorkerHandle {
    const { spawn = spawnStreamWorker } = this.#options;
    const startedAt = performance.now();
    const handle = new WorkerHandle(spawn(), (reason) => {
      this.#handles.delete(handle);
      if (!this.#closed) this.#replace(performance.now() - startedAt, reason);
    });
    this.#handles.add(handle);
    return handle;
  }

  #replace(lifetimeMs: number, reason: string): void {
    this.#deaths += 1;
    this.#earlyDeaths = lifetimeMs < HEALTHY_MS ? this.#earlyDeaths + 1 : 0;
    // The first early death may be an accident; from the second on it is a habit.
    const delayMs = this.#earlyDeaths < 2 ? 0 : backoffMs(this.#earlyDeaths - 1, RESPAWN_BACKOFF);
    this.#options.log.error({ reason, lifetimeMs: Math.round(lifetimeMs), delayMs }, 'worker died');
    if (delayMs === 0) {
      this.#spawn();
      return;
    }
    const timer = setTimeout(() => {
      this.#respawns.delete(timer);
      if (this.#handles.size < this.#options.size) this.#spawn();
    }, delayMs);
    this.#respawns.add(timer);
  }
}
