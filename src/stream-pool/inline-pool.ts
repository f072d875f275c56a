import type { StreamJob } from './protocol.ts';
import type { RunningStream, StreamClient, StreamPool, ThreadSurvey } from './stream-pool.ts';
import { StreamRun } from './stream-run.ts';

const encoder = new TextEncoder();

/** Converts on the calling thread: `WORKERS=0`, for boxes with a single core. */
export class InlinePool implements StreamPool {
  readonly ready = true;
  readonly deaths = 0;
  readonly #running = new Set<StreamRun>();

  get activeStreams(): number {
    return this.#running.size;
  }

  start(job: StreamJob, client: StreamClient): RunningStream {
    let stalled: Promise<void> | null = null;
    const run = new StreamRun(job, {
      write(text) {
        stalled = client.write(encoder.encode(text)) ?? stalled;
      },
      stalled() {
        const waiting = stalled;
        stalled = null;
        return waiting;
      },
    });
    this.#running.add(run);
    void run.settled.then((outcome) => {
      this.#running.delete(run);
      client.settle(outcome);
    });
    return run;
  }

  async survey(): Promise<ThreadSurvey[]> {
    return [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const running = [...this.#running];
    for (const run of running) run.cancel();
    await Promise.all(running.map((run) => run.settled));
  }
}
