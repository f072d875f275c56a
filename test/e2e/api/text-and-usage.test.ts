import { describe, expect, test } from 'bun:test';
import { chunkFaults, completionFaults } from '../../support/openai-schema.ts';
import { postChat } from '../../support/post-chat.ts';
import { readStream } from '../../support/read-stream.ts';
import { settledChats } from '../../support/settled-chats.ts';
import { streamData } from '../../support/stream-data.ts';
import { withApiGateway } from '../../support/with-api-gateway.ts';
import {
  emptyFinishReasons,
  plainAnswer,
  thinkingThenAnswer,
} from '../../support/zai-api/scenarios/answers.ts';
import { REPORTED_USAGE } from '../../support/zai-api/scenarios/chunks.ts';

interface Chunk {
  id: string;
  choices: { delta: Record<string, unknown>; finish_reason: string | null }[];
  usage?: unknown;
}

const THOUGHT = thinkingThenAnswer('Hm,\nso.', 'Hello 🌍', { pieces: 3 });
const WITH_USAGE = { stream_options: { include_usage: true } };

/** The chunks of a streamed reply; that `[DONE]` ends them is certain. */
async function chunksOf(response: Response): Promise<Chunk[]> {
  const data = streamData(await response.text());
  expect(data.at(-1)).toBe('[DONE]');
  return data.slice(0, -1) as Chunk[];
}

describe('a streamed reply of the API', () => {
  test('has its reasoning and its text, in chunks of OpenAI’s shape', () =>
    withApiGateway({ script: THOUGHT }, async ({ gateway }) => {
      const body = await (await postChat(gateway, WITH_USAGE)).text();
      expect(readStream(body)).toEqual({
        text: 'Hello 🌍',
        reasoning: 'Hm,\nso.',
        finishReasons: ['stop'],
        error: null,
        done: true,
        comments: [],
      });
      expect(streamData(body).slice(0, -1).flatMap(chunkFaults)).toEqual([]);
    }));

  test('has one id, of OpenAI’s form, and the role once', () =>
    withApiGateway({ script: THOUGHT }, async ({ gateway }) => {
      const chunks = await chunksOf(await postChat(gateway, WITH_USAGE));
      expect([...new Set(chunks.map(({ id }) => id))]).toEqual([
        expect.stringMatching(/^chatcmpl-[\da-f]{32}$/),
      ]);
      const roles = chunks.flatMap(({ choices }) =>
        choices.flatMap(({ delta }) => delta.role ?? []),
      );
      expect(roles).toEqual(['assistant']);
    }));

  test('has no chunk that says nothing', () =>
    withApiGateway({ script: THOUGHT }, async ({ gateway }) => {
      const [first, ...others] = await chunksOf(await postChat(gateway));
      const empty = others.filter(({ choices: [choice] }) => {
        const { delta, finish_reason } = choice ?? { delta: {}, finish_reason: null };
        return finish_reason === null && Object.values(delta).every((value) => value === '');
      });
      expect([first?.choices[0]?.delta, empty]).toEqual([{ role: 'assistant', content: '' }, []]);
    }));

  test('has no usage when the client does not ask for it', () =>
    withApiGateway({ script: THOUGHT }, async ({ gateway }) => {
      const chunks = await chunksOf(await postChat(gateway));
      expect(chunks.filter((chunk) => 'usage' in chunk)).toEqual([]);
    }));

  test('has its usage in a last chunk of its own when the client asks for it', () =>
    withApiGateway({ script: THOUGHT }, async ({ gateway }) => {
      const chunks = await chunksOf(await postChat(gateway, WITH_USAGE));
      const last = chunks.at(-1);
      expect([last?.choices, last?.usage]).toEqual([[], REPORTED_USAGE]);
      expect(chunks.slice(0, -1).filter(({ usage }) => usage !== undefined)).toEqual([]);
    }));

  test('has a finish reason in its last choice only, also when the API repeats an empty one', () =>
    withApiGateway({ script: emptyFinishReasons('Hello.') }, async ({ gateway }) => {
      const chunks = await chunksOf(await postChat(gateway));
      const reasons = chunks.map(({ choices }) => choices[0]?.finish_reason);
      expect(reasons).toEqual([...Array(chunks.length - 1).fill(null), 'stop']);
    }));
});

test('a whole reply of the API is one completion, with usage', () =>
  withApiGateway({ script: THOUGHT }, async ({ gateway, api }) => {
    const response = await postChat(gateway, { stream: false });
    const completion = await response.json();
    expect(completionFaults(completion)).toEqual([]);
    expect(completion).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-[\da-f]{32}$/),
      model: 'GLM-4.6',
      choices: [
        {
          message: { role: 'assistant', content: 'Hello 🌍', reasoning_content: 'Hm,\nso.' },
          finish_reason: 'stop',
        },
      ],
      usage: REPORTED_USAGE,
    });
    expect(api.requests).toMatchObject([
      { body: { model: 'glm-4.6', stream: true }, refusal: null },
    ]);
  }));

test('a reply that the API cuts at the limit ends with `length`', () =>
  withApiGateway(
    { script: plainAnswer('Hel', { finishReason: 'length' }) },
    async ({ gateway }) => {
      const body = await (await postChat(gateway)).text();
      expect(readStream(body)).toMatchObject({
        text: 'Hel',
        finishReasons: ['length'],
        done: true,
      });
    },
  ));

test('response and record say that the API has served the chat', () =>
  withApiGateway({}, async ({ gateway }) => {
    const { headers } = await postChat(gateway, { stream: false });
    expect([headers.get('x-upstream'), headers.get('x-attempts')]).toEqual(['zai-api', '1']);
    expect(settledChats(gateway)).toMatchObject([
      { upstream: 'zai-api', attempts: 1, failures: [], outcome: 'completed' },
    ]);
  }));

describe('several choices', () => {
  test.each([true, false])('come from as many requests (stream: %p)', (stream) =>
    withApiGateway({ script: plainAnswer('Hello.') }, async ({ gateway, api }) => {
      const response = await postChat(gateway, { n: 2, stream });
      const text = await response.text();
      const choices = stream
        ? (streamData(text).slice(0, -1) as Chunk[]).flatMap((chunk) => chunk.choices)
        : JSON.parse(text).choices;
      const indexes = new Set(choices.map(({ index }: { index: number }) => index));
      expect([response.status, [...indexes].sort(), api.requests.length]).toEqual([200, [0, 1], 2]);
    }),
  );
});
