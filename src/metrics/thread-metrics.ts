import { Counter, Gauge, type Registry } from 'prom-client';
import type { LoopDelay, LoopWatch } from '../lib/loop-delay.ts';
import type { StreamPool } from '../stream-pool/stream-pool.ts';

const MAIN = 'main';

interface ThreadMetricsOptions {
  streamPool: Pick<StreamPool, 'activeStreams' | 'deaths' | 'survey'>;
  /** Of the main thread. */
  loop: Pick<LoopWatch, 'read'>;
}

/** The threads: the streams of each, how late their event loops are, and how many have died. */
export class ThreadMetrics {
  readonly #options: ThreadMetricsOptions;
  readonly #streams: Gauge<'thread'>;
  readonly #delays: Gauge<'thread' | 'stat'>;
  readonly #deaths: Counter;

  constructor(registry: Registry, options: ThreadMetricsOptions) {
    const registers = [registry];
    this.#options = options;
    this.#streams = new Gauge({
      name: 'glm_gateway_thread_streams',
      help: 'Streams that each thread carries.',
      labelNames: ['thread'],
      registers,
    });
    this.#delays = new Gauge({
      name: 'glm_gateway_event_loop_delay_seconds',
      help: 'By how much the event loop of a thread ran behind since it was last asked.',
      labelNames: ['thread', 'stat'],
      registers,
    });
    this.#deaths = new Counter({
      name: 'glm_gateway_worker_deaths_total',
      help: 'Threads that died. Each is replaced.',
      registers,
    });
  }

  /** Asks the threads how they are. */
  async refresh(): Promise<void> {
    const { streamPool, loop } = this.#options;
    const workers = await streamPool.survey();
    this.#streams.reset();
    this.#delays.reset();
    this.#deaths.reset();
    this.#deaths.inc(streamPool.deaths);
    this.#showDelay(MAIN, loop.read());
    if (workers.length === 0) this.#streams.set({ thread: MAIN }, streamPool.activeStreams);
    for (const [index, { activeStreams, loopDelay }] of workers.entries()) {
      const thread = `worker-${index + 1}`;
      this.#streams.set({ thread }, activeStreams);
      if (loopDelay !== null) this.#showDelay(thread, loopDelay);
    }
  }

  #showDelay(thread: string, { p50Ms, p99Ms, maxMs }: LoopDelay): void {
    for (const [stat, ms] of Object.entries({ p50: p50Ms, p99: p99Ms, max: maxMs })) {
      this.#delays.set({ thread, stat }, ms / 1_000);
    }
  }
}
