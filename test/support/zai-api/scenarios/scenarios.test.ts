import { describe, expect, test } from 'bun:test';
import type { Scenario } from '../../zai-web/scenario.ts';
import { draftCompletion, sendDraft } from '../correct-request.ts';
import { startZaiApiSimulator } from '../simulator.ts';
import { emptyFinishReasons, plainAnswer, searchedAnswer, thinkingThenAnswer } from './answers.ts';
import { REPORTED_USAGE } from './chunks.ts';
import {
  apiError,
  errorInStream,
  errorInside200,
  networkError,
  sensitiveAnswer,
  wholeCompletion,
} from './failures.ts';
import { toolCalls } from './tool-calls.ts';

interface Chunk {
  id: string;
  object: string;
  model: string;
  choices: { delta: Record<string, unknown>; finish_reason?: string }[];
  usage?: object;
  web_search?: object[];
  error?: object;
}

async function answerOf(script: Scenario) {
  await using simulator = await startZaiApiSimulator({ script });
  const response = await sendDraft(draftCompletion(simulator));
  return { status: response.status, text: await response.text() };
}

/** The chunks of a stream; that it ends with `[DONE]` is certain. */
async function chunksOf(script: Scenario): Promise<Chunk[]> {
  const { text } = await answerOf(script);
  const events = text.split('\n\n').slice(0, -1);
  expect(events.at(-1)).toBe('data: [DONE]');
  return events.slice(0, -1).map((event) => JSON.parse(event.slice('data: '.length)));
}

const deltasOf = (chunks: readonly Chunk[]) => chunks.map(({ choices }) => choices[0]?.delta);

describe('an answer', () => {
  test('repeats the role in every chunk, and ends with reason and usage in one', async () => {
    const chunks = await chunksOf(thinkingThenAnswer('Hm', 'Hi', { pieces: 2 }));
    expect([deltasOf(chunks), chunks.at(-1)?.choices[0]?.finish_reason]).toEqual([
      [
        { role: 'assistant', reasoning_content: 'H' },
        { role: 'assistant', reasoning_content: 'm' },
        { role: 'assistant', content: 'H' },
        { role: 'assistant', content: 'i' },
        { role: 'assistant', content: '' },
      ],
      'stop',
    ]);
    expect(chunks.map(({ usage }) => usage)).toEqual([...Array(4).fill(undefined), REPORTED_USAGE]);
  });

  test('has one id, a time in digits and hex digits, and the model', async () => {
    const chunks = await chunksOf(plainAnswer('Hello.', { model: 'glm-5' }));
    const shared = chunks.map(({ id, object, model }) => ({ id, object, model }));
    expect(shared).toEqual(Array(chunks.length).fill(shared[0]));
    expect(shared[0]).toEqual({
      id: expect.stringMatching(/^\d{14}[\da-f]{16}$/),
      object: 'chat.completion.chunk',
      model: 'glm-5',
    });
  });

  test('may have empty finish reasons before the last', async () => {
    const chunks = await chunksOf(emptyFinishReasons('Hi'));
    expect(chunks.map(({ choices }) => choices[0]?.finish_reason)).toEqual(['', '', 'stop']);
  });

  test('may tell first what a search found', async () => {
    const chunks = await chunksOf(searchedAnswer([{ title: 'A', link: 'https://a' }], 'Hi'));
    expect(chunks[0]?.web_search).toEqual([
      expect.objectContaining({ title: 'A', link: 'https://a', refer: 'ref_1' }),
    ]);
  });

  test.each([
    ['length', plainAnswer('Hi', { finishReason: 'length' })],
    ['network_error', networkError('Hi')],
    ['sensitive', sensitiveAnswer('Hi')],
  ])('may end by %s', async (reason, script) => {
    expect((await chunksOf(script)).at(-1)?.choices[0]?.finish_reason).toBe(reason);
  });
});

test('calls have opaque ids, and come in pieces without a role', async () => {
  const calls = [
    { name: 'add', arguments: { a: 1 } },
    { name: 'now', arguments: {}, id: 'c2' },
  ];
  const chunks = await chunksOf(toolCalls(calls, { pieces: 2, preface: 'x' }));
  expect(deltasOf(chunks)).toEqual([
    { role: 'assistant', content: 'x' },
    {
      role: 'assistant',
      tool_calls: [
        {
          index: 0,
          id: expect.stringMatching(/^call_-\d+$/),
          type: 'function',
          function: { name: 'add', arguments: '{"a"' },
        },
      ],
    },
    { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] },
    {
      role: 'assistant',
      tool_calls: [
        { index: 1, id: 'c2', type: 'function', function: { name: 'now', arguments: '{' } },
      ],
    },
    { tool_calls: [{ index: 1, function: { arguments: '}' } }] },
    { role: 'assistant', content: '' },
  ]);
});

describe('a failure', () => {
  test.each([
    ['an HTTP error', apiError(1305), 429],
    ['a 200 of JSON', errorInside200(1305), 200],
  ])('is %s', async (_, script, status) => {
    const answer = await answerOf(script);
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      status,
      { error: { code: '1305', message: expect.stringContaining('overloaded') } },
    ]);
  });

  test('is an event of a stream, at once or after text', async () => {
    const [error, both] = [
      await chunksOf(errorInStream(1234)),
      await chunksOf(errorInStream(1234, 'Hi')),
    ];
    expect([error.length, both.length, both.at(-1)?.error]).toEqual([
      1,
      3,
      { code: '1234', message: expect.any(String) },
    ]);
  });
});

test('a server that does not stream gives a completion in one piece', async () => {
  const { text } = await answerOf(wholeCompletion('Hi'));
  expect(JSON.parse(text)).toMatchObject({
    object: 'chat.completion',
    choices: [{ message: { content: 'Hi' } }],
  });
});
