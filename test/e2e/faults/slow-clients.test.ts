import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { ask, served } from '../../support/ask.ts';
import { expectNothingLeft } from '../../support/expect-nothing-left.ts';
import { readRawBody, sendRawChat } from '../../support/raw-chat.ts';
import { readStream } from '../../support/read-stream.ts';
import { settledChats } from '../../support/settled-chats.ts';
import { until } from '../../support/until.ts';
import { healthsOf } from '../../support/web-pool.ts';
import { withAccounts } from '../../support/with-accounts.ts';
import { completionsOf } from '../../support/zai-web/completions-of.ts';
import type { StreamScenario } from '../../support/zai-web/scenario.ts';
import { plainAnswer } from '../../support/zai-web/scenarios/answers.ts';
import { delta, doneFrame, usageFrame } from '../../support/zai-web/scenarios/frames.ts';
import type { ZaiWebSimulator } from '../../support/zai-web/simulator.ts';

// Long replies take their time on a busy machine.
setDefaultTimeout(30_000);

const MEGABYTE = 1024 * 1024;
/** More than the buffers of two connections and a gateway hold. */
const REPLY_BYTES = 48 * MEGABYTE;
/** What they hold: some 4 MB of Linux's at each of four ends, and windows of the gateway. */
const HELD_BYTES = 24 * MEGABYTE;

const PIECE = 'lorem ipsum '.repeat(1_000);
const PIECES = Math.ceil(REPLY_BYTES / PIECE.length);
const LONG: StreamScenario = {
  steps: [
    ...Array.from({ length: PIECES }, () => delta('answer', PIECE)),
    usageFrame(),
    doneFrame(),
  ],
  wire: { cut: 64 * 1024 },
};
const SHORT = plainAnswer('Hello.');

/** How much of the long reply the upstream has got rid of. */
const writtenBy = (simulator: ZaiWebSimulator) =>
  completionsOf(simulator)[0]?.stream?.bytesWritten ?? 0;

/** Resolves when the upstream has not been read for as long as a dozen chats took. */
async function untilUnread(simulator: ZaiWebSimulator, chat: () => Promise<unknown>) {
  for (let before = -1; before !== writtenBy(simulator); ) {
    before = writtenBy(simulator);
    for (let i = 0; i < 12; i += 1) await chat();
  }
}

describe.each([
  ['a worker thread', '1'],
  ['the main thread', '0'],
])('with streams on %s, a client that', (_name, WORKERS) => {
  test('reads next to nothing makes the gateway stop reading, and disturbs nobody', () =>
    withAccounts(1, { script: LONG, env: { WORKERS } }, async ({ gateway, simulator }) => {
      using client = await sendRawChat(gateway);
      await client.until('lorem');
      client.pause();
      simulator.script(SHORT);
      await untilUnread(simulator, async () => {
        expect(await ask(gateway)).toEqual(served(1, 'Hello.'));
      });
      expect(writtenBy(simulator)).toBeLessThan(HELD_BYTES);

      client.resume();
      const { text, finishReasons, done } = readStream(await readRawBody(client));
      expect([text.length, finishReasons, done]).toEqual([PIECES * PIECE.length, ['stop'], true]);
    }));

  test('reads slowly, but reads, is not cut off', () =>
    withAccounts(
      1,
      { script: LONG, env: { WORKERS, IDLE_TIMEOUT: '300ms' } },
      async ({ gateway }) => {
        using client = await sendRawChat(gateway);
        for (let sips = 1; sips <= 8; sips += 1) {
          const slowlyAt = performance.now() + 100;
          await until(() => client.receivedBytes >= sips * MEGABYTE);
          client.pause();
          await until(() => performance.now() >= slowlyAt);
          client.resume();
        }
        const { text, done } = readStream(await readRawBody(client));
        expect([text.length, done]).toEqual([PIECES * PIECE.length, true]);
      },
    ));

  test('stops reading is cut off after the idle time, and costs nobody anything', () =>
    withAccounts(
      1,
      { script: LONG, env: { WORKERS, IDLE_TIMEOUT: '300ms' } },
      async ({ gateway, simulator }) => {
        using client = await sendRawChat(gateway);
        await client.until('lorem');
        client.pause();
        await simulator.waitFor(() => simulator.openStreams === 0);
        await until(() => gateway.services.running.count === 0);
        await expectNothingLeft(gateway, simulator);
        expect([
          completionsOf(simulator).map(({ stream }) => stream?.state),
          settledChats(gateway),
          healthsOf(gateway),
        ]).toMatchObject([
          ['client-left'],
          [{ status: 200, outcome: 'failed', errorCode: 'client_stalled', attempts: 1 }],
          ['healthy'],
        ]);

        // Should it come back after all, it is told.
        client.resume();
        const { error, done } = readStream(await readRawBody(client));
        expect([error?.code, done]).toEqual(['client_stalled', false]);
      },
    ));
});
