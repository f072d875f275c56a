import { describe, expect, test } from 'bun:test';
import type { Part } from '../../../src/convert/part.ts';
import { createToolCallStage } from '../../../src/convert/tool-calls/tool-call-stage.ts';
import { upstreamFailure } from '../../../src/upstream-failure.ts';
import { call, fold, RULES, readAtEverySplit, replyOf, stageParts } from './read-reply.ts';

const GLM =
  '<tool_call>search<arg_key>query</arg_key><arg_value>cat</arg_value><arg_key>limit</arg_key><arg_value>5</arg_value></tool_call>';
const JSON_FORM =
  '<tool_call>{"name": "search", "arguments": {"query": "cat", "limit": 5}}</tool_call>';
const OPEN_GLM = '<tool_call>search<arg_key>query</arg_key><arg_value>cat';
const END: Part = { type: 'reply-end', finishReason: 'stop' };

const text = (piece: string): Part => ({ type: 'text-delta', text: piece });
const start = (index: number, id: string, name: string): Part => ({
  type: 'tool-call-start',
  index,
  id,
  name,
});
const delta = (index: number, given: string): Part => ({
  type: 'tool-call-delta',
  index,
  arguments: given,
});

describe('a call is streamed as OpenAI does:', () => {
  test('its start once, then a fragment for each argument of GLM’s form', () => {
    expect(stageParts(replyOf([`I search. ${GLM}`]))).toEqual([
      text('I search.'),
      start(0, 'call_1', 'search'),
      delta(0, '{"query":"cat"'),
      delta(0, ',"limit":5'),
      delta(0, '}'),
      { type: 'reply-end', finishReason: 'tool_calls' },
    ]);
  });

  test('its start once, then a fragment for each argument in JSON', () => {
    expect(stageParts(replyOf([JSON_FORM]))).toEqual([
      start(0, 'call_1', 'search'),
      delta(0, '{"query": "cat"'),
      delta(0, ', "limit": 5}'),
      { type: 'reply-end', finishReason: 'tool_calls' },
    ]);
  });

  const WHEN: [form: string, text: string, until: string, parts: Part[]][] = [
    ['GLM’s form', GLM, '<arg_key>', [start(0, 'call_1', 'search')]],
    ['GLM’s form', GLM, '</arg_value>', [start(0, 'call_1', 'search'), delta(0, '{"query":"cat"')]],
    ['JSON', JSON_FORM, '"arguments": {', [start(0, 'call_1', 'search')]],
    ['JSON', JSON_FORM, '"cat",', [start(0, 'call_1', 'search'), delta(0, '{"query": "cat"')]],
  ];
  for (const [form, whole, until, parts] of WHEN) {
    test(`in ${form}, with ${until} it has sent ${parts.length} of its parts, and no more before`, () => {
      const end = whole.indexOf(until) + until.length;
      const sent = (pieces: string) => stageParts(replyOf(pieces.split('')).slice(0, -1));
      expect(sent(whole.slice(0, end))).toEqual(parts);
      expect(sent(whole.slice(0, end - 1))).toEqual(parts.slice(0, -1));
    });
  }

  test('calls are numbered from 0, and no call begins before the one before has ended', () => {
    const types = stageParts(replyOf([`${GLM}\n${JSON_FORM}\n${GLM}`])).map((part) =>
      'index' in part ? `${part.type} ${part.index}` : part.type,
    );
    expect(types).toEqual([
      ...['tool-call-start 0', ...Array(3).fill('tool-call-delta 0')],
      ...['tool-call-start 1', ...Array(2).fill('tool-call-delta 1')],
      ...['tool-call-start 2', ...Array(3).fill('tool-call-delta 2')],
      'reply-end',
    ]);
  });

  test('calls without an id get one each, random, in OpenAI’s form', () => {
    const ids: string[] = [];
    const accept = createToolCallStage(RULES)((part) => {
      if (part.type === 'tool-call-start') ids.push(part.id);
    });
    for (const part of replyOf([GLM + GLM])) accept(part);
    expect(ids).toEqual([
      expect.stringMatching(/^call_[A-Za-z0-9]{24}$/),
      expect.stringMatching(/^call_[A-Za-z0-9]{24}$/),
    ]);
    expect(new Set(ids).size).toBe(2);
  });
});

describe('a reply ends', () => {
  test('with stop when it has no calls', () => {
    expect(stageParts([text('Hi.'), END])).toEqual([text('Hi.'), END]);
  });

  test('with the reason it was cut off for, and what came of a call, which is no JSON', () => {
    const parts = [text(`${GLM}${OPEN_GLM}`), { ...END, finishReason: 'length' } as const];
    expect(fold(stageParts(parts))).toEqual({
      text: '',
      calls: [call(1, 'search', '{"query":"cat","limit":5}'), call(2, 'search', '{"query":"cat"')],
      finishReason: 'length',
    });
  });

  test('cut off in JSON, with the arguments as they came', () => {
    const cut = '<tool_call>{"name":"search","arguments":{"limit":5, "filter":{"a":{"b":1}';
    expect(readAtEverySplit(cut, { finishReason: 'length' })).toEqual({
      text: '',
      calls: [call(1, 'search', '{"limit":5, "filter":{"a":{"b":1}')],
      finishReason: 'length',
    });
  });

  const CUT = [
    '<tool_call>sear',
    '<tool_call>now',
    '<tool_call>{"arguments":{"query":"ca',
    '{"name":"search","arguments":{"query":"ca',
    '```json\n{"name":"search","arguments":{"query":"ca',
  ];
  for (const cut of CUT) {
    test(`cut off, without a call that may have become another: ${JSON.stringify(cut)}`, () => {
      expect(readAtEverySplit(cut, { finishReason: 'length' })).toEqual({
        text: cut,
        calls: [],
        finishReason: 'length',
      });
    });
  }

  test('with what was held back before its failure', () => {
    const failed: Part = {
      type: 'reply-error',
      failure: upstreamFailure('broken-stream', 'It broke.'),
    };
    expect(stageParts([text('a <tool_'), failed])).toEqual([text('a'), text(' <tool_'), failed]);
    expect(stageParts([text(OPEN_GLM), failed])).toEqual([
      start(0, 'call_1', 'search'),
      delta(0, '{"query":"cat"'),
      failed,
    ]);
  });
});

describe('other parts pass:', () => {
  test('the upstream’s own calls count with those in the text, and end the reply likewise', () => {
    const parts = [
      start(0, 'a', 'now'),
      text(OPEN_GLM),
      start(1, 'b', 'now'),
      delta(1, '{"b":1}'),
      delta(0, '{"a":1}'),
      text('</arg_value></tool_call>'),
      END,
    ];
    expect(stageParts(parts)).toEqual([
      start(0, 'a', 'now'),
      start(1, 'call_1', 'search'),
      start(2, 'b', 'now'),
      delta(2, '{"b":1}'),
      delta(0, '{"a":1}'),
      delta(1, '{"query":"cat"'),
      delta(1, '}'),
      { type: 'reply-end', finishReason: 'tool_calls' },
    ]);
  });

  test('no call in the text gets the id of one of the upstream’s own', () => {
    const written = '<tool_call>{"id":"a","name":"now"}</tool_call>';
    expect(fold(stageParts([start(0, 'a', 'now'), text(written), END])).calls.at(1)).toEqual(
      call(1, 'now', '{}'),
    );
  });

  test('reasoning is not searched where there is an answer', () => {
    const parts: Part[] = [{ type: 'reasoning-delta', text: GLM }, text('Hi.'), END];
    expect(stageParts(parts)).toEqual(parts);
  });
});

describe('white space', () => {
  const CALL = '<tool_call>now</tool_call>';
  const CASES: [title: string, whole: string, rest: string][] = [
    ['before a call that begins the reply goes', ` \n\n${CALL}`, ''],
    ['behind a call that ends the reply goes', `${CALL}\n \n`, ''],
    ['between calls goes', `${CALL}\n\n${CALL}`, ''],
    ['between a call that begins the reply and text goes', `\n${CALL}\n\nHi.\n`, 'Hi.\n'],
    ['between text and a call that ends the reply goes', `\n Hi.\n\n${CALL}\n`, '\n Hi.'],
    ['around a call in the text stays', `Hi.\n${CALL}\n \nYou.`, 'Hi.\n\n \nYou.'],
    ['without calls stays', ' \n ', ' \n '],
  ];
  for (const [title, whole, rest] of CASES) {
    test(title, () => {
      expect(readAtEverySplit(whole).text).toBe(rest);
    });
  }
});

test('without tools, nothing is a call', () => {
  const whole = `${GLM} ${JSON_FORM}`;
  expect(readAtEverySplit(whole, { rules: { ...RULES, tools: [] } }).text).toBe(whole);
});

test('a tool’s schema that cannot be applied does not matter', () => {
  const parameters = { properties: { a: { $ref: '#/nowhere' }, b: { pattern: '(' } } };
  const tools = [{ name: 'search', description: null, parameters }];
  const whole = '<tool_call>{"name":"search","arguments":{"a":1,"b":"2"}}</tool_call>';
  expect(readAtEverySplit(whole, { rules: { ...RULES, tools } }).calls).toEqual([
    call(1, 'search', '{"a":1,"b":"2"}'),
  ]);
});

test('a tool’s schema may refer to itself', () => {
  const parameters = {
    properties: { nodes: { type: 'array', items: { $ref: '#/$defs/node' } } },
    $defs: { node: { type: 'object', properties: { size: { type: 'integer' } } } },
    required: ['nodes', 'title'],
    additionalProperties: false,
  };
  const tools = [{ name: 'search', description: null, parameters }];
  const whole =
    '<tool_call>search<arg_key>nodes</arg_key><arg_value>[{"size":1}]</arg_value></tool_call>';
  expect(readAtEverySplit(whole, { rules: { ...RULES, tools } }).calls).toEqual([
    call(1, 'search', '{"nodes":[{"size":1}]}'),
  ]);
});
