import { describe, expect, test } from 'bun:test';
import type OpenAI from 'openai';
import { chunkFaults, completionFaults } from '../support/openai-schema.ts';
import { postChat } from '../support/post-chat.ts';
import { readStream } from '../support/read-stream.ts';
import { settledChats } from '../support/settled-chats.ts';
import type { TestGateway } from '../support/start-gateway.ts';
import { streamData } from '../support/stream-data.ts';
import { withGateway } from '../support/with-gateway.ts';
import { chatCallsOf, completionsOf } from '../support/zai-web/completions-of.ts';
import { createGate } from '../support/zai-web/gate.ts';
import type { Scenario } from '../support/zai-web/scenario.ts';
import { answerHeldAt, plainAnswer } from '../support/zai-web/scenarios/answers.ts';
import { captcha, errorAfterText, statusErrors } from '../support/zai-web/scenarios/failures.ts';
import { inTurn } from '../support/zai-web/scenarios/in-turn.ts';
import { pacedAnswer } from '../support/zai-web/scenarios/paced-answer.ts';
import { thinkingThenAnswer } from '../support/zai-web/scenarios/thinking.ts';

const ANSWERS = ['One answer.', 'Another, which is longer.', 'The third.'] as const;
const three = () =>
  inTurn(plainAnswer(ANSWERS[0]), plainAnswer(ANSWERS[1]), plainAnswer(ANSWERS[2]));

/** Three times what the simulator reports. */
const SUMMED_USAGE = {
  prompt_tokens: 36,
  completion_tokens: 102,
  total_tokens: 138,
  prompt_tokens_details: { cached_tokens: 12 },
  completion_tokens_details: { reasoning_tokens: 15 },
};

const request = {
  model: 'GLM-4.6',
  messages: [{ role: 'user', content: 'hello' }],
  n: 3,
} satisfies OpenAI.ChatCompletionCreateParams;

async function readChunks(gateway: TestGateway, fields: object = {}) {
  const body = { ...request, stream: true as const, stream_options: { include_usage: true } };
  return Array.fromAsync(await gateway.openai.chat.completions.create({ ...body, ...fields }));
}

describe.each([
  ['a worker thread', '1'],
  ['the main thread', '0'],
])('with streams on %s, n = 3 brings three choices', (_name, WORKERS) => {
  test('in one whole reply, with the usage of all', () =>
    withGateway({ script: three(), env: { WORKERS } }, async ({ gateway, simulator }) => {
      const completion = await gateway.openai.chat.completions.create(request);
      const { choices, usage } = completion;
      expect(completionFaults(completion)).toEqual([]);
      expect(choices.map(({ index }) => index)).toEqual([0, 1, 2]);
      expect(choices.map(({ message }) => message.content ?? '').sort()).toEqual(
        [...ANSWERS].sort(),
      );
      expect(choices.map(({ finish_reason }) => finish_reason)).toEqual(['stop', 'stop', 'stop']);
      expect(usage).toEqual(SUMMED_USAGE);
      expect(completionsOf(simulator)).toHaveLength(3);
    }));

  test('in one stream, under one id, that the official client puts together', () =>
    withGateway({ script: three(), env: { WORKERS } }, async ({ gateway }) => {
      const stream = gateway.openai.chat.completions.stream({
        ...request,
        stream_options: { include_usage: true },
      });
      const { choices, usage } = await stream.finalChatCompletion();
      expect(choices.map(({ message }) => message.content ?? '').sort()).toEqual(
        [...ANSWERS].sort(),
      );
      expect(choices.map(({ finish_reason }) => finish_reason)).toEqual(['stop', 'stop', 'stop']);
      expect(usage).toEqual(SUMMED_USAGE);
    }));
});

test('each choice of a stream names its role once, first, and its finish reason once, last', () =>
  withGateway({ script: three() }, async ({ gateway }) => {
    const chunks = (await readChunks(gateway)).slice(0, -1);
    expect(chunks.flatMap(chunkFaults)).toEqual([]);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    for (const index of [0, 1, 2]) {
      const own = chunks.flatMap(({ choices }) => choices).filter((one) => one.index === index);
      const [first, ...others] = own;
      expect(first?.delta).toEqual({ role: 'assistant', content: '' });
      expect(others.filter(({ delta }) => 'role' in delta)).toEqual([]);
      const reasons = own.map(({ finish_reason }) => finish_reason);
      expect(reasons).toEqual([...Array(own.length - 1).fill(null), 'stop']);
    }
  }));

test('a stream ends with one usage chunk and one [DONE], behind all choices', () =>
  withGateway({ script: three() }, async ({ gateway }) => {
    const response = await postChat(gateway, { n: 3, stream_options: { include_usage: true } });
    const data = streamData(await response.text());
    expect(data.filter((one) => one === '[DONE]')).toHaveLength(1);
    expect(data.filter((one) => Object(one).usage)).toHaveLength(1);
    expect(data.slice(-2)).toMatchObject([{ choices: [], usage: SUMMED_USAGE }, '[DONE]']);
  }));

test('a stream has no usage unless it was asked for', () =>
  withGateway({ script: three() }, async ({ gateway }) => {
    const data = streamData(await (await postChat(gateway, { n: 3 })).text());
    expect(data.filter((one) => Object(one).usage)).toEqual([]);
  }));

test('choices are streamed side by side: none waits for another', () => {
  const gate = createGate();
  const script = inTurn(answerHeldAt(gate, 'slow', ' end'), plainAnswer('quick'));
  return withGateway({ script }, async ({ gateway }) => {
    const response = await postChat(gateway, { n: 2 });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let body = '';
    const read = async () => {
      const { value, done } = await reader.read();
      body += new TextDecoder().decode(value);
      return !done;
    };
    while (!body.includes('"finish_reason":"stop"')) await read();
    gate.open();
    while (await read());
    const { text, finishReasons, done } = readStream(body);
    expect([text.length, finishReasons, done]).toEqual([
      'slow end'.length + 'quick'.length,
      ['stop', 'stop'],
      true,
    ]);
  });
});

test('each choice has its own reasoning', () =>
  withGateway({ script: thinkingThenAnswer('Hm.', 'Yes.') }, async ({ gateway }) => {
    const { choices } = await gateway.openai.chat.completions.create({
      ...request,
      model: 'GLM-4.6-Thinking',
    });
    expect(choices.map(({ message }) => message as object)).toEqual(
      Array(3).fill({
        role: 'assistant',
        content: 'Yes.',
        reasoning_content: 'Hm.',
        refusal: null,
      }),
    );
  }));

test('one permit is enough for all choices', () =>
  withGateway(
    { script: plainAnswer('Hi'), env: { MAX_CONCURRENCY: '1', MAX_QUEUE: '0' } },
    async ({ gateway }) => {
      const { choices } = await gateway.openai.chat.completions.create({ ...request, n: 8 });
      expect(choices).toHaveLength(8);
      expect(settledChats(gateway)).toMatchObject([
        { outcome: 'completed', attempts: 8, completionTokens: 8 * 34 },
      ]);
    },
  ));

test('a choice that fails before its first part is tried again, by itself', () =>
  withGateway(
    { script: inTurn(statusErrors[500](), plainAnswer('Hi'), plainAnswer('Hi')) },
    async ({ gateway, simulator }) => {
      const response = await postChat(gateway, { n: 2, stream: false });
      const { choices } = (await response.json()) as OpenAI.ChatCompletion;
      expect(choices.map(({ message }) => message.content)).toEqual(['Hi', 'Hi']);
      expect([response.headers.get('x-attempts'), completionsOf(simulator).length]).toEqual([
        '3',
        3,
      ]);
    },
  ));

/** The last of three fails. */
function failingBeside(failure: Scenario, others: Scenario): () => Scenario {
  return inTurn(others, others, failure);
}

describe('a choice that fails for good fails all of them', () => {
  test.each([
    ['stream', true],
    ['whole reply', false],
  ])('with a status, when nothing has been sent yet (%s)', (_shape, stream) => {
    const held = { ...plainAnswer('never'), hangBeforeHeaders: createGate() };
    return withGateway(
      { script: failingBeside(captcha(), held) },
      async ({ gateway, simulator }) => {
        const response = await postChat(gateway, { n: 3, stream });
        expect([response.status, await response.json()]).toMatchObject([
          503,
          { error: { code: 'upstream_verification_required' } },
        ]);
        await simulator.waitFor(() => simulator.openStreams === 0);
        expect(simulator.closedByClient).toHaveLength(2);
        expect(settledChats(gateway)).toMatchObject([{ outcome: 'failed', status: 503 }]);
      },
    );
  });

  test.each([
    ['that had not begun', captcha(), 'upstream_verification_required'],
    ['that had begun', errorAfterText('Hel', 500, 'Oops.'), 'upstream_unavailable'],
  ])(
    'with an error frame and nothing after it, once something was sent: one %s',
    (_case, failure, code) => {
      const gate = createGate();
      const late = { ...failure, hangBeforeHeaders: gate };
      const script = failingBeside(late, pacedAnswer(10_000, 2));
      return withGateway({ script }, async ({ gateway, simulator }) => {
        const response = await postChat(gateway, { n: 3 });
        gate.open();
        const body = await response.text();
        expect(readStream(body)).toMatchObject({ error: { code }, finishReasons: [], done: false });
        expect(streamData(body).at(-1)).toMatchObject({ error: { code } });
        expect(streamData(body).filter((one) => Object(one).error)).toHaveLength(1);
        await simulator.waitFor(() => simulator.openStreams === 0);
      });
    },
  );
});

test('a client that leaves closes the upstream of every choice', () =>
  withGateway({ script: pacedAnswer(10_000, 5) }, async ({ gateway, simulator }) => {
    const leaving = new AbortController();
    const response = await gateway.fetch('/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify({ ...request, stream: true }),
      signal: leaving.signal,
    });
    await simulator.waitFor(() => simulator.openStreams === 3);
    await response.body?.getReader().read();
    leaving.abort();
    await simulator.waitFor(() => simulator.closedByClient.length === 3);
  }));

test.each([0, 9])('n = %d is refused', (n) =>
  withGateway({}, async ({ gateway, simulator }) => {
    const response = await postChat(gateway, { n });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: { param: 'n' } },
    ]);
    expect(chatCallsOf(simulator)).toEqual([]);
  }),
);

test('n = 1 is an ordinary reply', () =>
  withGateway({ script: plainAnswer('Hi') }, async ({ gateway }) => {
    const { choices } = await gateway.openai.chat.completions.create({ ...request, n: 1 });
    expect(choices).toMatchObject([{ index: 0, message: { content: 'Hi' } }]);
  }));
