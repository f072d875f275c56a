import { describe, expect, test } from 'bun:test';
import { expectNothingLeft } from '../../support/expect-nothing-left.ts';
import { postChat } from '../../support/post-chat.ts';
import { sendRawChat } from '../../support/raw-chat.ts';
import type { RawClient } from '../../support/raw-client.ts';
import { settledChats } from '../../support/settled-chats.ts';
import type { TestGateway } from '../../support/start-gateway.ts';
import { until } from '../../support/until.ts';
import { healthsOf, webPool } from '../../support/web-pool.ts';
import { withAccounts } from '../../support/with-accounts.ts';
import { withGateway } from '../../support/with-gateway.ts';
import { completionsOf } from '../../support/zai-web/completions-of.ts';
import { createGate } from '../../support/zai-web/gate.ts';
import { answerHeldAt, plainAnswer } from '../../support/zai-web/scenarios/answers.ts';
import { statusErrors } from '../../support/zai-web/scenarios/failures.ts';
import { pacedAnswer } from '../../support/zai-web/scenarios/paced-answer.ts';
import type { ZaiWebSimulator } from '../../support/zai-web/simulator.ts';

/** What is known of the chats that were settled: how, and after how many attempts. */
const endsOf = (gateway: TestGateway) =>
  settledChats(gateway).map(({ outcome, attempts, status }) => ({ outcome, attempts, status }));

const leftBefore = (attempts: number) => ({ outcome: 'cancelled', attempts, status: 499 });
const completed = { outcome: 'completed', attempts: 1, status: 200 };

const streamStates = (simulator: ZaiWebSimulator) =>
  completionsOf(simulator).map(({ stream }) => stream?.state);

/** Two ways to go; Bun takes the second for the first, and closes its side too. */
const LEAVINGS: [string, (client: RawClient) => void][] = [
  ['closes', (client) => client.destroy()],
  ['half-closes', (client) => client.halfClose()],
];

describe.each(LEAVINGS)('a client that %s its connection', (_how, leave) => {
  describe.each([
    ['stream', true],
    ['whole reply', false],
  ])('(%s)', (_shape, stream) => {
    test('while it waits for a permit leaves the queue, and reaches no upstream', () => {
      const gate = createGate();
      const script = answerHeldAt(gate, 'Hello ', 'world');
      return withAccounts(1, { script, env: { MAX_CONCURRENCY: '1' } }, async (stage) => {
        const { gateway, simulator } = stage;
        const { admission } = gateway.services.chat;
        const first = await postChat(gateway);
        using client = await sendRawChat(gateway, { stream });
        await until(() => admission.queued === 1);
        leave(client);
        await until(() => admission.queued === 0);
        gate.open();
        await Promise.all([client.closed, first.text()]);
        await expectNothingLeft(gateway, simulator);
        expect([endsOf(gateway), streamStates(simulator)]).toEqual([
          [leftBefore(0), completed],
          ['ended'],
        ]);
      });
    });

    test('while it waits for a credential leaves the line, and reaches no upstream', () => {
      const gate = createGate();
      const script = answerHeldAt(gate, 'Hello ', 'world');
      const env = { CREDENTIAL_CONCURRENCY: '1' };
      return withAccounts(1, { script, env }, async ({ gateway, simulator }) => {
        const first = await postChat(gateway);
        const { running } = gateway.services;
        using client = await sendRawChat(gateway, { stream });
        await until(() => gateway.services.chat.admission.running === 2);
        leave(client);
        await until(() => running.count === 1);
        gate.open();
        await Promise.all([client.closed, first.text()]);
        await expectNothingLeft(gateway, simulator);
        expect([endsOf(gateway), streamStates(simulator)]).toEqual([
          [leftBefore(0), completed],
          ['ended'],
        ]);
      });
    });

    test('while a guest is asked for leaves nobody behind', () => {
      const gate = createGate();
      return withGateway({ env: { ZAI_TOKENS: '' } }, async ({ gateway, simulator }) => {
        const path = '/api/v1/auths/';
        simulator.scriptCall(path, { ...statusErrors[500](), hangBeforeHeaders: gate });
        using client = await sendRawChat(gateway, { stream });
        await gate.reached;
        leave(client);
        await until(() => gateway.services.running.count === 0);
        await client.closed;
        expect([endsOf(gateway), completionsOf(simulator)]).toEqual([[leftBefore(0)], []]);
      });
    });

    test('while it waits for the first byte closes the upstream', () => {
      const script = { ...plainAnswer('never'), hangBeforeHeaders: createGate() };
      return withAccounts(1, { script }, async ({ gateway, simulator }) => {
        using client = await sendRawChat(gateway, { stream });
        await simulator.waitFor(() => simulator.openStreams === 1);
        leave(client);
        await client.closed;
        await expectNothingLeft(gateway, simulator);
        expect([endsOf(gateway), streamStates(simulator), healthsOf(gateway)]).toEqual([
          [leftBefore(1)],
          ['client-left'],
          ['healthy'],
        ]);
      });
    });

    test('in the middle of the reply closes the upstream', () =>
      withAccounts(1, { script: pacedAnswer(10_000, 5) }, async ({ gateway, simulator }) => {
        using client = await sendRawChat(gateway, { stream });
        if (stream) await client.until('word 3');
        else await simulator.waitFor(() => Number(written(simulator)) > 300);
        leave(client);
        await client.closed;
        await expectNothingLeft(gateway, simulator);
        const status = stream ? 200 : 499;
        expect([endsOf(gateway), streamStates(simulator), healthsOf(gateway)]).toEqual([
          [{ ...leftBefore(1), status }],
          ['client-left'],
          ['healthy'],
        ]);
      }));

    test('between two attempts stops them', () =>
      withAccounts(1, { script: statusErrors[500]() }, async ({ gateway, simulator }) => {
        using client = await sendRawChat(gateway, { stream });
        await simulator.waitFor(() => completionsOf(simulator).length === 1);
        // The attempt is over, and the pause before the next one has begun: 100 ms at least.
        await until(() => webPool(gateway).statuses()[0]?.counts.failed === 1);
        leave(client);
        await client.closed;
        await until(() => gateway.services.running.count === 0);
        expect([endsOf(gateway), completionsOf(simulator).length]).toEqual([[leftBefore(1)], 1]);
      }));
  });
});

function written(simulator: ZaiWebSimulator): number | undefined {
  return completionsOf(simulator)[0]?.stream?.bytesWritten;
}
