import { describe, expect, test } from 'bun:test';
import { chatBody } from '../support/chat-body.ts';
import { expectNothingLeft } from '../support/expect-nothing-left.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { until } from '../support/until.ts';
import { createGate } from '../support/zai-web/gate.ts';
import { answerHeldAt, plainAnswer } from '../support/zai-web/scenarios/answers.ts';
import { pacedAnswer } from '../support/zai-web/scenarios/paced-answer.ts';
import { startZaiWebSimulator, type ZaiWebSimulator } from '../support/zai-web/simulator.ts';

/** What the contract promises, end to end. */
const WITHIN_MS = 100;

/** Sends a chat that its client will abort. */
function send(gateway: TestGateway, fields: Record<string, unknown> = {}) {
  const leaving = new AbortController();
  const response = gateway.fetch('/v1/chat/completions', {
    method: 'POST',
    body: chatBody(fields),
    signal: leaving.signal,
  });
  response.catch(() => {}); // the abort is the point
  return { response, leave: () => leaving.abort() };
}

async function expectClosedSoon(simulator: ZaiWebSimulator, leave: () => void): Promise<void> {
  const before = simulator.closedByClient.length;
  const leftAt = performance.now();
  leave();
  await simulator.waitFor(() => simulator.closedByClient.length > before);
  const closedAt = simulator.closedByClient.at(-1)?.at ?? Number.POSITIVE_INFINITY;
  expect(closedAt - leftAt).toBeLessThan(WITHIN_MS);
}

describe.each([
  ['1 worker', '1'],
  ['the main thread', '0'],
])('with streams on %s, a client that leaves closes its upstream', (_name, WORKERS) => {
  test.each([
    ['stream', true],
    ['whole reply', false],
  ])('before the upstream has sent a byte (%s)', async (_shape, stream) => {
    const gate = createGate();
    await using simulator = await startZaiWebSimulator({
      script: { ...plainAnswer('never'), hangBeforeHeaders: gate },
    });
    await using gateway = await startGateway(simulator, { env: { WORKERS } });
    const { leave } = send(gateway, { stream });
    await gate.reached;
    await expectClosedSoon(simulator, leave);
    await expectNothingLeft(gateway, simulator);
    expect(simulator.requests.filter(({ stream: served }) => served)).toHaveLength(1);
  });

  test.each([
    ['stream', true],
    ['whole reply', false],
  ])('in the middle of a reply (%s)', async (_shape, stream) => {
    const gate = createGate();
    await using simulator = await startZaiWebSimulator({
      script: answerHeldAt(gate, 'before', 'after'),
    });
    await using gateway = await startGateway(simulator, { env: { WORKERS } });
    const { response, leave } = send(gateway, { stream });
    await gate.reached;
    if (stream) await (await response).body?.getReader().read();
    await expectClosedSoon(simulator, leave);
    await expectNothingLeft(gateway, simulator);
  });
});

test('a client that leaves while it waits for a permit never reaches the upstream', async () => {
  const gate = createGate();
  await using simulator = await startZaiWebSimulator({
    script: answerHeldAt(gate, 'before', 'after'),
  });
  await using gateway = await startGateway(simulator, { env: { MAX_CONCURRENCY: '1' } });
  const { admission } = gateway.services.chat;
  const first = send(gateway);
  await first.response;
  const second = send(gateway);
  await until(() => admission.queued > 0);
  second.leave();
  await until(() => admission.queued === 0);
  gate.open();
  await (await first.response).text();
  await expectNothingLeft(gateway, simulator);
  expect(simulator.requests.filter(({ stream }) => stream)).toHaveLength(1);
});

test('two hundred clients that leave at any moment leave nothing open on either side', async () => {
  await using simulator = await startZaiWebSimulator({ script: pacedAnswer(20, 5) });
  await using gateway = await startGateway(simulator, { env: { WORKERS: '2' } });
  const chats = Array.from({ length: 200 }, async (_, i) => {
    const { response, leave } = send(gateway, { stream: i % 4 !== 0 });
    // From at once to after the end: a stream here takes about 100 ms.
    setTimeout(leave, (i * 7919) % 150);
    await response.then((opened) => opened.text()).catch(() => {});
  });
  await Promise.all(chats);
  await expectNothingLeft(gateway, simulator);
});
