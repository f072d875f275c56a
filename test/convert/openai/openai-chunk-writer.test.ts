import { describe, expect, test } from 'bun:test';
import { createOpenAiChunkWriter } from '../../../src/convert/openai/openai-chunk-writer.ts';
import type { Part } from '../../../src/convert/part.ts';
import type { ReplyFormat } from '../../../src/convert/reply-converter.ts';
import { upstreamFailure } from '../../../src/upstream-failure.ts';
import { chunkFaults } from '../../support/openai-schema.ts';

const FORMAT: ReplyFormat = {
  shape: 'stream',
  completionId: 'chatcmpl-1',
  created: 1_764_000_000,
  model: 'GLM "4.6"',
  includeUsage: false,
  callForm: 'tool_calls',
};
const USAGE = {
  promptTokens: 1,
  completionTokens: 2,
  totalTokens: 3,
  reasoningTokens: null,
  cachedTokens: null,
};
const STOP: Part = { type: 'reply-end', finishReason: 'stop' };
const text = (words: string): Part => ({ type: 'text-delta', text: words });

/** The frames for each part: chunks as objects, `[DONE]` as text. */
function write(parts: readonly Part[], format: Partial<ReplyFormat> = {}) {
  const writer = createOpenAiChunkWriter({ ...FORMAT, ...format });
  return parts.map((part) => framesIn(writer(part)));
}

function framesIn(output: string): unknown[] {
  const frames = output.split('\n\n');
  expect(frames.pop()).toBe('');
  return frames.map((frame) => {
    expect(frame).toStartWith('data: ');
    const data = frame.slice('data: '.length);
    return data === '[DONE]' ? data : JSON.parse(data);
  });
}

function chunk(delta: object, finish_reason: string | null = null) {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_764_000_000,
    model: 'GLM "4.6"',
    choices: [{ index: 0, delta, finish_reason }],
  };
}

const ROLE = chunk({ role: 'assistant', content: '' });

describe('a chunk writer', () => {
  test('writes the role once, with the first words, and one chunk a delta', () => {
    const parts: Part[] = [
      { type: 'reasoning-delta', text: 'Hm\n"' },
      text('Hi 🌍'),
      text('!'),
      STOP,
    ];
    expect(write(parts)).toEqual([
      [ROLE, chunk({ reasoning_content: 'Hm\n"' })],
      [chunk({ content: 'Hi 🌍' })],
      [chunk({ content: '!' })],
      [chunk({}, 'stop'), '[DONE]'],
    ]);
  });

  test.each(['stop', 'length', 'tool_calls', 'content_filter'] as const)(
    'writes the finish reason %s',
    (finishReason) => {
      expect(write([{ type: 'reply-end', finishReason }])).toEqual([
        [ROLE, chunk({}, finishReason), '[DONE]'],
      ]);
    },
  );

  test('writes usage last, without choices, when it was asked for', () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
    expect(
      write([text('a'), { type: 'usage', usage: USAGE, estimated: false }, STOP], {
        includeUsage: true,
      }),
    ).toEqual([
      [ROLE, chunk({ content: 'a' })],
      [],
      [chunk({}, 'stop'), { ...chunk({}), choices: [], usage }, '[DONE]'],
    ]);
  });

  test('writes no usage when it was not asked for, or is not known', () => {
    const unknown = { ...USAGE, promptTokens: null, totalTokens: null };
    const plainEnd = [ROLE, chunk({}, 'stop'), '[DONE]'];
    expect([
      write([{ type: 'usage', usage: USAGE, estimated: false }, STOP]),
      write([{ type: 'usage', usage: unknown, estimated: false }, STOP], { includeUsage: true }),
      write([STOP], { includeUsage: true }),
    ]).toEqual([[[], plainEnd], [[], plainEnd], [plainEnd]]);
  });

  const call: Part[] = [
    { type: 'tool-call-start', index: 0, id: 'call_1', name: 'add' },
    { type: 'tool-call-delta', index: 0, arguments: '{"a"' },
    { type: 'tool-call-delta', index: 0, arguments: ':1}' },
    { type: 'tool-call-start', index: 1, id: 'call_2', name: 'now' },
    { type: 'tool-call-delta', index: 1, arguments: '{}' },
  ];

  test('writes the id, type and name of a call once, then fragments of its arguments', () => {
    const end: Part = { type: 'reply-end', finishReason: 'tool_calls' };
    const start = (index: number, id: string, name: string) =>
      chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] });
    const fragment = (index: number, args: string) =>
      chunk({ tool_calls: [{ index, function: { arguments: args } }] });
    expect(write([...call, end])).toEqual([
      [chunk({ role: 'assistant', content: null }), start(0, 'call_1', 'add')],
      [fragment(0, '{"a"')],
      [fragment(0, ':1}')],
      [start(1, 'call_2', 'now')],
      [fragment(1, '{}')],
      [chunk({}, 'tool_calls'), '[DONE]'],
    ]);
  });

  test('writes the one call of the older form as function_call, its name once', () => {
    const end: Part = { type: 'reply-end', finishReason: 'tool_calls' };
    const frames = write([...call.slice(0, 3), end], { callForm: 'function_call' });
    const called = (function_call: object) => chunk({ function_call });
    expect(frames).toEqual([
      [chunk({ role: 'assistant', content: null }), called({ name: 'add', arguments: '' })],
      [called({ arguments: '{"a"' })],
      [called({ arguments: ':1}' })],
      [chunk({}, 'function_call'), '[DONE]'],
    ]);
    expect(frames.flat().slice(0, -1).map(chunkFaults)).toEqual(Array(5).fill([]));
  });

  test.each(['stop', 'length', 'content_filter'] as const)(
    'writes the finish reason %s in the older form too',
    (finishReason) => {
      expect(write([{ type: 'reply-end', finishReason }], { callForm: 'function_call' })).toEqual([
        [ROLE, chunk({}, finishReason), '[DONE]'],
      ]);
    },
  );

  const CITATION: Part = {
    type: 'citation',
    citation: { url: 'https://a.example/', title: 'A "1"', startIndex: 3, endIndex: 9 },
  };

  test('writes citations as annotations of the last delta, and nothing of search results', () => {
    const url_citation = {
      url: 'https://a.example/',
      title: 'A "1"',
      start_index: 3,
      end_index: 9,
    };
    const annotations = [{ type: 'url_citation', url_citation }];
    expect(write([{ type: 'search-results', results: [] }, text('a'), CITATION, STOP])).toEqual([
      [],
      [ROLE, chunk({ content: 'a' })],
      [],
      [chunk({ annotations }, 'stop'), '[DONE]'],
    ]);
  });

  test('writes whether usage is an estimate', () => {
    const parts: Part[] = [{ type: 'usage', usage: USAGE, estimated: true }, STOP];
    expect(write(parts, { includeUsage: true })[1]?.at(-2)).toMatchObject({
      usage: { total_tokens: 3, estimated: true },
    });
  });

  test('writes a failure amid the reply as an error frame and nothing else', () => {
    const failure = upstreamFailure('broken-stream', 'The upstream closed the stream.');
    expect(write([text('a'), { type: 'reply-error', failure }])[1]).toEqual([
      {
        error: {
          message: 'The upstream closed the stream.',
          type: 'server_error',
          param: null,
          code: 'upstream_broken_stream',
        },
      },
    ]);
  });

  test('writes nothing of a failure before the first words', () => {
    const failure = upstreamFailure('idle-timeout', 'Late.');
    expect(
      write([
        { type: 'usage', usage: USAGE, estimated: false },
        { type: 'reply-error', failure },
      ]),
    ).toEqual([[], []]);
  });

  test("writes chunks that OpenAI's schema has nothing against", () => {
    const usage = { ...USAGE, reasoningTokens: 1, cachedTokens: 0 };
    const parts: Part[] = [
      { type: 'reasoning-delta', text: 'Hm' },
      text('Hi'),
      ...call,
      CITATION,
      { type: 'usage', usage, estimated: true },
      STOP,
    ];
    const chunks = write(parts, { includeUsage: true })
      .flat()
      .filter((frame) => frame !== '[DONE]');
    expect(chunks.map(chunkFaults)).toEqual(Array(10).fill([]));
  });
});
