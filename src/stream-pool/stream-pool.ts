import type { LoopDelay } from '../lib/loop-delay.ts';
import type { StreamJob, StreamOutcome } from './protocol.ts';

/** The side of a stream that faces the client. The pool calls it from the main thread only. */
export interface StreamClient {
  /**
   * Takes output, always whole SSE frames (or one whole reply). `bytes` is valid during the call
   * only: its memory is used again. A promise says that the client is slow: the stream's upstream
   * is read no further than its window until the promise resolves. It must not reject.
   */
  write(bytes: Uint8Array): Promise<void> | null;
  /** The stream is over. Called exactly once, after the last `write`. */
  settle(outcome: StreamOutcome): void;
}

/** A stream under way. */
export interface RunningStream {
  /**
   * Closes the upstream connection. `settle` still comes, as `cancelled` unless the stream had
   * already ended; no `write` comes after the call.
   */
  cancel(): void;
}

/** One thread of a pool. */
export interface ThreadSurvey {
  activeStreams: number;
  /** Since the survey before; null when it did not answer in time. */
  loopDelay: LoopDelay | null;
}

/** Runs conversions, on worker threads or inline; the caller can't tell which. */
export interface StreamPool extends AsyncDisposable {
  start(job: StreamJob, client: StreamClient): RunningStream;
  /** Whether a stream started now would run. */
  readonly ready: boolean;
  readonly activeStreams: number;
  /** How many of its threads have died. */
  readonly deaths: number;
  /** How its threads are, for which it asks them; none when streams run on the calling thread. */
  survey(): Promise<ThreadSurvey[]>;
}
