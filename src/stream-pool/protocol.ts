/**
 * Every message between the main thread and a stream worker.
 *
 *   main ──start──▶ worker        opens the upstream connection, converts
 *   main ◀─output── worker        once per event-loop turn, for all its streams
 *   main ──ack────▶ worker        the clients took bytes: reading may go on; buffers come back
 *   main ──cancel─▶ worker        the client left: the upstream connection closes
 *   main ──survey─▶ worker        somebody looks at the gateway: how is the event loop?
 *   main ◀surveyed─ worker        once for each survey, in order
 *
 * Messages are flat; bytes travel as transferred ArrayBuffers that come back with an ack and are
 * used again; failures are `UpstreamFailure` records, since errors lose their class on the way.
 */
import type { ReplyFormat, ReplyOutcome } from '../convert/reply-converter.ts';
import type { ReplyRules } from '../convert/reply-rules.ts';
import type { LoopDelay } from '../lib/loop-delay.ts';
import type { UpstreamExchange } from '../upstream/upstream-request.ts';

/** The clocks of one attempt, in ms. */
export interface StreamClocks {
  /** For the upstream to take a connection. */
  connectMs: number;
  /** From the request to the response's headers and first body byte. */
  firstByteMs: number;
  /** Between two pieces of the body; and for the client to take some of what waits for it. */
  idleMs: number;
  /** The whole attempt. */
  totalMs: number;
}

/** One attempt: which upstream with which credential, and what to write for the client. */
export interface StreamJob {
  exchange: UpstreamExchange;
  format: ReplyFormat;
  rules: ReplyRules;
  clocks: StreamClocks;
  /** The longest SSE frame accepted from the upstream. */
  maxFrameBytes: number;
}

/** Unacknowledged output of one stream, in bytes, above which its upstream is not read further. */
export const STREAM_WINDOW_BYTES = 256 * 1024;

export type ToWorker =
  | { type: 'start'; streamId: number; job: StreamJob }
  | { type: 'cancel'; streamId: number }
  | {
      type: 'ack';
      /** Pairs `streamId, bytes` of output that clients have taken. */
      credits: number[];
      /** Transferred output buffers, free to be used again. */
      buffers: ArrayBuffer[];
    }
  | { type: 'survey' };

/** How a stream ended; `cancelled` when the main thread asked for it. */
export type StreamOutcome = ReplyOutcome | { state: 'cancelled'; editConflicts: number };

/** A stream's end. Comes after all its output, exactly once, also after a cancel. */
export interface Settlement {
  streamId: number;
  outcome: StreamOutcome;
}

export type FromWorker =
  | { type: 'ready' }
  /** Since the survey before; the first one begins the watch. */
  | { type: 'surveyed'; loopDelay: LoopDelay }
  | {
      type: 'output';
      /** The output of this turn, stream after stream; null when it holds settlements only. */
      bytes: ArrayBuffer | null;
      /** Pairs `streamId, length` in the order in which they lie in `bytes`. */
      slices: number[];
      settled: Settlement[];
    };
