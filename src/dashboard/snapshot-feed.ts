import { GatewayError } from '../errors.ts';
import type { ClientConnection } from '../http/client-connection.ts';
import { createEventStream, type EventStream } from '../http/event-stream.ts';
import type { KeepAlive } from '../http/keep-alive.ts';
import { repeat } from '../lib/repeat.ts';
import type { Schedule } from '../lib/schedule.ts';

export interface SnapshotFeedOptions {
  /** What to send; is written as JSON. */
  read: () => unknown;
  keepAlive: KeepAlive;
  intervalMs?: number;
  maxViewers?: number;
  schedule?: Schedule;
}

/** 503: as many pages are open as are served live. A page then asks from time to time instead. */
class TooManyViewersError extends GatewayError {
  override readonly name = 'TooManyViewersError';
  constructor() {
    super({
      message: 'Too many dashboards are open.',
      status: 503,
      type: 'server_error',
      code: 'too_many_viewers',
      retryAfterSeconds: 5,
    });
  }
}

interface Viewer {
  stream: EventStream;
  /** Snapshots it has missed in a row, because it had not taken an earlier one. */
  missed: number;
  isFull: boolean;
}

/** A viewer that takes nothing for so many snapshots is let go. Its page comes back by itself. */
const MAX_MISSED = 10;

const encoder = new TextEncoder();

/**
 * Sends snapshots to all who watch, by server-sent events. One is taken each second and written
 * once, however many watch, and none while nobody does. A slow viewer misses snapshots; they are
 * not kept for it.
 */
export class SnapshotFeed {
  readonly #options: SnapshotFeedOptions;
  readonly #viewers = new Set<Viewer>();
  #ticking: Disposable | null = null;

  constructor(options: SnapshotFeedOptions) {
    this.#options = options;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** A stream that begins with a snapshot of now. @throws GatewayError when too many watch. */
  watch(connection: ClientConnection, headers: Record<string, string> = {}): Response {
    const { keepAlive, maxViewers = 50, intervalMs = 1_000, schedule } = this.#options;
    if (this.#viewers.size >= maxViewers) throw new TooManyViewersError();
    const stream = createEventStream({
      connection,
      keepAlive,
      onCancel: () => this.#forget(viewer),
    });
    const viewer: Viewer = { stream, missed: 0, isFull: false };
    this.#viewers.add(viewer);
    this.#ticking ??= repeat(() => this.#sendAll(), intervalMs, schedule);
    this.#send(viewer, this.#nextFrame());
    return stream.response(headers);
  }

  #sendAll(): void {
    const frame = this.#nextFrame();
    for (const viewer of [...this.#viewers]) {
      if (!viewer.isFull) this.#send(viewer, frame);
      else if (++viewer.missed >= MAX_MISSED) this.#drop(viewer);
    }
  }

  #send(viewer: Viewer, frame: Uint8Array): void {
    viewer.missed = 0;
    const room = viewer.stream.write(frame);
    if (room === null) return;
    viewer.isFull = true;
    void room.then(() => {
      viewer.isFull = false;
    });
  }

  #drop(viewer: Viewer): void {
    this.#forget(viewer);
    viewer.stream.end();
  }

  #forget(viewer: Viewer): void {
    this.#viewers.delete(viewer);
    if (this.#viewers.size > 0) return;
    this.#ticking?.[Symbol.dispose]();
    this.#ticking = null;
  }

  #nextFrame(): Uint8Array {
    return encoder.encode(`data: ${JSON.stringify(this.#options.read())}\n\n`);
  }
}
