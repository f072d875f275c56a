import { describe, expect, test } from 'bun:test';
import { runAttempt, unstarted } from '../../src/chat/attempt.ts';
import { createCredential } from '../../src/credentials/credential.ts';
import { Lease } from '../../src/credentials/lease.ts';
import type { StreamJob, StreamOutcome } from '../../src/stream-pool/protocol.ts';
import type { StreamClient, StreamPool } from '../../src/stream-pool/stream-pool.ts';
import { upstreamFailure } from '../../src/upstream-failure.ts';

const JOB = { format: {} } as StreamJob;
const FAILURE = upstreamFailure('broken-stream', 'lost');
const FAILED: StreamOutcome = {
  state: 'failed',
  failure: FAILURE,
  usage: null,
  editConflicts: 1,
};
const COMPLETED: StreamOutcome = {
  state: 'completed',
  finishReason: 'stop',
  usage: null,
  usageEstimated: false,
  editConflicts: 0,
};

/** A lease, a pool and a client that write down what happens to them. */
function setUp() {
  const tape: string[] = [];
  const lease = new Lease(
    createCredential('account', 's', 'u'),
    ({ state }) => tape.push(`settled: ${state}`),
    () => tape.push('confirmed'),
  );
  const started = Promise.withResolvers<StreamClient>();
  const pool = {
    start(job: StreamJob, stream: StreamClient) {
      tape.push(job === JOB ? 'started' : 'started with another job');
      started.resolve(stream);
      return {
        cancel() {
          tape.push('cancelled');
          stream.settle({ state: 'cancelled', editConflicts: 0 });
        },
      };
    },
  } as unknown as StreamPool;
  const leaving = new AbortController();
  const client = {
    signal: leaving.signal,
    write(bytes: Uint8Array) {
      tape.push(`wrote: ${new TextDecoder().decode(bytes)}`);
      return null;
    },
  };
  const run = (prepare = async () => ({ ok: true as const, value: JOB })) =>
    runAttempt(pool, lease, prepare, client);
  return { tape, run, leaving, lease, pool, client, stream: started.promise };
}

describe('an attempt', () => {
  test('confirms its credential with the first output, and settles it with the outcome', async () => {
    const { run, tape, stream } = setUp();
    const attempt = run();
    const { write, settle } = await stream;
    for (const text of ['one', 'two']) void write(new TextEncoder().encode(text));
    settle(COMPLETED);
    expect([await attempt, tape]).toEqual([
      { outcome: COMPLETED, started: true },
      ['started', 'confirmed', 'wrote: one', 'wrote: two', 'settled: completed'],
    ]);
  });

  test('that brings nothing has not started, and confirms nothing', async () => {
    const { run, tape, stream } = setUp();
    const attempt = run();
    (await stream).settle(FAILED);
    expect([await attempt, tape]).toEqual([
      { outcome: FAILED, started: false },
      ['started', 'settled: failed'],
    ]);
  });

  test('hands on how fast its client reads', async () => {
    const { pool, lease, client, stream } = setUp();
    const slow = Promise.resolve();
    const prepare = async () => ({ ok: true as const, value: JOB });
    void runAttempt(pool, lease, prepare, { ...client, write: () => slow });
    expect((await stream).write(new Uint8Array())).toBe(slow);
  });

  test('that can’t be prepared fails as its preparation, and no stream is started', async () => {
    const { pool, lease, client, tape } = setUp();
    const prepare = async () => ({ ok: false as const, failure: FAILURE });
    expect(await runAttempt(pool, lease, prepare, client)).toEqual(unstarted(FAILURE));
    expect(tape).toEqual(['settled: failed']);
  });

  test('whose preparation is broken off gives its credential back as if it were untouched', async () => {
    const { pool, lease, client, tape } = setUp();
    const attempt = runAttempt(pool, lease, () => Promise.reject('left'), client);
    await expect(attempt).rejects.toBe('left');
    expect(tape).toEqual(['settled: cancelled']);
  });

  test('is cancelled when the client leaves, and ends when its stream has', async () => {
    const { run, tape, leaving, stream } = setUp();
    const attempt = run();
    await stream;
    leaving.abort();
    expect(await attempt).toMatchObject({ outcome: { state: 'cancelled' }, started: false });
    expect(tape).toEqual(['started', 'cancelled', 'settled: cancelled']);
  });

  test('is cancelled when the client has left while it was prepared', async () => {
    const { run, tape, leaving } = setUp();
    const attempt = run(async () => {
      leaving.abort();
      return { ok: true, value: JOB };
    });
    expect([await attempt, tape]).toMatchObject([
      { outcome: { state: 'cancelled' } },
      ['started', 'cancelled', 'settled: cancelled'],
    ]);
  });

  test('that is over is not cancelled by a client that leaves later', async () => {
    const { run, tape, leaving, stream } = setUp();
    const attempt = run();
    (await stream).settle(COMPLETED);
    await attempt;
    leaving.abort();
    expect(tape).toEqual(['started', 'settled: completed']);
  });
});
