import { expect, test } from 'bun:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { postChat } from '../support/post-chat.ts';
import { CLIENT_KEY, type TestGateway } from '../support/start-gateway.ts';
import { withGateway } from '../support/with-gateway.ts';
import { createGate, type Gate } from '../support/zai-web/gate.ts';
import { answerHeldAt, plainAnswer } from '../support/zai-web/scenarios/answers.ts';
import type { Script } from '../support/zai-web/simulator.ts';

const OTHER_KEY = 'sk-test-other';
const OTHER = { authorization: `Bearer ${OTHER_KEY}` };

/** Sends a whole chat and gives its status; the prompt says which it was. */
async function ask(gateway: TestGateway, prompt: string, headers = {}): Promise<number> {
  const messages = [{ role: 'user', content: prompt }];
  const response = await postChat(gateway, { stream: false, messages }, headers);
  await response.text();
  return response.status;
}

async function untilQueued({ services }: TestGateway, count: number): Promise<void> {
  while (services.chat.admission.queued < count) await nextTurn();
}

/** Holds the first chat at the gate, so that the others wait; notes who was served, in order. */
function holdFirst(gate: Gate, served: string[]): Script {
  return ({ prompt }) => {
    served.push(prompt);
    return prompt === 'first' ? answerHeldAt(gate, 'a', 'b') : plainAnswer('ok');
  };
}

test('a client key that floods the gateway does not hold up the request of another', async () => {
  const [gate, served] = [createGate(), [] as string[]];
  const env = { API_KEYS: `${CLIENT_KEY},${OTHER_KEY}`, MAX_CONCURRENCY: '1' };
  await withGateway({ script: holdFirst(gate, served), env }, async ({ gateway }) => {
    const first = ask(gateway, 'first');
    await gate.reached;
    const flood = Array.from({ length: 20 }, () => ask(gateway, 'flood'));
    await untilQueued(gateway, 20);
    const other = ask(gateway, 'other', OTHER);
    await untilQueued(gateway, 21);
    gate.open();
    const statuses: number[] = await Promise.all([first, other, ...flood]);
    expect(statuses).toEqual(Array(22).fill(200));
    expect(served).toEqual(['first', 'other', ...Array(20).fill('flood')]);
  });
});

test('nor does it keep others out by filling the queue: its own last waiter is refused', async () => {
  const [gate, served] = [createGate(), [] as string[]];
  const env = { API_KEYS: `${CLIENT_KEY},${OTHER_KEY}`, MAX_CONCURRENCY: '1', MAX_QUEUE: '2' };
  await withGateway({ script: holdFirst(gate, served), env }, async ({ gateway }) => {
    const first = ask(gateway, 'first');
    await gate.reached;
    const waiting = ask(gateway, 'waiting');
    await untilQueued(gateway, 1);
    const displaced = ask(gateway, 'displaced');
    await untilQueued(gateway, 2);
    const other = ask(gateway, 'other', OTHER);
    expect(await displaced).toBe(429);
    expect(await ask(gateway, 'refused', OTHER)).toBe(429);
    gate.open();
    expect(await Promise.all([first, waiting, other])).toEqual([200, 200, 200]);
    expect(served).toEqual(['first', 'other', 'waiting']);
  });
});
