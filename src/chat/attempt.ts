import type { Lease } from '../credentials/lease.ts';
import type { StreamJob, StreamOutcome } from '../stream-pool/protocol.ts';
import type { StreamPool } from '../stream-pool/stream-pool.ts';
import type { UpstreamResult } from '../upstream/upstream-result.ts';
import type { UpstreamFailure } from '../upstream-failure.ts';

/** How an attempt ended, and whether any of its output had gone to the client. */
export interface AttemptEnd {
  outcome: StreamOutcome;
  started: boolean;
}

/** The client's side of an attempt. */
interface AttemptClient {
  write(bytes: Uint8Array): Promise<void> | null;
  readonly signal: AbortSignal;
}

/**
 * One try on one credential. The lease is confirmed with the first output, and settled with what
 * became of it all. An attempt under way when the client's signal aborts is cancelled and ends as
 * `cancelled`.
 *
 * Rejects as `prepare` does; then the lease goes back as if nothing had been tried.
 */
export async function runAttempt(
  streamPool: StreamPool,
  lease: Lease,
  prepare: () => Promise<UpstreamResult<StreamJob>>,
  client: AttemptClient,
): Promise<AttemptEnd> {
  using borrowed = lease;
  const job = await prepare();
  const onStart = () => borrowed.confirm();
  const end = job.ok
    ? await runStream(streamPool, job.value, client, onStart)
    : unstarted(job.failure);
  borrowed.settle(end.outcome);
  return end;
}

/** The end of an attempt that brought nothing. */
export function unstarted(failure: UpstreamFailure): AttemptEnd {
  return { outcome: { state: 'failed', failure, usage: null, editConflicts: 0 }, started: false };
}

async function runStream(
  streamPool: StreamPool,
  job: StreamJob,
  { write, signal }: AttemptClient,
  onStart: () => void,
): Promise<AttemptEnd> {
  const settled = Promise.withResolvers<StreamOutcome>();
  let started = false;
  const stream = streamPool.start(job, {
    write(bytes) {
      if (!started) onStart();
      started = true;
      return write(bytes);
    },
    settle: settled.resolve,
  });
  const cancel = () => stream.cancel();
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  const outcome = await settled.promise;
  signal.removeEventListener('abort', cancel);
  return { outcome, started };
}
