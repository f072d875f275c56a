import { describe, expect, test } from 'bun:test';
import { openDeafPort } from '../../support/deaf-port.ts';
import { postChat } from '../../support/post-chat.ts';
import { readStream } from '../../support/read-stream.ts';
import { settledChats } from '../../support/settled-chats.ts';
import type { TestGateway } from '../../support/start-gateway.ts';
import { healthsOf, webPool } from '../../support/web-pool.ts';
import { withAccounts } from '../../support/with-accounts.ts';
import { withGateway } from '../../support/with-gateway.ts';
import { completionsOf } from '../../support/zai-web/completions-of.ts';
import { createGate } from '../../support/zai-web/gate.ts';
import type { Scenario, Step } from '../../support/zai-web/scenario.ts';
import { plainAnswer } from '../../support/zai-web/scenarios/answers.ts';
import { delta } from '../../support/zai-web/scenarios/frames.ts';

const SHAPES = [
  ['stream', true],
  ['whole reply', false],
] as const;

/** What the client of a refused chat gets. */
async function refusalOf(gateway: TestGateway, stream: boolean) {
  const response = await postChat(gateway, { stream });
  const { error } = (await response.json()) as { error: { code: string; type: string } };
  const attempts = response.headers.get('x-attempts');
  return { status: response.status, attempts, type: error.type, code: error.code };
}

const timedOut = (code: string) => ({ status: 504, attempts: '1', type: 'server_error', code });

/** What is left behind on the other side: one completion, which the gateway has closed. */
const closedOnce = (simulator: Parameters<typeof completionsOf>[0]) =>
  completionsOf(simulator).map(({ stream }) => stream?.state);

describe.each(SHAPES)('an upstream that is silent (%s)', (_shape, stream) => {
  test('at connect is given up by the connect clock', async () => {
    using port = await openDeafPort();
    const env = {
      UPSTREAMS: 'zai-api',
      ZAI_API_KEYS: 'key',
      ZAI_API_DIALECT: 'zai',
      ZAI_API_BASE_URL: `${port.origin}/v4`,
      CONNECT_TIMEOUT: '150ms',
    };
    await withGateway({ env }, async ({ gateway }) => {
      expect(await refusalOf(gateway, stream)).toEqual(timedOut('upstream_connect_timeout'));
      expect(gateway.services.upstreams.api?.credentials.statuses()).toMatchObject([
        { health: { state: 'healthy', strikes: 0 } },
      ]);
    });
  });

  const silence: Step = { waitFor: createGate() };
  const drip: Step = { paced: Array(1_000).fill({ phase: 'answer' }), intervalMs: 10 };
  test.each<[string, Scenario, Record<string, string>, code: string]>([
    [
      'before headers',
      { ...plainAnswer('never'), hangBeforeHeaders: createGate() },
      { FIRST_BYTE_TIMEOUT: '80ms' },
      'upstream_first_byte_timeout',
    ],
    [
      'between the headers and the first byte',
      { steps: [silence] },
      { FIRST_BYTE_TIMEOUT: '80ms' },
      'upstream_first_byte_timeout',
    ],
    [
      'after bytes that bring no part',
      { steps: [{ raw: ': hello\n\n' }, silence] },
      { IDLE_TIMEOUT: '80ms' },
      'upstream_idle_timeout',
    ],
    [
      'about its reply, though not on the wire',
      { steps: [drip] },
      { TOTAL_TIMEOUT: '150ms', IDLE_TIMEOUT: '100ms' },
      'upstream_total_timeout',
    ],
  ])('%s is given up by its clock', (_case, script, env, code) =>
    withAccounts(2, { script, env }, async ({ gateway, simulator }) => {
      expect(await refusalOf(gateway, stream)).toEqual(timedOut(code));
      await simulator.waitFor(() => simulator.openStreams === 0);
      expect({
        streams: closedOnce(simulator),
        healths: healthsOf(gateway),
        brake: webPool(gateway).brake.state,
      }).toEqual({ streams: ['client-left'], healths: ['healthy', 'healthy'], brake: 'closed' });
    }),
  );
});

describe('after the first part', () => {
  const hello = delta('answer', 'Hello ');
  const words = Array(1_000).fill({ phase: 'answer', delta_content: '.' });
  test.each<[string, Step, Record<string, string>, code: string]>([
    [
      'silence between bytes',
      { waitFor: createGate() },
      { IDLE_TIMEOUT: '80ms' },
      'upstream_idle_timeout',
    ],
    [
      'a reply without end',
      { paced: words, intervalMs: 10 },
      { TOTAL_TIMEOUT: '150ms' },
      'upstream_total_timeout',
    ],
  ])('%s ends the stream with an error frame', (_case, step, env, code) =>
    withAccounts(1, { script: { steps: [hello, step] }, env }, async ({ gateway, simulator }) => {
      const response = await postChat(gateway);
      const { text, finishReasons, error, done } = readStream(await response.text());
      expect([text.slice(0, 6), finishReasons, error?.code, done]).toEqual([
        'Hello ',
        [],
        code,
        false,
      ]);
      await simulator.waitFor(() => simulator.openStreams === 0);
      expect([closedOnce(simulator), settledChats(gateway)]).toMatchObject([
        ['client-left'],
        [{ status: 200, outcome: 'failed', errorCode: code, attempts: 1 }],
      ]);
    }),
  );
});
