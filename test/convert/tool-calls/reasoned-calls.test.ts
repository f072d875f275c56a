import { describe, expect, test } from 'bun:test';
import type { FinishReason, Part } from '../../../src/convert/part.ts';
import { upstreamFailure } from '../../../src/upstream-failure.ts';
import { call, fold, type ReadCall, RULES, stageParts } from './read-reply.ts';

const NOW = '<tool_call>now</tool_call>';
const CAT =
  '<tool_call>search<arg_key>query</arg_key><arg_value>a <tool_call> cat</arg_value></tool_call>';
const CAT_JSON = '<tool_call>{"name": "search", "arguments": {"query": "cat"}}</tool_call>';
const STRING_ARGUMENTS =
  '<tool_call>{"name":"search","arguments":"{\\"query\\":\\"cat\\"}"}</tool_call>';

const now = (number: number) => call(number, 'now', '{}');
const cat = (number: number) => call(number, 'search', '{"query":"a <tool_call> cat"}');

const thought = (text: string): Part => ({ type: 'reasoning-delta', text });
const said = (text: string): Part => ({ type: 'text-delta', text });
const end = (finishReason: FinishReason = 'stop'): Part => ({ type: 'reply-end', finishReason });

/** The calls of a reply that is reasoning alone, which have to be the same however it is cut. */
function callsIn(reasoning: string, scanLimit = RULES.scanLimit): ReadCall[] {
  const rules = { ...RULES, scanLimit };
  const read = (pieces: readonly string[]) =>
    fold(stageParts([...pieces.map(thought), end()], rules));
  const whole = read([reasoning]);
  expect(read(reasoning.split(''))).toEqual(whole);
  for (let cut = 1; cut < reasoning.length; cut += 1) {
    expect(read([reasoning.slice(0, cut), reasoning.slice(cut)])).toEqual(whole);
  }
  expect(whole.finishReason).toBe(whole.calls.length > 0 ? 'tool_calls' : 'stop');
  return whole.calls;
}

describe('a reply that is reasoning alone has the calls with which it ends:', () => {
  const CASES: [title: string, reasoning: string, calls: ReadCall[]][] = [
    ['a block behind words', `I look it up.\n${CAT}\n`, [cat(1)]],
    ['a block of JSON', CAT_JSON, [call(1, 'search', '{"query": "cat"}')]],
    [
      'a block with arguments as a string',
      STRING_ARGUMENTS,
      [call(1, 'search', '{"query":"cat"}')],
    ],
    ['several blocks', `So:${CAT}\n\n${NOW}${NOW}`, [cat(1), now(2), now(3)]],
    ['a block closed by </think>', `So:\n${CAT.replace('</tool_call>', '</think>')}`, [cat(1)]],
    ['a block with </think> behind it', `So: ${CAT}\n</think>\n`, [cat(1)]],
    ['a block closed by the next', `So: ${NOW.replace('</tool_call>', CAT)}`, [now(1), cat(2)]],
    ['a block left open behind its arguments', CAT.replace('</tool_call>', '\n'), [cat(1)]],
    ['the last of several drafts', `${NOW} or ${CAT}? Rather:\n${NOW}`, [now(1)]],
    ['those behind a block of no tool', `<tool_call>delete</tool_call>${NOW}`, [now(1)]],
    ['those behind a broken block', `<tool_call>{'name':'now'}</tool_call>${NOW}`, [now(1)]],
    ['those behind the end of the thinking', `${CAT}</think>${NOW}`, [now(1)]],
  ];
  for (const [title, reasoning, calls] of CASES) {
    test(title, () => {
      expect(callsIn(reasoning)).toEqual(calls);
    });
  }

  test('a block closed by </think>, and what is behind that, is a row of calls', () => {
    expect(callsIn(`${CAT.replace('</tool_call>', '</think>')}${NOW}`)).toEqual([cat(1), now(2)]);
  });

  test('they come last, and what went out as reasoning stays', () => {
    expect(stageParts([thought(`So: ${CAT}`), said(' \n'), end()])).toEqual([
      thought(`So: ${CAT}`),
      { type: 'tool-call-start', index: 0, id: 'call_1', name: 'search' },
      { type: 'tool-call-delta', index: 0, arguments: '{"query":"a <tool_call> cat"' },
      { type: 'tool-call-delta', index: 0, arguments: '}' },
      end('tool_calls'),
    ]);
  });
});

describe('what a model only thinks about is no call:', () => {
  const CASES: [title: string, reasoning: string][] = [
    ['a block with words behind it', `I might write ${CAT}.`],
    ['a block in a code span', `It is \`${CAT}\``],
    ['a block in a code block', `So:\n\`\`\`\n${CAT}\n\`\`\`\n`],
    ['a block of an unknown tool', 'So: <tool_call>delete</tool_call>'],
    ['a tool’s name behind the tag, and no more', 'So: <tool_call>now'],
    ['a block that breaks off', CAT.slice(0, CAT.indexOf(' cat'))],
    ['a block without a value', '<tool_call>search<arg_key>query</arg_key></tool_call>'],
    ['a block whose key has no end', CAT.replace('</arg_key>', '')],
    ['a block of JSON that breaks off', CAT_JSON.slice(0, CAT_JSON.indexOf('}'))],
    ['a block of broken JSON', "<tool_call>{'name': 'now', 'arguments': {}}</tool_call>"],
    ['a broken block behind a whole one', `${NOW}<tool_call>{'name':'now'}</tool_call>`],
    ['JSON without tags', '{"name": "now", "arguments": {}}\n'],
    ['tags that are none', '<tool_call><tool_call></tool_call></think></think>'],
  ];
  for (const [title, reasoning] of CASES) {
    test(title, () => {
      expect(callsIn(reasoning)).toEqual([]);
    });
  }

  test('a block where the reply has words or calls', () => {
    const native: Part = { type: 'tool-call-start', index: 0, id: 'a', name: 'now' };
    for (const replies of [
      [thought(CAT), said('Hi.'), end()],
      [said('Hi.'), thought(CAT), end()],
      [thought(CAT), native, end('tool_calls')],
      [native, thought(CAT), end('tool_calls')],
    ]) {
      expect(stageParts(replies)).toEqual(replies);
    }
    const written = [thought(CAT), said(NOW), end()];
    expect(fold(stageParts(written)).calls).toEqual([now(1)]);
  });

  test('a block in a reply that was cut off, blocked or broke', () => {
    const failure = upstreamFailure('broken-stream', 'It broke.');
    for (const last of [end('length'), end('content_filter'), { type: 'reply-error', failure }]) {
      const parts = [thought(CAT), last as Part];
      expect(stageParts(parts)).toEqual(parts);
    }
  });
});

describe('scanLimit bounds the reasoning that is looked through:', () => {
  test('it counts from the first block on', () => {
    const long = 'x'.repeat(500);
    expect(callsIn(`${long}${NOW}${NOW}`, 2 * NOW.length)).toEqual([now(1), now(2)]);
  });

  test('beyond it there are no calls, rather than some', () => {
    expect(callsIn(`${NOW}${NOW}`, 2 * NOW.length - 1)).toEqual([]);
    expect(callsIn(`${NOW}${'x'.repeat(100)}${NOW}`, 100)).toEqual([]);
  });
});

test('the cost is linear in the reasoning', () => {
  const patterns = [
    ...[NOW, '<tool_call>', '</think> ', ' \n', '<tool_call>now ', '<tool_call>{"name":"now",'],
    '<tool_call>{"name":"now","arguments":{"a":"</tool_call>',
    '<tool_call>now<arg_key>k</arg_key><arg_value>v</tool_call>',
  ];
  for (const pattern of patterns) {
    const reasoning = NOW + pattern.repeat(Math.floor(190_000 / pattern.length));
    const began = performance.now();
    stageParts([...(reasoning.match(/[\s\S]{1,7}/g) ?? []).map(thought), end()]);
    // It takes 0.1 s. If it were quadratic it would be minutes.
    expect(performance.now() - began).toBeLessThan(4000);
  }
});
