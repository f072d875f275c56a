import { describe, expect, test } from 'bun:test';
import { createGate } from '../zai-web/gate.ts';
import { draftCompletion, sendDraft } from './correct-request.ts';
import { answerHeldAt, brokenOff, pacedAnswer, plainAnswer } from './scenarios/answers.ts';
import { apiError } from './scenarios/failures.ts';
import { startZaiApiSimulator, type ZaiApiSimulator } from './simulator.ts';

const textOf = async (simulator: ZaiApiSimulator, changes: Record<string, unknown> = {}) => {
  const draft = draftCompletion(simulator, 'ping 🏓');
  Object.assign(draft.body, changes);
  return (await sendDraft(draft)).text();
};

describe('a script', () => {
  test('answers each request as it deserves', async () => {
    await using simulator = await startZaiApiSimulator({
      script: ({ prompt, model, thinking, key }) =>
        plainAnswer(`${prompt} ${model} ${thinking} ${key.plan}`, { pieces: 1 }),
    });
    const content = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ];
    const messages = [
      { role: 'user', content },
      { role: 'assistant', content: 'c' },
    ];
    const texts = [
      await textOf(simulator, { thinking: { type: 'disabled' } }),
      await textOf(simulator, { model: 'glm-4.6v', messages }),
    ];
    expect(texts).toEqual([
      expect.stringContaining('"ping 🏓 glm-4.6 false general"'),
      expect.stringContaining('"a b glm-4.6v true general"'),
    ]);
  });

  test('is an echo when there is none, with thought unless it is switched off', async () => {
    await using simulator = await startZaiApiSimulator();
    const thought = await textOf(simulator);
    const plain = await textOf(simulator, { thinking: { type: 'disabled' } });
    expect([
      thought.includes('"reasoning_content"'),
      plain.includes('"reasoning_content"'),
    ]).toEqual([true, false]);
    expect(plain).toMatch(/🏓.+"finish_reason":"stop".+"usage".+data: \[DONE\]\n\n$/s);
  });

  test('may be changed between requests', async () => {
    await using simulator = await startZaiApiSimulator({ script: plainAnswer('Hello.') });
    const first = await sendDraft(draftCompletion(simulator));
    simulator.script(apiError(1302, { retryAfterSeconds: 7 }));
    const second = await sendDraft(draftCompletion(simulator));
    expect([first.status, second.status, second.headers.get('retry-after')]).toEqual([
      200,
      429,
      '7',
    ]);
  });

  test('may pace its chunks', async () => {
    await using simulator = await startZaiApiSimulator({ script: pacedAnswer(3, 5) });
    const text = await textOf(simulator);
    expect(text.match(/word \d/g)).toEqual(['word 1', 'word 2', 'word 3']);
  });
});

describe('a record', () => {
  test('has the request and what became of it', async () => {
    await using simulator = await startZaiApiSimulator();
    await textOf(simulator);
    await simulator.waitFor(({ openStreams }) => openStreams === 0);
    expect(simulator.requests).toMatchObject([
      {
        method: 'POST',
        path: '/api/paas/v4/chat/completions',
        body: { model: 'glm-4.6' },
        refusal: null,
        stream: { state: 'ended', bytesWritten: expect.any(Number) },
      },
    ]);
  });

  test('has calls of other paths, which are not known', async () => {
    await using simulator = await startZaiApiSimulator();
    const { status } = await fetch(`${simulator.baseUrl}/models`);
    expect([status, simulator.requests.at(-1)?.refusal]).toEqual([404, 'no such path']);
  });

  test('is forgotten when there are newer ones than are kept', async () => {
    await using simulator = await startZaiApiSimulator({ keep: 1 });
    for (const path of ['/a', '/b']) await fetch(simulator.origin + path);
    expect(simulator.requests.map(({ path }) => path)).toEqual(['/b']);
  });
});

describe('a connection', () => {
  test('that the client closes is seen', async () => {
    const gate = createGate();
    await using simulator = await startZaiApiSimulator({ script: answerHeldAt(gate, 'a', 'b') });
    const leaving = new AbortController();
    const response = await sendDraft(draftCompletion(simulator), leaving.signal);
    await gate.reached;
    leaving.abort();
    await simulator.waitFor(({ openStreams }) => openStreams === 0);
    expect([simulator.closedByClient.length, response.ok]).toEqual([1, true]);
  });

  test('that breaks is never an end', async () => {
    const gate = createGate();
    await using simulator = await startZaiApiSimulator({ script: brokenOff('Hello.', gate) });
    const response = await sendDraft(draftCompletion(simulator));
    gate.open();
    const failure = await response.text().catch((error: { code: string }) => error.code);
    expect(failure).toBe('ECONNRESET');
  });

  test('counts against its key as long as it is open', async () => {
    const gate = createGate();
    await using simulator = await startZaiApiSimulator({ script: answerHeldAt(gate, 'a', 'b') });
    const draft = draftCompletion(simulator);
    draft.headers.authorization = `Bearer ${simulator.addKey({ concurrency: 1 })}`;
    const held = await sendDraft(draft);
    const meanwhile = await sendDraft(draft);
    gate.open();
    await held.text();
    await simulator.waitFor(({ openStreams }) => openStreams === 0);
    const afterwards = await sendDraft(draft);
    expect([held.status, meanwhile.status, afterwards.status]).toEqual([200, 429, 200]);
  });
});

test('simulators share nothing', async () => {
  await using one = await startZaiApiSimulator();
  await using other = await startZaiApiSimulator();
  const draft = { ...draftCompletion(one), url: draftCompletion(other).url };
  const { status } = await sendDraft(draft);
  expect([status, one.requests]).toEqual([401, []]);
});

test('the state of a key that was never made can not be changed', async () => {
  await using simulator = await startZaiApiSimulator();
  expect(() => simulator.changeKey('x', { balance: 0 })).toThrow('made before it is changed');
});
