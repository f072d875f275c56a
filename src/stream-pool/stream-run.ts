import { createReplyConverter, type ReplyConverter } from '../convert/reply-converter.ts';
import { orAbort } from '../lib/or-abort.ts';
import { watchConnection } from '../upstream/connection-watch.ts';
import { openReply, placeOf } from '../upstream/open-reply.ts';
import { composeMessages } from '../upstream/prompt/compose-messages.ts';
import { textOf } from '../upstream/prompt/prompt-content.ts';
import type { UpstreamRequest } from '../upstream/upstream-request.ts';
import type { OpenedReply } from '../upstream/upstream-result.ts';
import { type UpstreamFailure, upstreamFailure } from '../upstream-failure.ts';
import type { StreamJob, StreamOutcome } from './protocol.ts';
import { type RunningClocks, startClocks } from './stream-clocks.ts';

/** Where a stream's text goes: the batch of a worker's turn, or straight to the client. */
export interface StreamOutput {
  write(text: string): void;
  /** A promise while the client has taken too little for more to be read; null = go on. */
  stalled(): Promise<void> | null;
}

type BodyReader = ReadableStreamDefaultReader<Uint8Array>;

/**
 * How long, and how much, is read on after a reply is complete, so that the upstream's connection
 * ends cleanly and can serve the next request. Most services close within a millisecond.
 */
const DRAIN_MS = 1_000;
const DRAIN_BYTES = 64 * 1024;

/**
 * One attempt, under way on this thread: opens the upstream, feeds its bytes to the converter,
 * writes what comes out. The same code on worker threads and inline (`WORKERS=0`).
 *
 *   opening ──body──▶ reading ⇄ stalled ──▶ settled (completed | failed | cancelled)
 */
export class StreamRun {
  /** Resolves once, after the last write. Rejects only on a defect of the gateway. */
  readonly settled: Promise<StreamOutcome>;
  readonly #job: StreamJob;
  readonly #output: StreamOutput;
  readonly #converter: ReplyConverter;
  readonly #clocks: RunningClocks;
  /** Aborting it closes the upstream's connection, whatever state that is in. */
  readonly #connection = new AbortController();
  #cancelled = false;

  constructor(job: StreamJob, output: StreamOutput) {
    this.#job = job;
    this.#output = output;
    const { exchange, format, rules, maxFrameBytes } = job;
    const promptText = () => readPrompt(exchange.request);
    this.#converter = createReplyConverter(
      exchange.upstream,
      format,
      rules,
      { maxFrameBytes, secret: exchange.credential.secret },
      promptText,
    );
    this.#clocks = startClocks(job.clocks, (failure) => this.#breakOff(failure));
    this.settled = this.#run();
  }

  /** Closes the upstream's connection; nothing more is written. */
  cancel(): void {
    this.#cancelled = true;
    this.#connection.abort();
  }

  async #run(): Promise<StreamOutcome> {
    try {
      const opened = await this.#open();
      if (opened.ok) await this.#read(opened.value.getReader());
      else this.#write(this.#converter.fail(opened.failure));
    } catch (error) {
      // After a clock or a cancel has settled the reply, this is only the echo of our own abort.
      this.#write(this.#converter.fail(connectionLost(error)));
    } finally {
      this.#clocks.stop();
    }
    return this.#outcome();
  }

  /** Until the headers have come, somebody has to see whether there is a connection at all. */
  async #open(): Promise<OpenedReply> {
    const { exchange, clocks } = this.#job;
    const opened = new AbortController();
    void watchConnection(placeOf(exchange), clocks.connectMs, opened.signal).then(
      (failure) => failure !== null && this.#breakOff(failure),
      ignore,
    );
    try {
      return await openReply(exchange, this.#connection.signal);
    } finally {
      opened.abort();
    }
  }

  async #read(reader: BodyReader): Promise<void> {
    while (!this.#cancelled) {
      const piece = await reader.read();
      if (piece.done) return this.#write(this.#converter.end());
      this.#clocks.touch();
      this.#write(this.#converter.feed(piece.value));
      if (this.#converter.outcome !== null) return this.#leave(reader);
      const stalled = this.#output.stalled();
      if (stalled !== null) await this.#pauseUntil(stalled);
    }
  }

  async #pauseUntil(stalled: Promise<void>): Promise<void> {
    this.#clocks.pause();
    // A client that never reads again must not outlast the clock of the whole attempt.
    await orAbort(stalled, this.#connection.signal);
    this.#clocks.touch();
  }

  /** The reply settled before its body ended. What nobody wants any more is not waited for. */
  #leave(reader: BodyReader): void {
    const { outcome, cutShort } = this.#converter;
    if (outcome?.state === 'completed' && !cutShort) void drain(reader);
    else this.#connection.abort();
  }

  #breakOff(failure: UpstreamFailure): void {
    this.#write(this.#converter.fail(failure));
    this.#connection.abort();
  }

  #write(text: string): void {
    if (text !== '' && !this.#cancelled) this.#output.write(text);
  }

  #outcome(): StreamOutcome {
    const { outcome } = this.#converter;
    if (this.#cancelled) {
      return { state: 'cancelled', editConflicts: outcome?.editConflicts ?? 0 };
    }
    if (outcome === null) throw new Error('a converter is settled when its input has ended');
    return outcome;
  }
}

/** All text that the model is given, as far as it is ours. */
function readPrompt(request: UpstreamRequest): string {
  return composeMessages(request)
    .map(({ content }) => textOf(content))
    .join('\n');
}

/** Lets a complete reply's connection end by itself; closes it when it does not. */
async function drain(reader: BodyReader): Promise<void> {
  const timer = setTimeout(() => void reader.cancel().catch(ignore), DRAIN_MS);
  try {
    for (let bytes = 0; bytes < DRAIN_BYTES; ) {
      const piece = await reader.read();
      if (piece.done) return;
      bytes += piece.value.length;
    }
    await reader.cancel();
  } catch {
    // The reply had already arrived whole; how its connection ends changes nothing.
  } finally {
    clearTimeout(timer);
  }
}

function ignore(): void {
  // A connection that has ended by itself needs no closing, and one that stands no watching.
}

function connectionLost(error: unknown): UpstreamFailure {
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
  return upstreamFailure('broken-stream', `The connection to the upstream was lost${code}.`);
}
