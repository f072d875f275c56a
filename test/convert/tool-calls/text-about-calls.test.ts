import { describe, expect, test } from 'bun:test';
import { RULES, readAtEverySplit, replyOf, stageParts } from './read-reply.ts';

const BLOCK = '<tool_call>now</tool_call>';
const JSON_BLOCK = '<tool_call>{"name":"now","arguments":{}}</tool_call>';
const CALL = '{"name":"now","arguments":{}}';

const TEXTS: [title: string, text: string][] = [
  ['plain words', '  Hello,\n\nworld 🌍.\n '],
  ['comparisons and HTML', 'a < b, <b>c</b> <tool> <tool_calls> <<tool_call'],
  ['a word behind the tag', 'The <tool_call> tag opens a call; <tool_call>now it is open.'],
  ['the tags alone', '<tool_call></tool_call> <tool_call> </tool_call> <tool_call><tool_call>'],
  [
    'an unknown tool in GLM’s form',
    '<tool_call>delete<arg_key>a</arg_key><arg_value>1</arg_value></tool_call>',
  ],
  ['a tool’s name in another case', '<tool_call>NOW</tool_call>'],
  ['half of a tool’s name', '<tool_call>sear</tool_call>'],
  ['more than a tool’s name', '<tool_call>now_or_never</tool_call>'],
  ['an unknown tool in JSON', '<tool_call>{"name": "delete", "arguments": {"a": 1}}</tool_call>'],
  ['JSON that is no call', '<tool_call>{"query": "cat"}</tool_call>'],
  [
    'JSON that is a list of something else',
    '<tool_call>[1, 2]</tool_call> <tool_call>[]</tool_call>',
  ],
  ['JSON without a name', '<tool_call>{"arguments": {"a": 1}}</tool_call>'],
  ['JSON with a name that is no string', '<tool_call>{"name": 5}</tool_call>'],
  [
    'a placeholder',
    '<tool_call>{json}</tool_call> or <tool_call>{…}</tool_call> or <tool_call>{}</tool_call>',
  ],
  [
    'broken JSON that is no call',
    "<tool_call>{'name': 'delete', 'arguments': {}}</tool_call> and <tool_call>{'nam",
  ],
  ['arguments without a block', '<arg_key>a</arg_key><arg_value>1</arg_value></tool_call></think>'],
  ['a tag at the very end', 'So it begins: <tool_call>'],
  ['half a tag at the very end', 'So it begins: <tool_'],
  ['a code span', `Write \`${BLOCK}\` or \`\`${JSON_BLOCK}\`\` to call.`],
  ['a code span at the very end', `Write \`${BLOCK}\``],
  ['a code span with other marks in it', `Write \`\`a \` ${BLOCK} \` b\`\`.`],
  ['a code block of another language', `\`\`\`html\n${BLOCK}\n${JSON_BLOCK}\n\`\`\``],
  ['a code block with words before it', `So:\n\`\`\`xml\n${BLOCK}\n${JSON_BLOCK}\n\`\`\``],
  ['a code block with words behind it', `\`\`\`xml\n${BLOCK}\n${JSON_BLOCK}\n\`\`\`\n\nSo.`],
  ['a code block with another behind it', `\`\`\`\n${BLOCK}\n\`\`\`\n\n\`\`\`\n${BLOCK}\n\`\`\``],
  ['a code block with words beside the call', `\`\`\`\n${BLOCK}\n# the time\n\`\`\``],
  ['a code block with JSON beside the call', `\`\`\`\n${BLOCK}\n${CALL}\n\`\`\``],
  ['a code block of XML with JSON in it', `\`\`\`xml\n${CALL}\n\`\`\``],
  [
    'a code block with a call of an unknown tool',
    `\`\`\`xml\n${BLOCK}\n<tool_call>delete</tool_call>\n\`\`\``,
  ],
  [
    'a code block with a call that is not whole',
    '```\n<tool_call>search<arg_key>query</arg_key><arg_value>cat</tool_call>\n```',
  ],
  [
    'a code block with a call that breaks off',
    '```\n<tool_call>search<arg_key>query</arg_key><arg_value>cat\n```',
  ],
  ['a code block with broken JSON', `\`\`\`\n<tool_call>{'name':'now'}</tool_call>\n\`\`\``],
  ['a code block whose fence has no end but words', `\`\`\`\n${BLOCK}\n\`\`\` is it`],
  ['a code block in a list', `- so:\n\n  \`\`\`\n  ${BLOCK}\n  \`\`\`\n`],
  ['a code block in a code block', `~~~~md\n~~~\n${BLOCK}\n~~~\n${BLOCK}\n~~~~`],
  [
    'a code block that is not closed',
    `\`\`\`python\n${JSON_BLOCK}\n${CALL}\n\`\`\` no end\n${BLOCK}`,
  ],
  ['a code block of JSON with blocks in it', `So:\n\`\`\`json\n${BLOCK}\n\`\`\``],
  ['a code block of JSON with more than the call', `\`\`\`json\n${CALL}\nis a call\n\`\`\``],
  ['a code block of JSON that is no call', '```json\n{"name": "Bob", "age": 5}\n```\n'],
  ['a code block of broken JSON that is no call', '```json\n{"name": "now", ...}\n```\n'],
  ['a code block of a language that begins like JSON', `\`\`\`jsonc\n${CALL}\n\`\`\``],
  ['an empty code block', '```json\n```\n```\n\n```'],
  ['JSON in prose', `The object ${CALL} is a call.`],
  ['JSON in prose, first in its line', `${CALL} is a call.`],
  ['JSON in prose, first in its line and broken', `{"name":"now","arguments":{"a":1,}} is a call.`],
  [
    'bare JSON that is no call',
    '{"name": "now"}\n{"name": "now", "age": 5}\n{"age": 5}\n{}\n{\n{"a',
  ],
  [
    'bare JSON with an unknown tool',
    '{"tool_calls": [{"name": "now", "arguments": {}}, {"name": "delete", "arguments": {}}]}',
  ],
  ['bare JSON without calls', '{"tool_calls": []}\n{"tool_calls": null}'],
  ['bare JSON, broken beyond repair', '{"name":"now","arguments":{{{:::}}\n'],
  [
    'the definition of a tool',
    '{"name": "now", "parameters": {"type": "object", "properties": {}}}',
  ],
  [
    'the definition of a tool in OpenAI’s shape',
    '{"type": "function", "function": {"name": "now", "description": "Tells the time"}}',
  ],
  ['a list in Markdown’s brackets', '[{"name": "now"}](x)\n[1]'],
];

describe('text that only looks like a call stays text:', () => {
  for (const [title, text] of TEXTS) {
    test(title, () => {
      expect(readAtEverySplit(text)).toEqual({ text, calls: [], finishReason: 'stop' });
    });
  }
});

describe('what stands beside code is no code:', () => {
  const CASES: [title: string, before: string, after: string][] = [
    ['a mark that opens nothing', "It's a ` mark: ", '\nWell.'],
    ['a mark in the line before', 'A ` mark.\n', ''],
    ['a code span before', 'In `a.ts`: ', ''],
    ['marks that are too many for a span', 'Is ````` it? ', ''],
    ['a code block before', '```ts\nlet a;\n```\n', ''],
    ['a code block before, on the line of its end', '```ts\nlet a;\n```', ''],
    ['a span of three marks, first in its line', '```a``` is it: ', ''],
  ];
  for (const [title, before, after] of CASES) {
    test(title, () => {
      expect(readAtEverySplit(`${before}${BLOCK}${after}`)).toEqual({
        text: after === '' ? before.trimEnd() : before + after,
        calls: [{ id: 'call_1', name: 'now', arguments: '{}' }],
        finishReason: 'tool_calls',
      });
    });
  }
});

/** Which text goes out with each unit that comes in. */
function textPerUnit(text: string): string[] {
  const accept: string[] = [];
  let before = '';
  for (let end = 1; end <= text.length; end++) {
    const parts = stageParts(replyOf(text.slice(0, end).split('')).slice(0, -1));
    const sent = parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
    accept.push(sent.slice(before.length));
    before = sent;
  }
  return accept;
}

describe('text is held back no longer than needed:', () => {
  const CASES: [title: string, text: string, held: string][] = [
    ['a `<` until it is no tag', 'a <b', '<'],
    ['a tag until it is another', 'a <tool_b', '<tool_'],
    ['a block until its name is no tool', '<tool_call>nob', '<tool_call>no'],
    ['a block until its name is not followed by a tag', '<tool_call>now it', '<tool_call>now '],
    ['JSON until its first key is none of a call', '{"query":', '{"query"'],
    ['JSON until its name is no tool', '{"name":"nob",', '{"name":"nob'],
    ['a code block until its language is another', '```jsx', '```js'],
    ['a code block until it holds no call', '```\nx', '```\n'],
    ['a code block behind words until it holds no JSON', 'So:\n```\n<', '```\n'],
    ['broken JSON until its first key is none of a call', "<tool_call>{'q", "<tool_call>{'"],
    ['a code span with a tag until it is closed', '`<tool_call>` a', '<tool_call>`'],
  ];
  for (const [title, text, held] of CASES) {
    test(title, () => {
      const sent = textPerUnit(text);
      const at = text.indexOf(held) + held.length - 1;
      const released = sent.findIndex((piece) => piece.includes(held.trimEnd()));
      expect({ sentAtEnd: sent[at], released }).toEqual({ sentAtEnd: '', released: at + 1 });
    });
  }

  test('words go out as they come', () => {
    expect(textPerUnit('Hi, you.')).toEqual(['H', 'i', ',', '', ' y', 'o', 'u', '.']);
  });
});

describe('scanLimit bounds what is held back:', () => {
  const LIMIT = 70;
  const rules = { ...RULES, scanLimit: LIMIT };
  const long = 'x'.repeat(100);
  const CASES: [title: string, text: string][] = [
    ['bare JSON without a name', `{"arguments":{"query":"${long}"}}`],
    ['a bare call that is broken', `{"name":"search","arguments":{'query':"${long}"}}`],
    [
      'a code block whose name comes last',
      `\`\`\`json\n{"arguments":"${long}","name":"now"}\n\`\`\``,
    ],
    [
      'a block whose name comes last',
      `<tool_call>{"arguments":{"query":"${long}"},"name":"search"}</tool_call>`,
    ],
    ['a broken block', `<tool_call>{'name':'search','arguments':{'query':'${long}'}}</tool_call>`],
    ['a call whose arguments do not begin', `{"name":"search","arguments": ${' '.repeat(100)}`],
    ['a code span', `\`${BLOCK}${long}`],
  ];
  for (const [title, text] of CASES) {
    test(`${title} that is longer is text`, () => {
      expect(readAtEverySplit(text, { rules })).toEqual({ text, calls: [], finishReason: 'stop' });
      const units = replyOf(text.split('')).slice(0, LIMIT + 20);
      expect(stageParts(units, rules).length).toBeGreaterThan(0);
    });
  }

  const OBJECT = `{"query":"${long}"}`;
  const STRING = JSON.stringify(OBJECT);
  const CERTAIN: [title: string, text: string, calls: number][] = [
    [
      'in GLM’s form',
      `<tool_call>search<arg_key>query</arg_key><arg_value>${long}</arg_value></tool_call>`,
      1,
    ],
    ['in a block', `<tool_call>{"name":"search","arguments":${OBJECT}}</tool_call>`, 1],
    [
      'in a block, its arguments as a string',
      `<tool_call>{"name":"search","arguments":${STRING}}</tool_call>`,
      1,
    ],
    [
      'in a block, its arguments as a string without their end',
      `<tool_call>{"name":"search","arguments": "{\\"query\\":\\"${long}</tool_call>`,
      1,
    ],
    [
      'in a block, its arguments under another name',
      `<tool_call>{"name":"search","parameters":${OBJECT}}</tool_call>`,
      1,
    ],
    ['as a bare object', `{"name":"search","arguments":${OBJECT}}`, 1],
    ['as a bare object, its arguments as a string', `{"name":"search","args":${STRING}}`, 1],
    [
      'in a bare list',
      `{"tool_calls":[{"function":{"name":"now","arguments":"{}"}},{"function":{"name":"search","arguments":${STRING}}}]}`,
      2,
    ],
    ['in a code block', `\`\`\`json\n{"name":"search","arguments":${OBJECT}}\n\`\`\``, 1],
    [
      'in a code block, its arguments as a string',
      `\`\`\`\n[{"name":"search","args":${STRING}}]\n\`\`\``,
      1,
    ],
  ];
  for (const [title, text, calls] of CERTAIN) {
    test(`a call whose name and beginning of arguments are within it may be longer, ${title}`, () => {
      const reply = readAtEverySplit(text, { rules });
      expect({ text: reply.text, calls: reply.calls.length }).toEqual({ text: '', calls });
      const given = JSON.parse(reply.calls.at(-1)?.arguments ?? '');
      expect(given).toEqual({ query: long });
    });
  }

  test('a call that is not longer is read', () => {
    expect(readAtEverySplit(CALL, { rules }).calls).toHaveLength(1);
  });

  test('JSON that breaks behind the beginning of a bare call is no longer without limit', () => {
    const text = `{"name":"search","arguments":{"query":"a",,${long}`;
    const sent = stageParts(replyOf([text]).slice(0, -1), rules);
    expect(sent).toEqual([{ type: 'text-delta', text }]);
  });
});
