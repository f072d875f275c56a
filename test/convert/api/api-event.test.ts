import { describe, expect, test } from 'bun:test';
import { type ApiEvent, decodeApiEvent } from '../../../src/convert/api/api-event.ts';

const NOTHING = {
  type: 'update',
  reasoning: '',
  text: '',
  toolCalls: [],
  pages: [],
  usage: null,
  ending: null,
};
const UNCOUNTED = {
  promptTokens: null,
  completionTokens: null,
  totalTokens: null,
  reasoningTokens: null,
  cachedTokens: null,
};

const decode = (frame: unknown): ApiEvent => decodeApiEvent(JSON.stringify(frame));
const delta = (fields: object) => ({ choices: [{ index: 0, delta: fields }] });
const finish = (finish_reason: unknown) => ({ choices: [{ index: 0, delta: {}, finish_reason }] });

describe('a chunk', () => {
  test.each<[string, object, object]>([
    ['text', delta({ role: 'assistant', content: 'Hi' }), { text: 'Hi' }],
    ['reasoning', delta({ reasoning_content: 'Hm' }), { reasoning: 'Hm' }],
    ['reasoning under its other name', delta({ reasoning: 'Hm' }), { reasoning: 'Hm' }],
    [
      'reasoning under its other name beside an empty first one',
      delta({ reasoning_content: '', reasoning: 'Hm' }),
      { reasoning: 'Hm' },
    ],
    [
      'both texts',
      delta({ content: 'Hi', reasoning_content: 'Hm' }),
      { text: 'Hi', reasoning: 'Hm' },
    ],
    ['a role alone as nothing', delta({ role: 'assistant' }), {}],
    ['nulls as nothing', delta({ content: null, reasoning_content: null, tool_calls: null }), {}],
    ['values of other types as nothing', delta({ content: 3, reasoning: {}, tool_calls: 'x' }), {}],
    ['no delta as nothing', { choices: [{ index: 0 }] }, {}],
    ['no choices as nothing', { choices: [] }, {}],
    ['a choice that is none as nothing', { choices: [null, 3, 'x'] }, {}],
    ['another choice as nothing', { choices: [{ index: 1, delta: { content: 'Hi' } }] }, {}],
    ['a choice without an index', { choices: [{ delta: { content: 'Hi' } }] }, { text: 'Hi' }],
    [
      'usage with details',
      {
        choices: [],
        usage: {
          prompt_tokens: 275,
          completion_tokens: 112,
          total_tokens: 387,
          prompt_tokens_details: { cached_tokens: 43 },
          completion_tokens_details: { reasoning_tokens: 64 },
        },
      },
      {
        usage: {
          promptTokens: 275,
          completionTokens: 112,
          totalTokens: 387,
          reasoningTokens: 64,
          cachedTokens: 43,
        },
      },
    ],
    [
      'usage without choices',
      { usage: { total_tokens: 3 } },
      { usage: { ...UNCOUNTED, totalTokens: 3 } },
    ],
    ['usage that is null', { choices: [], usage: null }, {}],
    [
      'a piece of a call',
      delta({ tool_calls: [{ index: 1, id: 'a', function: { name: 'f', arguments: '{' } }] }),
      { toolCalls: [{ index: 1, id: 'a', name: 'f', arguments: '{' }] },
    ],
  ])('brings %s', (_, frame, known) => {
    expect(decode(frame)).toEqual({ ...NOTHING, ...known } as ApiEvent);
  });

  test.each<[string, object]>([
    ['at its top', { choices: [], web_search: [{ link: 'https://a.example', refer: 'ref_2' }] }],
    ['in its delta', delta({ web_search: [{ link: 'https://a.example', refer: 'ref_2' }] })],
    [
      'in lists of their own',
      { web_search: [{ search_result: [{ link: 'https://a.example', refer: 'ref_2' }] }] },
    ],
  ])('brings search results %s', (_, frame) => {
    const page = { ref: 'ref_2', index: 2, title: null, url: 'https://a.example' };
    expect(decode(frame)).toEqual({ ...NOTHING, pages: [page] } as ApiEvent);
  });
});

describe('the reason to finish', () => {
  test.each([
    ['stop', 'stop'],
    ['tool_calls', 'stop'],
    ['function_call', 'stop'],
    ['anything else', 'stop'],
    ['length', 'length'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['sensitive', 'content_filter'],
    ['content_filter', 'content_filter'],
  ] as const)('%j means %s', (reason, finishReason) => {
    expect(decode(finish(reason))).toEqual({ ...NOTHING, ending: { finishReason } } as ApiEvent);
  });

  test.each([[''], [null], [7], [undefined]])('%j is none', (reason) => {
    expect(decode(finish(reason))).toEqual(NOTHING as ApiEvent);
  });

  test.each([['network_error'], ['abort'], ['error']])('%j is a failure of the reply', (reason) => {
    expect(decode(finish(reason))).toMatchObject({
      ending: { failure: { kind: 'broken-stream', upstreamCode: reason, status: 200 } },
    });
  });
});

describe('a frame', () => {
  test.each([['[DONE]'], [' [DONE] ']])('%j is the end', (data) => {
    expect(decodeApiEvent(data)).toEqual({ type: 'end' });
  });

  test.each([[''], ['<html>'], ['{"choices":'], ['null'], ['[]'], ['7'], ['{}'], ['{"id":"x"}']])(
    '%j is ignored',
    (data) => {
      expect(decodeApiEvent(data)).toEqual({ type: 'ignored' });
    },
  );

  test('with an error is a failure, whatever else it has', () => {
    const error = { code: '1302', message: 'High concurrency' };
    expect(decode({ ...delta({ content: 'Hi' }), error })).toMatchObject({
      type: 'failure',
      failure: { kind: 'rate-limited', upstreamCode: '1302', status: 200 },
    });
  });
});
