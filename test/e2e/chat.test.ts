import { describe, expect, test } from 'bun:test';
import type OpenAI from 'openai';
import { chunkFaults, completionFaults } from '../support/openai-schema.ts';
import { postChat } from '../support/post-chat.ts';
import { readStream } from '../support/read-stream.ts';
import { streamData } from '../support/stream-data.ts';
import { type Stage, withGateway } from '../support/with-gateway.ts';
import { completionsOf } from '../support/zai-web/completions-of.ts';
import type { StreamScenario } from '../support/zai-web/scenario.ts';
import {
  plainAnswer,
  unicodeAnswer,
  usageThenClose,
} from '../support/zai-web/scenarios/answers.ts';
import { REPORTED_USAGE } from '../support/zai-web/scenarios/frames.ts';
import { thinkingThenAnswer } from '../support/zai-web/scenarios/thinking.ts';

const REASONING = '用户说“你好” 👋🏽。\n\nI greet them back.\n> quoted, with a 🌍';
const ANSWER = unicodeAnswer().text;
const COMPLETION_ID = /^chatcmpl-[0-9a-f]{32}$/;

/** Cut at every byte, so that no character arrives whole. */
const thoughtfulReply: StreamScenario = {
  ...thinkingThenAnswer(REASONING, ANSWER),
  wire: { cut: 'byte', lineEnding: 'crlf', comments: true },
};

const request = {
  model: 'GLM-4.6-Thinking',
  messages: [{ role: 'user', content: '你好 👋🏽' }],
} satisfies OpenAI.ChatCompletionCreateParams;

/** What this gateway adds to OpenAI's delta. */
type Delta = OpenAI.ChatCompletionChunk.Choice.Delta & { reasoning_content?: string };

async function readChunks({ gateway }: Stage, includeUsage: boolean) {
  const stream = await gateway.openai.chat.completions.create({
    ...request,
    stream: true,
    ...(includeUsage && { stream_options: { include_usage: true } }),
  });
  return Array.fromAsync(stream);
}

describe.each([
  ['a worker thread', '1'],
  ['the main thread', '0'],
])('with streams on %s, the official client gets', (_name, WORKERS) => {
  test('a whole reply: text, reasoning and usage with its details', () =>
    withGateway({ script: thoughtfulReply, env: { WORKERS } }, async ({ gateway }) => {
      const completion = await gateway.openai.chat.completions.create(request);
      expect(completion).toEqual({
        id: expect.stringMatching(COMPLETION_ID),
        object: 'chat.completion',
        created: expect.any(Number),
        model: 'GLM-4.6-Thinking',
        choices: [
          {
            index: 0,
            message: {
              role: 'assistant',
              content: ANSWER,
              reasoning_content: REASONING,
              refusal: null,
            } as OpenAI.ChatCompletionMessage,
            logprobs: null,
            finish_reason: 'stop',
          },
        ],
        usage: REPORTED_USAGE,
      });
      expect(completionFaults(completion)).toEqual([]);
      expect(Math.abs(completion.created - Date.now() / 1000)).toBeLessThan(60);
    }));

  test('the same as a stream, and its usage in a last chunk without choices', () =>
    withGateway({ script: thoughtfulReply, env: { WORKERS } }, async (stage) => {
      const chunks = await readChunks(stage, true);
      const usageChunk = chunks.pop();
      const deltas = chunks.map(({ choices }) => choices[0]?.delta as Delta);
      const textOf = (field: 'content' | 'reasoning_content') =>
        deltas.map((delta) => delta[field] ?? '').join('');

      expect({
        text: textOf('content'),
        reasoning: textOf('reasoning_content'),
        faults: chunks.flatMap(chunkFaults),
        usage: [usageChunk?.choices, usageChunk?.usage],
      }).toEqual({
        text: ANSWER,
        reasoning: REASONING,
        faults: [],
        usage: [[], REPORTED_USAGE],
      });
    }));
});

test('all chunks of a stream have one id and one time, and only the first names the role', () =>
  withGateway({ script: thoughtfulReply }, async (stage) => {
    const chunks = await readChunks(stage, true);
    const heads = chunks.map(({ id, created, model, object }) => ({ id, created, model, object }));
    const [first] = heads;
    expect(first).toEqual({
      id: expect.stringMatching(COMPLETION_ID),
      created: expect.any(Number),
      model: 'GLM-4.6-Thinking',
      object: 'chat.completion.chunk',
    });
    expect(heads).toEqual(heads.map(() => first as (typeof heads)[number]));
    const [opening, ...rest] = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta));
    expect(opening).toEqual({ role: 'assistant', content: '' });
    expect(rest.filter((delta) => 'role' in delta)).toEqual([]);
  }));

test('only the last choice has a finish reason, and reasoning comes before text', () =>
  withGateway({ script: thoughtfulReply }, async (stage) => {
    const choices = (await readChunks(stage, false)).flatMap((chunk) => chunk.choices);
    const reasons = choices.map((choice) => choice.finish_reason);
    expect(reasons).toEqual([...Array(choices.length - 1).fill(null), 'stop']);
    const fields = choices.slice(1, -1).flatMap(({ delta }) => Object.keys(delta));
    const firstText = fields.indexOf('content');
    expect(fields.slice(0, firstText)).toEqual(Array(firstText).fill('reasoning_content'));
    expect(fields.slice(firstText)).toEqual(Array(fields.length - firstText).fill('content'));
  }));

test('a stream has no word of usage unless it was asked for', () =>
  withGateway({ script: thoughtfulReply }, async (stage) => {
    const chunks = await readChunks(stage, false);
    expect(chunks.filter((chunk) => 'usage' in chunk || chunk.choices.length !== 1)).toEqual([]);
  }));

test('two completions have two ids', () =>
  withGateway({}, async ({ gateway }) => {
    const ask = () => gateway.openai.chat.completions.create(request);
    const [one, other] = await Promise.all([ask(), ask()]);
    expect(one.id).not.toBe(other.id);
  }));

test('on the wire a stream is server-sent events that end in [DONE]', () =>
  withGateway({ script: plainAnswer('Hello') }, async ({ gateway }) => {
    const response = await postChat(gateway);
    const body = await response.text();
    const headers = ['content-type', 'cache-control', 'x-accel-buffering'].map((name) =>
      response.headers.get(name),
    );
    expect(headers).toEqual(['text/event-stream; charset=utf-8', 'no-cache, no-transform', 'no']);
    expect(body).toEndWith('data: [DONE]\n\n');
    expect(streamData(body).filter((data) => data === '[DONE]')).toHaveLength(1);
  }));

test('a stream is complete when the upstream closes right after its usage, without a done frame', () =>
  withGateway({ script: usageThenClose('All of it.') }, async ({ gateway }) => {
    const response = await postChat(gateway, { stream_options: { include_usage: true } });
    const body = await response.text();
    expect(readStream(body)).toMatchObject({
      text: 'All of it.',
      finishReasons: ['stop'],
      error: null,
      done: true,
    });
    expect(streamData(body).at(-2)).toMatchObject({ choices: [], usage: REPORTED_USAGE });
  }));

test('so is a whole reply', () =>
  withGateway({ script: usageThenClose('All of it.') }, async ({ gateway }) => {
    const { choices, usage } = await gateway.openai.chat.completions.create(request);
    expect([choices[0]?.message.content, usage]).toEqual(['All of it.', REPORTED_USAGE]);
  }));

describe('a guest serves', () => {
  test.each([
    ['without an account', ''],
    ['when no entry of ZAI_TOKENS can be a token', 'sk-not-one,neither'],
  ])('%s', (_case, ZAI_TOKENS) =>
    withGateway({ env: { ZAI_TOKENS } }, async ({ gateway, simulator }) => {
      const completion = await gateway.openai.chat.completions.create(request);
      expect(completion.choices[0]?.message.content).toBe('You said: 你好 👋🏽');
      const visits = simulator.requests.filter(({ path }) => path === '/api/v1/auths/');
      expect(visits.map(({ headers }) => headers.authorization ?? null)).toEqual([null]);
    }),
  );

  test('and is used again, without a cookie', () =>
    withGateway({ env: { ZAI_TOKENS: '' } }, async ({ gateway, simulator }) => {
      for (let i = 0; i < 3; i += 1) await gateway.openai.chat.completions.create(request);
      const seen = completionsOf(simulator).map(({ query, headers }) => [
        query.token,
        headers.cookie,
      ]);
      expect(seen).toEqual(Array(3).fill([seen[0]?.[0], undefined]));
    }));
});

test('an account is used before any guest', () =>
  withGateway({}, async ({ gateway, simulator }) => {
    await gateway.openai.chat.completions.create(request);
    expect(simulator.guests).toEqual([]);
  }));
