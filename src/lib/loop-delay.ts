import { monitorEventLoopDelay } from 'node:perf_hooks';

/** By how much a thread's event loop ran behind, in ms. */
export interface LoopDelay {
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

/** How often it looks, in ms. It costs a thread some 0.2 % of its time. */
const RESOLUTION_MS = 20;

/** Watches the event loop of the calling thread until it is disposed of. */
export class LoopWatch implements Disposable {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    this.#histogram.enable();
  }

  /** What was seen since the last reading; all 0 when nothing was. */
  read(): LoopDelay {
    const histogram = this.#histogram;
    const toMs = (ns: number) => (histogram.count > 0 ? ns / 1e6 : 0);
    const delay = {
      p50Ms: toMs(histogram.percentile(50)),
      p99Ms: toMs(histogram.percentile(99)),
      maxMs: toMs(histogram.max),
    };
    histogram.reset();
    return delay;
  }

  [Symbol.dispose](): void {
    this.#histogram.disable();
  }
}
