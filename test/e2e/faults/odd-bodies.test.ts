import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { constants, gzipSync } from 'node:zlib';
import { ask, failed, served } from '../../support/ask.ts';
import { postChat } from '../../support/post-chat.ts';
import { readStream } from '../../support/read-stream.ts';
import { settledChats } from '../../support/settled-chats.ts';
import { healthsOf, webPool } from '../../support/web-pool.ts';
import { withAccounts } from '../../support/with-accounts.ts';
import { completionsOf } from '../../support/zai-web/completions-of.ts';
import { createGate, type Gate } from '../../support/zai-web/gate.ts';
import type { Scenario, Step } from '../../support/zai-web/scenario.ts';
import { plainAnswer } from '../../support/zai-web/scenarios/answers.ts';
import { delta, doneFrame, usageFrame } from '../../support/zai-web/scenarios/frames.ts';
import { inTurn } from '../../support/zai-web/scenarios/in-turn.ts';

// Ten megabytes and a hundred thousand frames take their time on a busy machine.
setDefaultTimeout(30_000);

const ANSWER = plainAnswer('Hello.');
const MEGABYTE = 1024 * 1024;

/** Bytes of every value, the same in each run, that are neither UTF-8 nor server-sent events. */
function garbage(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 2_654_435_761) >>> 13);
}

/** The first frames of an answer, packed, without the end that a packed body has. */
function unfinishedGzip(text: string): Buffer {
  const event = { type: 'chat:completion', data: { phase: 'answer', delta_content: text } };
  const { Z_SYNC_FLUSH } = constants;
  return gzipSync(`data: ${JSON.stringify(event)}\n\n`, { finishFlush: Z_SYNC_FLUSH });
}

/** A reply that begins, waits until the client has that, and then goes wrong. */
function cutOff(gate: Gate, bad: Step): Scenario {
  return { steps: [delta('answer', 'Hello '), { waitFor: gate }, bad] };
}

const GZIP = { 'content-encoding': 'gzip' };

describe('a body that makes no sense', () => {
  const rows: [string, Scenario][] = [
    ['garbage', { steps: [{ raw: garbage(100_000) }] }],
    ['garbage in frames', { steps: [{ raw: 'data: {"type"\n\ndata: ]\n\n' }] }],
    ['text that claims to be gzip', { headers: GZIP, ...ANSWER }],
    [
      'gzip cut short before anything can be read',
      { headers: GZIP, steps: [{ raw: unfinishedGzip('Hello ').subarray(0, 15) }] },
    ],
    ['10 MB without a newline', { steps: [{ raw: 'x'.repeat(10 * MEGABYTE) }] }],
    [
      '10 MB of a frame that never ends',
      { steps: [{ raw: `data: {"type":"chat:completion","data":"${'x'.repeat(10 * MEGABYTE)}` }] },
    ],
  ];

  test.each(rows)('in place of a reply, is told: %s', (_case, script) =>
    withAccounts(1, { script, env: { MAX_RETRIES: '0' } }, async ({ gateway, simulator }) => {
      expect(await ask(gateway)).toEqual(failed(1, 502, 'upstream_broken_stream'));
      expect([completionsOf(simulator).length, healthsOf(gateway)]).toEqual([1, ['healthy']]);
      expect(webPool(gateway).brake.state).toBe('closed');
    }),
  );

  test.each(rows)('costs a chat nothing but another attempt: %s', (_case, script) =>
    withAccounts(1, { script: inTurn(script, ANSWER) }, async ({ gateway }) => {
      expect(await ask(gateway)).toEqual(served(2, 'Hello.'));
    }),
  );

  test.each<[string, (gate: Gate) => Scenario]>([
    ['garbage', (gate) => cutOff(gate, { raw: garbage(100_000) })],
    ['10 MB without a newline', (gate) => cutOff(gate, { raw: 'x'.repeat(10 * MEGABYTE) })],
    [
      'gzip cut short',
      (gate) => ({
        headers: GZIP,
        steps: [{ raw: unfinishedGzip('Hello ') }, { waitFor: gate }],
      }),
    ],
    [
      'gzip with garbage in it',
      (gate) => ({
        headers: GZIP,
        steps: [{ raw: unfinishedGzip('Hello ') }, { waitFor: gate }, { raw: garbage(1_000) }],
      }),
    ],
  ])('after the first part, ends the stream with an error frame: %s', (_case, scenario) => {
    const gate = createGate();
    return withAccounts(1, { script: scenario(gate) }, async ({ gateway }) => {
      const response = await postChat(gateway);
      gate.open();
      const { text, error, finishReasons, done } = readStream(await response.text());
      expect({ text, code: error?.code, finishReasons, done }).toEqual({
        text: 'Hello ',
        code: 'upstream_broken_stream',
        finishReasons: [],
        done: false,
      });
      expect(settledChats(gateway)).toMatchObject([{ outcome: 'failed', attempts: 1 }]);
    });
  });
});

describe('100,000 tiny frames', () => {
  const numbers = Array.from({ length: 100_000 }, (_, i) => `${i} `);
  const text = numbers.join('');
  const frames = [...numbers.map((word) => delta('answer', word)), usageFrame(), doneFrame()];

  test.each([
    ['in few writes', 64 * 1024],
    ['cut anywhere', 997],
  ])('all arrive, in order, and soon: %s', (_case, cut) =>
    withAccounts(1, { script: { steps: frames, wire: { cut } } }, async ({ gateway }) => {
      const startedAt = performance.now();
      const body = await (await postChat(gateway)).text();
      const tookMs = performance.now() - startedAt;
      const reading = readStream(body);
      expect([reading.text === text, reading.finishReasons, reading.done]).toEqual([
        true,
        ['stop'],
        true,
      ]);
      // About 1 s, simulator and client included, on two cores that have nothing else to do.
      expect(tookMs).toBeLessThan(10_000);
    }),
  );

  test('all arrive in a whole reply', () =>
    withAccounts(
      1,
      { script: { steps: frames, wire: { cut: 64 * 1024 } } },
      async ({ gateway }) => {
        expect((await ask(gateway)).text === text).toBe(true);
      },
    ));
});
