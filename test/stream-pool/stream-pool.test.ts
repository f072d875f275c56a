import { describe, expect, test } from 'bun:test';
import { createLogger } from '../../src/lib/log.ts';
import { InlinePool } from '../../src/stream-pool/inline-pool.ts';
import type { StreamOutcome } from '../../src/stream-pool/protocol.ts';
import { STREAM_WINDOW_BYTES } from '../../src/stream-pool/protocol.ts';
import type { StreamPool } from '../../src/stream-pool/stream-pool.ts';
import { WorkerPool } from '../../src/stream-pool/worker-pool.ts';
import { createGate } from '../support/zai-web/gate.ts';
import { answerHeldAt, brokenOff, plainAnswer } from '../support/zai-web/scenarios/answers.ts';
import { captcha } from '../support/zai-web/scenarios/failures.ts';
import { hugeFrame } from '../support/zai-web/scenarios/oddities.ts';
import { startZaiWebSimulator } from '../support/zai-web/simulator.ts';
import { createTestClient } from './test-client.ts';
import { createTestJob } from './test-job.ts';

const log = createLogger({ level: 'silent', format: 'json' });

const POOLS: Record<string, () => StreamPool> = {
  inline: () => new InlinePool(),
  'worker threads': () => new WorkerPool({ size: 2, log }),
};

describe.each(Object.entries(POOLS))('streams on %s', (_name, createPool) => {
  test('a stream comes whole, and is settled once, after its last write', async () => {
    await using simulator = await startZaiWebSimulator({ script: plainAnswer('你好, 🌍!') });
    await using pool = createPool();
    const client = createTestClient();
    pool.start(createTestJob(simulator), client);
    const outcome = await client.settled;
    expect(outcome).toMatchObject({ state: 'completed', finishReason: 'stop' });
    expect([client.text, client.settlements, pool.activeStreams]).toEqual(['你好, 🌍!', 1, 0]);
  });

  test('a whole reply comes in one piece', async () => {
    await using simulator = await startZaiWebSimulator({ script: plainAnswer('你好, 🌍!') });
    await using pool = createPool();
    const client = createTestClient();
    pool.start(createTestJob(simulator, { shape: 'whole' }), client);
    await client.settled;
    expect(client.writes).toHaveLength(1);
    expect(JSON.parse(client.writes[0] ?? '').choices[0].message.content).toBe('你好, 🌍!');
  });

  test('streams side by side do not mix', async () => {
    await using simulator = await startZaiWebSimulator({
      script: ({ prompt }) => plainAnswer(`${prompt} `.repeat(50), { pieces: 50 }),
    });
    await using pool = createPool();
    const clients = Array.from({ length: 40 }, (_, i) => {
      const client = createTestClient();
      pool.start(createTestJob(simulator, { prompt: `stream ${i}` }), client);
      return client;
    });
    await Promise.all(clients.map((client) => client.settled));
    expect(clients.map((client) => client.text)).toEqual(
      clients.map((_, i) => `stream ${i} `.repeat(50)),
    );
  });

  test('a cancel before the headers closes the upstream, without a write', async () => {
    const gate = createGate();
    await using simulator = await startZaiWebSimulator({
      script: { ...plainAnswer('never'), hangBeforeHeaders: gate },
    });
    await using pool = createPool();
    const client = createTestClient();
    const stream = pool.start(createTestJob(simulator), client);
    await gate.reached;
    stream.cancel();
    expect(await client.settled).toMatchObject({ state: 'cancelled' });
    await simulator.waitFor(() => simulator.openStreams === 0);
    expect([client.writes, simulator.closedByClient.length]).toEqual([[], 1]);
  });

  test('a cancel in the middle closes the upstream, and nothing is written after it', async () => {
    const gate = createGate();
    await using simulator = await startZaiWebSimulator({
      script: answerHeldAt(gate, 'before', 'after'),
    });
    await using pool = createPool();
    const client = createTestClient();
    const stream = pool.start(createTestJob(simulator), client);
    await client.wrote;
    const writes = client.writes.length;
    stream.cancel();
    stream.cancel();
    expect(await client.settled).toMatchObject({ state: 'cancelled' });
    await simulator.waitFor(() => simulator.openStreams === 0);
    expect([client.writes.length, client.settlements]).toEqual([writes, 1]);
  });

  test('a slow client stops the reading of its own upstream only', async () => {
    const { text, ...scenario } = hugeFrame(100_000);
    const big = {
      steps: Array.from({ length: 100 }, () => scenario.steps[0]).flatMap((s) => s ?? []),
    };
    await using simulator = await startZaiWebSimulator({
      script: ({ prompt }) =>
        prompt === 'slow'
          ? { steps: [...big.steps, ...plainAnswer('.').steps] }
          : plainAnswer('quick'),
    });
    await using pool = createPool();
    const slow = createTestClient({ stalled: true });
    pool.start(createTestJob(simulator, { prompt: 'slow' }), slow);
    await slow.wrote;
    for (let i = 0; i < 20; i += 1) {
      const quick = createTestClient();
      pool.start(createTestJob(simulator, { prompt: 'quick' }), quick);
      expect(await quick.settled).toMatchObject({ state: 'completed' });
    }
    // Of 10 MB, little more than the window: the last piece that Bun hands over may be large itself.
    expect(slow.bytes).toBeLessThan(4 * STREAM_WINDOW_BYTES);
    slow.resume();
    expect(await slow.settled).toMatchObject({ state: 'completed' });
    expect(slow.text).toBe(`${text.repeat(100)}.`);
  });

  test('a cancel reaches a stream whose client is slow', async () => {
    const { text: _, ...scenario } = hugeFrame(1_000_000);
    const gate = createGate();
    await using simulator = await startZaiWebSimulator({
      script: { steps: [...scenario.steps.slice(0, 1), { waitFor: gate }] },
    });
    await using pool = createPool();
    const client = createTestClient({ stalled: true });
    const stream = pool.start(createTestJob(simulator), client);
    await client.wrote;
    stream.cancel();
    client.resume();
    expect(await client.settled).toMatchObject({ state: 'cancelled' });
    await simulator.waitFor(() => simulator.openStreams === 0);
  });

  const failures: [string, Parameters<typeof startZaiWebSimulator>[0], Partial<StreamOutcome>][] = [
    [
      'an error inside a 200',
      { script: captcha() },
      { state: 'failed', failure: { kind: 'verification-required' } } as never,
    ],
    [
      'an HTTP error',
      { script: { answer: { status: 500, headers: {}, body: 'no' } } },
      { state: 'failed', failure: { kind: 'unavailable' } } as never,
    ],
    [
      'a connection that closes without an answer',
      { script: { closeBeforeHeaders: true } },
      { state: 'failed', failure: { kind: 'unreachable' } } as never,
    ],
  ];

  test.each(failures)('%s fails the stream without a write', async (_what, options, expected) => {
    await using simulator = await startZaiWebSimulator(options);
    await using pool = createPool();
    const client = createTestClient();
    pool.start(createTestJob(simulator), client);
    expect(await client.settled).toMatchObject(expected);
    expect(client.writes).toEqual([]);
  });

  test('a connection that breaks after some text fails the stream with an error frame', async () => {
    const gate = createGate();
    await using simulator = await startZaiWebSimulator({ script: brokenOff('some text', gate) });
    await using pool = createPool();
    const client = createTestClient();
    pool.start(createTestJob(simulator), client);
    await client.wrote;
    gate.open();
    expect(await client.settled).toMatchObject({
      state: 'failed',
      failure: { kind: 'broken-stream' },
    });
    const { error, finishReasons } = client.read();
    expect([error?.code, finishReasons]).toEqual(['upstream_broken_stream', []]);
  });

  test('an upstream that is silent for too long fails the stream and is let go', async () => {
    const gate = createGate();
    await using simulator = await startZaiWebSimulator({
      script: answerHeldAt(gate, 'before', 'after'),
    });
    await using pool = createPool();
    const client = createTestClient();
    pool.start(createTestJob(simulator, { clocks: { idleMs: 50 } }), client);
    expect(await client.settled).toMatchObject({
      state: 'failed',
      failure: { kind: 'idle-timeout' },
    });
    expect(client.read().error?.code).toBe('upstream_idle_timeout');
    await simulator.waitFor(() => simulator.openStreams === 0);
  });

  test('a client that never reads again does not outlast the total clock', async () => {
    const { steps } = hugeFrame(1_000_000);
    const gate = createGate();
    await using simulator = await startZaiWebSimulator({
      script: { steps: [...steps.slice(0, 1), { waitFor: gate }] },
    });
    await using pool = createPool();
    const client = createTestClient({ stalled: true });
    pool.start(createTestJob(simulator, { clocks: { totalMs: 200 } }), client);
    expect(await client.settled).toMatchObject({
      state: 'failed',
      failure: { kind: 'total-timeout' },
    });
    await simulator.waitFor(() => simulator.openStreams === 0);
  });

  test('a disposed pool has ended its streams', async () => {
    const gate = createGate();
    await using simulator = await startZaiWebSimulator({
      script: answerHeldAt(gate, 'before', 'after'),
    });
    const pool = createPool();
    const client = createTestClient();
    pool.start(createTestJob(simulator), client);
    await client.wrote;
    await pool[Symbol.asyncDispose]();
    await client.settled;
    await simulator.waitFor(() => simulator.openStreams === 0);
    expect(pool.activeStreams).toBe(0);
  });
});
