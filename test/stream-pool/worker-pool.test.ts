import { expect, test } from 'bun:test';
import { createLogger } from '../../src/lib/log.ts';
import { spawnStreamWorker } from '../../src/stream-pool/worker-handle.ts';
import { WorkerPool } from '../../src/stream-pool/worker-pool.ts';
import { createGate } from '../support/zai-web/gate.ts';
import { answerHeldAt, plainAnswer } from '../support/zai-web/scenarios/answers.ts';
import { startZaiWebSimulator } from '../support/zai-web/simulator.ts';
import { createTestClient } from './test-client.ts';
import { createTestJob } from './test-job.ts';

/** A pool whose threads, and what it logs, are within the test's reach. */
function createObservedPool(size: number) {
  const threads: Worker[] = [];
  const logged: { msg: string }[] = [];
  const log = createLogger({
    level: 'info',
    format: 'json',
    destination: { write: (line) => void logged.push(JSON.parse(line)) },
  });
  const spawn = () => {
    const thread = spawnStreamWorker();
    threads.push(thread);
    return thread;
  };
  return { pool: new WorkerPool({ size, log, spawn }), threads, logged };
}

test('a thread that dies fails its own streams, the others go on, and it is replaced', async () => {
  const gate = createGate();
  await using simulator = await startZaiWebSimulator({
    script: answerHeldAt(gate, 'before ', 'after'),
  });
  const { pool, threads, logged } = createObservedPool(2);
  await using _pool = pool;
  const clients = Array.from({ length: 4 }, () => createTestClient());
  for (const client of clients) pool.start(createTestJob(simulator), client);
  await Promise.all(clients.map((client) => client.wrote));

  threads[0]?.terminate();
  const dead = clients.filter((_, i) => i % 2 === 0);
  const crashed = { state: 'failed', failure: { kind: 'worker-crashed' } };
  for (const client of dead) expect(await client.settled).toMatchObject(crashed);
  await simulator.waitFor(() => simulator.openStreams === 2);

  gate.open();
  const alive = clients.filter((_, i) => i % 2 === 1);
  for (const client of alive) expect(await client.settled).toMatchObject({ state: 'completed' });
  expect(alive.map((client) => client.text)).toEqual(['before after', 'before after']);

  const next = createTestClient();
  pool.start(createTestJob(simulator), next);
  expect(await next.settled).toMatchObject({ state: 'completed' });
  expect([threads.length, logged.map(({ msg }) => msg)]).toEqual([3, ['worker died']]);
});

test('with its only thread dead, a pool still takes a stream', async () => {
  await using simulator = await startZaiWebSimulator({ script: plainAnswer('hello') });
  const { pool, threads } = createObservedPool(1);
  await using _pool = pool;
  const gone = Promise.withResolvers<void>();
  threads[0]?.addEventListener('close', () => gone.resolve());
  threads[0]?.terminate();
  await gone.promise;
  const client = createTestClient();
  pool.start(createTestJob(simulator), client);
  expect(await client.settled).toMatchObject({ state: 'completed' });
});

test('a cancelled stream is settled as cancelled even when its thread dies', async () => {
  const gate = createGate();
  await using simulator = await startZaiWebSimulator({
    script: { ...plainAnswer('never'), hangBeforeHeaders: gate },
  });
  const { pool, threads } = createObservedPool(1);
  await using _pool = pool;
  const client = createTestClient();
  const stream = pool.start(createTestJob(simulator), client);
  await gate.reached;
  stream.cancel();
  threads[0]?.terminate();
  expect(await client.settled).toMatchObject({ state: 'cancelled' });
  expect(client.settlements).toBe(1);
});

test('streams go to the thread that has the fewest', async () => {
  const gate = createGate();
  await using simulator = await startZaiWebSimulator({
    script: answerHeldAt(gate, 'before ', 'after'),
  });
  const { pool, threads } = createObservedPool(3);
  await using _pool = pool;
  const clients = Array.from({ length: 6 }, () => createTestClient());
  for (const client of clients) pool.start(createTestJob(simulator), client);
  await Promise.all(clients.map((client) => client.wrote));
  for (const thread of threads.slice(0, 2)) thread.terminate();
  await simulator.waitFor(() => simulator.openStreams === 2);
  gate.open();
  const outcomes = await Promise.all(clients.map((client) => client.settled));
  expect(outcomes.filter(({ state }) => state === 'completed')).toHaveLength(2);
});

test('a pool is ready once a thread has started', async () => {
  const { pool, threads } = createObservedPool(1);
  await using _pool = pool;
  expect(pool.ready).toBe(false);
  const started = Promise.withResolvers<void>();
  threads[0]?.addEventListener('message', () => started.resolve());
  await started.promise;
  expect(pool.ready).toBe(true);
});

test('each thread tells of its streams and its event loop, a dead one is counted', async () => {
  const gate = createGate();
  await using simulator = await startZaiWebSimulator({ script: answerHeldAt(gate, 'a', 'b') });
  const { pool, threads } = createObservedPool(2);
  await using _pool = pool;
  const client = createTestClient();
  pool.start(createTestJob(simulator), client);
  await client.wrote;
  const number = expect.any(Number);
  const loopDelay = { p50Ms: number, p99Ms: number, maxMs: number };
  expect([await pool.survey(), pool.deaths]).toEqual([
    [
      { activeStreams: 1, loopDelay },
      { activeStreams: 0, loopDelay },
    ],
    0,
  ]);

  threads[1]?.terminate();
  // Asked before its end is known, it is told of without an answer.
  const [, dead] = await pool.survey();
  expect([dead, pool.deaths]).toEqual([{ activeStreams: 0, loopDelay: null }, 1]);
  gate.open();
  await client.settled;
});
