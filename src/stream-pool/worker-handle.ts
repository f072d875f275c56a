import type { LoopDelay } from '../lib/loop-delay.ts';
import { upstreamFailure } from '../upstream-failure.ts';
import {
  type FromWorker,
  type Settlement,
  STREAM_WINDOW_BYTES,
  type StreamJob,
  type StreamOutcome,
  type ToWorker,
} from './protocol.ts';
import type { RunningStream, StreamClient, ThreadSurvey } from './stream-pool.ts';

/**
 * Starts a stream worker's thread. The one place that knows where the worker's code is: beside the
 * sources, or, in a `bun build --compile` binary, under the virtual root where Bun puts a build's
 * second entry point. `Bun.main` tells them apart; `import.meta.url` does not under `--bytecode`.
 */
export function spawnStreamWorker(): Worker {
  const compiled = Bun.main.startsWith('/$bunfs/') || Bun.main.includes('~BUN');
  const source = new URL('../../workers/stream-worker.ts', import.meta.url);
  return new Worker(compiled ? './workers/stream-worker.ts' : source.href);
}

interface Stream {
  readonly client: StreamClient;
  /** Bytes the client took that the worker has not been told of. */
  taken: number;
  cancelled: boolean;
}

/** Acks are sent once half a stream's window was taken, so that an ack is rare and reading never stops. */
const ACK_BYTES = STREAM_WINDOW_BYTES / 2;
/** Output buffers are given back in bundles: a message for each would cost more than the buffer. */
const BUFFER_BUNDLE = 8;
/** A thread that takes longer to answer is told of without its answer. */
const SURVEY_TIMEOUT_MS = 1_000;

/**
 * The main thread's end of one worker.
 *
 *   starting ──ready──▶ ready ──thread ends──▶ gone
 */
export class WorkerHandle implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #onGone: (reason: string) => void;
  readonly #streams = new Map<number, Stream>();
  readonly #gone = Promise.withResolvers<void>();
  #state: 'starting' | 'ready' | 'gone' = 'starting';
  #lastError = 'it ended';
  #nextStreamId = 1;
  /** Whoever waits for an answer, in the order in which they asked. */
  #surveys: ((loopDelay: LoopDelay | null) => void)[] = [];
  #credits: number[] = [];
  #buffers: ArrayBuffer[] = [];

  /** `onGone` is called once, when the thread has ended and its streams have failed. */
  constructor(worker: Worker, onGone: (reason: string) => void) {
    this.#worker = worker;
    this.#onGone = onGone;
    worker.addEventListener('message', (event: MessageEvent<FromWorker>) => {
      this.#receive(event.data);
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#lastError = event.message;
    });
    worker.addEventListener('close', () => this.#end());
  }

  get state(): 'starting' | 'ready' | 'gone' {
    return this.#state;
  }

  get activeStreams(): number {
    return this.#streams.size;
  }

  start(job: StreamJob, client: StreamClient): RunningStream {
    const streamId = this.#nextStreamId++;
    this.#streams.set(streamId, { client, taken: 0, cancelled: false });
    this.#post({ type: 'start', streamId, job });
    return { cancel: () => this.#cancel(streamId) };
  }

  /** How the thread is. It is asked, and may take up to a second to answer. */
  async survey(): Promise<ThreadSurvey> {
    const { promise, resolve } = Promise.withResolvers<LoopDelay | null>();
    const timer = setTimeout(() => resolve(null), SURVEY_TIMEOUT_MS);
    this.#surveys.push(resolve);
    this.#post({ type: 'survey' });
    const loopDelay = await promise;
    clearTimeout(timer);
    return { activeStreams: this.activeStreams, loopDelay };
  }

  /** Ends the thread; streams still running fail. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#worker.terminate();
    await this.#gone.promise;
  }

  #cancel(streamId: number): void {
    const stream = this.#streams.get(streamId);
    if (stream === undefined || stream.cancelled) return;
    stream.cancelled = true;
    this.#post({ type: 'cancel', streamId });
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        this.#state = 'ready';
        return;
      case 'surveyed':
        this.#surveys.shift()?.(message.loopDelay);
        return;
      case 'output':
        this.#takeOutput(message);
        return;
      default:
        message satisfies never;
    }
  }

  #takeOutput(message: Extract<FromWorker, { type: 'output' }>): void {
    if (message.bytes !== null) this.#distribute(message.bytes, message.slices);
    for (const settlement of message.settled) this.#settle(settlement);
    if (this.#credits.length > 0 || this.#buffers.length >= BUFFER_BUNDLE) this.#ack();
  }

  #distribute(buffer: ArrayBuffer, slices: readonly number[]): void {
    let offset = 0;
    for (let i = 0; i < slices.length; i += 2) {
      const streamId = slices[i] ?? 0;
      const length = slices[i + 1] ?? 0;
      const stream = this.#streams.get(streamId);
      // What was on its way when the stream was cancelled is dropped.
      if (stream !== undefined && !stream.cancelled) {
        const full = stream.client.write(new Uint8Array(buffer, offset, length));
        if (full === null) this.#take(streamId, stream, length);
        else void full.then(() => this.#takeLate(streamId, stream, length));
      }
      offset += length;
    }
    this.#buffers.push(buffer);
  }

  #take(streamId: number, stream: Stream, length: number): void {
    stream.taken += length;
    if (stream.taken < ACK_BYTES) return;
    this.#credits.push(streamId, stream.taken);
    stream.taken = 0;
  }

  #takeLate(streamId: number, stream: Stream, length: number): void {
    this.#take(streamId, stream, length);
    if (this.#credits.length > 0) this.#ack();
  }

  #settle({ streamId, outcome }: Settlement): void {
    const stream = this.#streams.get(streamId);
    this.#streams.delete(streamId);
    stream?.client.settle(outcome);
  }

  #ack(): void {
    const credits = this.#credits;
    const buffers = this.#buffers;
    this.#credits = [];
    this.#buffers = [];
    this.#post({ type: 'ack', credits, buffers }, buffers);
  }

  #post(message: ToWorker, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #end(): void {
    this.#state = 'gone';
    const streams = [...this.#streams.values()];
    this.#streams.clear();
    for (const { client, cancelled } of streams) {
      client.settle(cancelled ? { state: 'cancelled', editConflicts: 0 } : crashed());
    }
    for (const resolve of this.#surveys.splice(0)) resolve(null);
    this.#gone.resolve();
    this.#onGone(this.#lastError);
  }
}

function crashed(): StreamOutcome {
  const message = 'The worker that carried this reply ended unexpectedly.';
  const failure = upstreamFailure('worker-crashed', message);
  return { state: 'failed', failure, usage: null, editConflicts: 0 };
}
