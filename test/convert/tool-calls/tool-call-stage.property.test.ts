import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { fold, RULES, readAtEverySplit, replyOf, stageParts } from './read-reply.ts';

const FRAGMENTS = [
  ...['<tool_call>', '</tool_call>', '</think>', '<arg_key>', '</arg_key>', '<arg_value>'],
  ...['</arg_value>', 'search', 'now', 'query', '<tool_call>now', '<', '>', 'word', '你🌍'],
  ...['{"name":"now","arguments":{', '"a":1', '}', '}}', '{"name":"search","arguments":"{}"}'],
  ...['{"tool_calls":[', '"id":"i",', "{'name':'now'", '"function":{', '{', '[', ']', ',', ':'],
  ...['"', '\\', '\\"', '1', 'true', '\n', '\n\n', ' ', '`', '``', '```', '```json\n', '\n```\n'],
];
/** Everything that means something here, in any order. */
const jumble = fc
  .array(fc.constantFrom(...FRAGMENTS), { maxLength: 14 })
  .map((all) => all.join(''));
const finishReason = fc.constantFrom('stop' as const, 'length' as const);
const scanLimit = fc.oneof(fc.constant(200_000), fc.nat(60));

describe('whatever a text consists of', () => {
  test('the client gets the same, however it is cut', () => {
    fc.assert(
      fc.property(jumble, finishReason, scanLimit, (text, reason, limit) => {
        readAtEverySplit(text, { finishReason: reason, rules: { ...RULES, scanLimit: limit } });
      }),
      { numRuns: 300 },
    );
  });

  test('without a call in it, it is all there', () => {
    fc.assert(
      fc.property(jumble, finishReason, scanLimit, (text, reason, limit) => {
        const rules = { ...RULES, scanLimit: limit };
        const reply = fold(stageParts(replyOf([text], reason), rules));
        if (reply.calls.length === 0) expect(reply.text).toBe(text);
      }),
      { numRuns: 3000 },
    );
  });
});

const key = fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' });
const callArguments = fc.dictionary(key, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });
const calls = fc.array(callArguments, { minLength: 1, maxLength: 3 });
const TOOLS = [{ name: 'call_me', description: null, parameters: null }];

/** What a client gets of a text that is nothing but calls. */
function argumentsIn(text: string): unknown[] {
  const rules = { ...RULES, tools: TOOLS };
  const reply = fold(stageParts(replyOf(text.split('')), rules));
  expect(reply.text).toBe('');
  return reply.calls.map((one) => JSON.parse(one.arguments));
}

describe('calls with any arguments come back as they were', () => {
  const FORMS: [title: string, write: (all: Record<string, unknown>[]) => string][] = [
    [
      'in blocks of JSON',
      (all) =>
        all
          .map((one) => JSON.stringify({ name: 'call_me', arguments: one }))
          .map((json) => `<tool_call>${json}</tool_call>`)
          .join('\n'),
    ],
    [
      'in a list, as strings',
      (all) => JSON.stringify({ tool_calls: all.map((one) => openAiCall(JSON.stringify(one))) }),
    ],
    [
      'in blocks in a code block',
      (all) =>
        `\`\`\`xml\n${all
          .map((one) => JSON.stringify({ name: 'call_me', arguments: JSON.stringify(one) }))
          .map((json) => `<tool_call>${json}</tool_call>`)
          .join('\n')}\n\`\`\``,
    ],
    [
      'in a code block',
      (all) => `\`\`\`json\n${JSON.stringify(all.map(openAiCall), null, 2)}\n\`\`\``,
    ],
  ];
  for (const [title, write] of FORMS) {
    test(title, () => {
      fc.assert(
        fc.property(calls, (all) => {
          expect(argumentsIn(write(all))).toEqual(plain(all));
        }),
        { numRuns: 100 },
      );
    });
  }

  test('in GLM’s form', () => {
    const glmKey = fc
      .string({ minLength: 1, maxLength: 8 })
      .filter((one) => /^[^<>\s]+$/.test(one));
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }).filter((one) => typeof one !== 'string'),
      // A string that is JSON too cannot be told from JSON where the schema is silent.
      fc.constantFrom('', ' a ', '\n', 'a <b> </tool_call> c', '🌍 "q" \\'),
    );
    const given = fc.dictionary(glmKey, value, { maxKeys: 4 });
    fc.assert(
      fc.property(fc.array(given, { minLength: 1, maxLength: 3 }), (all) => {
        expect(argumentsIn(all.map(glmBlock).join(''))).toEqual(plain(all));
      }),
      { numRuns: 100 },
    );
  });
});

function openAiCall(given: unknown) {
  return { type: 'function', function: { name: 'call_me', arguments: given } };
}

function glmBlock(given: Record<string, unknown>): string {
  const written = Object.entries(given).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return `<arg_key>${name}</arg_key>\n<arg_value>${text}</arg_value>\n`;
  });
  return `<tool_call>call_me\n${written.join('')}</tool_call>`;
}

/** Without what JSON cannot say: -0, prototypes. */
function plain(values: unknown[]): unknown[] {
  return JSON.parse(JSON.stringify(values));
}

describe('the cost is linear in the text:', () => {
  const UNITS = 200_000;
  /** Text that is all places where a call may begin; each may not look through all that follows. */
  const BEGINNINGS = [
    ...['< { <t <tool ', '{\n', '{"name":"now","arguments":{\n', '{"id":"x","type":"y",\n'],
    ...['```\n<tool_call>now', '```\n<tool_call>now</tool_call>\n```\n'],
    ...['`<tool_call>', '``<tool_call>`', '```json\n{"tool_calls":[\n', '<tool_call>'],
    ...['<tool_call>{"name":"now","arguments":{"a":"</tool_call>', "<tool_call>{'name"],
    ...['<tool_call>now<arg_key>k</arg_key><arg_value>v</tool_call>', ' \n'],
    ...['<tool_call>now<arg_key>k</arg_key>', '<tool_call>{"name":"now","arguments":{}}} ] x'],
  ];
  /** A call that all the text may belong to. */
  const OPENINGS = [
    '<tool_call>now<arg_key>k</arg_key><arg_value>',
    '```\n<tool_call>now<arg_key>k</arg_key><arg_value>',
    '```\n<tool_call>{"name":"now","arguments":"',
    '<tool_call>{"name":"now","arguments":"',
    '<tool_call>{"name":"now","arguments":{"a":"',
    '<tool_call>{"name":"now","arguments":{',
    "<tool_call>{'name':",
    '{"tool_calls":[',
    '{"name":"now","arguments":{',
    '{"name":"now","arguments":"',
    '```json\n{"tool_calls":[',
    '```json\n{"name":"now","arguments":"',
  ];
  const TEXTS = [
    ...BEGINNINGS.map((pattern) => ['', pattern] as const),
    ...OPENINGS.flatMap((opening) =>
      ['<b> ', '</tool_call> ', '"a":1,'].map((pattern) => [opening, pattern] as const),
    ),
  ];

  for (const [opening, pattern] of TEXTS) {
    test(`200 kB of ${JSON.stringify(pattern)} behind ${JSON.stringify(opening)}`, () => {
      const text = opening + pattern.repeat(Math.ceil(UNITS / pattern.length));
      const began = performance.now();
      stageParts(replyOf([text]));
      stageParts(replyOf(text.match(/[\s\S]{1,7}/g) ?? []), { ...RULES, scanLimit: 1000 });
      // It takes 0.1 s. If it were quadratic it would be minutes.
      expect(performance.now() - began).toBeLessThan(4000);
    });
  }
});
