import { describe, expect, test } from 'bun:test';
import { createOpenAiFolder } from '../../../src/convert/openai/openai-folder.ts';
import type { Part } from '../../../src/convert/part.ts';
import type { CallForm } from '../../../src/convert/reply-converter.ts';
import { upstreamFailure } from '../../../src/upstream-failure.ts';
import { completionFaults } from '../../support/openai-schema.ts';

const USAGE = {
  promptTokens: 1,
  completionTokens: 2,
  totalTokens: 3,
  reasoningTokens: 1,
  cachedTokens: null,
};
const STOP: Part = { type: 'reply-end', finishReason: 'stop' };
const TEXT: Part = { type: 'text-delta', text: 'Hi 🌍' };

function fold(...parts: Part[]) {
  return foldAs('tool_calls', ...parts);
}

function foldAs(callForm: CallForm, ...parts: Part[]) {
  const folder = createOpenAiFolder({
    shape: 'whole',
    completionId: 'chatcmpl-1',
    created: 1_764_000_000,
    model: 'GLM-4.6',
    includeUsage: false,
    callForm,
  });
  return parts.map((part) => folder(part));
}

function completion(message: object, finish_reason = 'stop') {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_764_000_000,
    model: 'GLM-4.6',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', refusal: null, ...message },
        logprobs: null,
        finish_reason,
      },
    ],
  };
}

describe('a folder', () => {
  test('puts out one completion, with the last part', () => {
    const reasoning: Part = { type: 'reasoning-delta', text: 'Hm.' };
    const [last, ...others] = fold(
      reasoning,
      TEXT,
      TEXT,
      { type: 'usage', usage: USAGE, estimated: false },
      STOP,
    ).reverse();
    expect(others).toEqual(['', '', '', '']);
    expect(JSON.parse(last ?? '')).toEqual({
      ...completion({ content: 'Hi 🌍Hi 🌍', reasoning_content: 'Hm.' }),
      usage: {
        prompt_tokens: 1,
        completion_tokens: 2,
        total_tokens: 3,
        completion_tokens_details: { reasoning_tokens: 1 },
      },
    });
  });

  test('leaves out reasoning and usage that there are none of', () => {
    expect(JSON.parse(fold(TEXT, STOP).join(''))).toEqual(completion({ content: 'Hi 🌍' }));
  });

  const CALLS: Part[] = [
    { type: 'tool-call-start', index: 0, id: 'call_1', name: 'add' },
    { type: 'tool-call-delta', index: 0, arguments: '{"a"' },
    { type: 'tool-call-start', index: 1, id: 'call_2', name: 'now' },
    { type: 'tool-call-delta', index: 0, arguments: ':1}' },
  ];
  const tool_calls = [
    { id: 'call_1', type: 'function', function: { name: 'add', arguments: '{"a":1}' } },
    { id: 'call_2', type: 'function', function: { name: 'now', arguments: '' } },
  ];

  test('puts calls together; without text, the content is null', () => {
    expect([
      JSON.parse(fold(...CALLS, STOP).join('')),
      JSON.parse(fold(TEXT, ...CALLS, STOP).join('')),
    ]).toEqual([
      completion({ content: null, tool_calls }),
      completion({ content: 'Hi 🌍', tool_calls }),
    ]);
  });

  test('puts the one call of the older form out as function_call', () => {
    const end: Part = { type: 'reply-end', finishReason: 'tool_calls' };
    const call = [...CALLS.filter((part) => 'index' in part && part.index === 0), end];
    const completions = [call, [TEXT, ...call], [TEXT, STOP]].map((parts) =>
      JSON.parse(foldAs('function_call', ...parts).join('')),
    );
    const function_call = { name: 'add', arguments: '{"a":1}' };
    expect(completions).toEqual([
      completion({ content: null, function_call }, 'function_call'),
      completion({ content: 'Hi 🌍', function_call }, 'function_call'),
      completion({ content: 'Hi 🌍' }),
    ]);
    expect(completions.map(completionFaults)).toEqual([[], [], []]);
  });

  const CITATION: Part = {
    type: 'citation',
    citation: { url: 'https://a.example/', title: 'A', startIndex: 3, endIndex: 9 },
  };

  test('puts citations out as annotations, and nothing of search results', () => {
    const url_citation = { url: 'https://a.example/', title: 'A', start_index: 3, end_index: 9 };
    const annotations = [{ type: 'url_citation', url_citation }];
    const parts = fold({ type: 'search-results', results: [] }, TEXT, CITATION, STOP);
    expect(JSON.parse(parts.join(''))).toEqual(completion({ content: 'Hi 🌍', annotations }));
  });

  test('says whether usage is an estimate', () => {
    const usage: Part = { type: 'usage', usage: USAGE, estimated: true };
    expect(JSON.parse(fold(usage, STOP).join(''))).toMatchObject({ usage: { estimated: true } });
  });

  test('puts out nothing of a failed reply', () => {
    const failure = upstreamFailure('idle-timeout', 'Late.');
    expect(fold(TEXT, { type: 'reply-error', failure })).toEqual(['', '']);
  });

  test("puts out what OpenAI's schema has nothing against", () => {
    const outputs = [
      fold(TEXT, { type: 'usage', usage: USAGE, estimated: false }, STOP),
      fold(STOP),
    ];
    expect(outputs.map((output) => completionFaults(JSON.parse(output.join(''))))).toEqual([
      [],
      [],
    ]);
  });
});
