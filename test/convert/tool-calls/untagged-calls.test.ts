import { describe, expect, test } from 'bun:test';
import { type CallCase, call, RULES, readAtEverySplit, testCallCase } from './read-reply.ts';

const CAT_JSON = '{"name": "search", "arguments": {"query": "cat"}}';
const CAT = call(1, 'search', '{"query": "cat"}');
const LIST = `{"tool_calls": [{"id": "a", "type": "function", "function": {"name": "now", "arguments": "{}"}}, ${CAT_JSON}]}`;
const LIST_CALLS = [{ id: 'a', name: 'now', arguments: '{}' }, CAT];

const CASES: CallCase[] = [
  { title: 'a bare object', text: CAT_JSON, calls: [CAT] },
  { title: 'a bare list of tool_calls', text: LIST, calls: LIST_CALLS },
  {
    title: 'a bare object over several lines, indented',
    text: '  {\n    "name": "search",\n    "arguments": {"query": "cat"}\n  }  \n',
    calls: [CAT],
  },
  {
    title: 'a bare object between lines of text',
    text: `I search.\n${CAT_JSON}\nThat is all.`,
    calls: [CAT],
    rest: 'I search.\n\nThat is all.',
  },
  {
    title: 'several bare objects, each on its line',
    text: `${CAT_JSON}\n{"name":"now","args":{}}`,
    calls: [CAT, call(2, 'now', '{}')],
  },
  {
    title: 'a bare object that is broken in its arguments',
    text: '{"name": "search", "arguments": {"limit": 5, \'query\': "a\ncat",}}\nWell.',
    calls: [call(1, 'search', '{"limit": 5,"query":"a\\ncat"}')],
    rest: 'Well.',
  },
  {
    title: 'a bare object without its end',
    text: '{"name": "search", "arguments": {"query": "cat"}',
    calls: [CAT],
  },
  {
    title: 'a bare list without its end',
    text: `{"tool_calls": [${CAT_JSON}`,
    calls: [CAT],
  },
  {
    title: 'a code block of JSON',
    text: `\`\`\`json\n${CAT_JSON}\n\`\`\``,
    calls: [CAT],
  },
  {
    title: 'a code block of tool_calls, between lines of text',
    text: `I search.\n\n\`\`\`json\n${LIST}\n\`\`\`\nThat is all.`,
    calls: LIST_CALLS,
    rest: 'I search.\n\n\nThat is all.',
  },
  {
    title: 'a code block without a language, with other marks',
    text: `~~~~\n\n${CAT_JSON}\n\n~~~~`,
    calls: [CAT],
  },
  {
    title: 'a code block in another spelling of its language',
    text: `\`\`\`JSON \r\n${CAT_JSON}\r\n\`\`\``,
    calls: [CAT],
  },
  {
    title: 'a code block of tool_call',
    text: `\`\`\`tool_call\n${CAT_JSON}\n\`\`\``,
    calls: [CAT],
  },
  {
    title: 'a code block with a list',
    text: `\`\`\`json\n[\n${CAT_JSON},\n${CAT_JSON}\n]\n\`\`\``,
    calls: [CAT, call(2, 'search', '{"query": "cat"}')],
  },
  {
    title: 'a code block with several objects',
    text: `\`\`\`json\n${CAT_JSON}\n${CAT_JSON}\n\`\`\``,
    calls: [CAT, call(2, 'search', '{"query": "cat"}')],
  },
  {
    title: 'a code block of broken JSON',
    text: "```json\n{'name': 'search', 'arguments': {'query': 'cat'}}\n```\nWell.",
    calls: [call(1, 'search', '{"query":"cat"}')],
    rest: 'Well.',
  },
  { title: 'a code block left open', text: `\`\`\`json\n${CAT_JSON}\n`, calls: [CAT] },
  {
    title: 'a code block left open in its end',
    text: `\`\`\`json\n${CAT_JSON}\n\`\``,
    calls: [CAT],
  },
  {
    title: 'a code block with a fence in a string',
    text: '```json\n{"name": "search", "arguments": {"query": "```\\n```"}}\n```',
    calls: [call(1, 'search', '{"query": "```\\n```"}')],
  },
];

describe('JSON without tags is read as calls:', () => {
  for (const one of CASES) testCallCase(one);
});

const BLOCK = '<tool_call>{"name": "search", "arguments": {"query": "cat"}}</tool_call>';
const GLM_BLOCK =
  '<tool_call>search\n<arg_key>query</arg_key>\n<arg_value>```\n</arg_value>\n</tool_call>';
const FENCED_GLM = call(1, 'search', '{"query":"```\\n"}');

const FENCED_BLOCKS: CallCase[] = [
  ...['', 'xml', 'json', 'tool_call', 'TOOL_CALLS '].map((language) => ({
    title: `with the language '${language}'`,
    text: `\`\`\`${language}\n${BLOCK}\n\`\`\``,
    calls: [CAT],
  })),
  {
    title: 'with white space everywhere',
    text: `\n\n  ~~~~\r\n\n  ${BLOCK}\r\n\n  ~~~~  \n\n`,
    calls: [CAT],
  },
  {
    title: 'with several blocks, of both forms, and marks in a value',
    text: `\`\`\`\n${GLM_BLOCK}\n\n${BLOCK}<tool_call>now</tool_call>\n\`\`\``,
    calls: [FENCED_GLM, call(2, 'search', '{"query": "cat"}'), call(3, 'now', '{}')],
  },
  {
    title: 'with a block that the next one ends, and one that the fence does',
    text: '```\n<tool_call>now<tool_call>{"name":"now","arguments":{}}\n```',
    calls: [call(1, 'now', '{}'), call(2, 'now', '{}')],
  },
  { title: 'whose fence is left open', text: `\`\`\`\n${GLM_BLOCK}`, calls: [FENCED_GLM] },
  { title: 'whose fence is left open in its end', text: `\`\`\`\n${BLOCK}\n\`\``, calls: [CAT] },
];

describe('a code block of tags that is the whole answer is calls,', () => {
  for (const one of FENCED_BLOCKS) testCallCase(one);

  test('not when the reply was cut off: more might have followed', () => {
    const text = `\`\`\`\n${BLOCK}\n\`\`\``;
    expect(readAtEverySplit(text, { finishReason: 'length' })).toEqual({
      text,
      calls: [],
      finishReason: 'length',
    });
  });

  test('however long they are', () => {
    const text = `\`\`\`\n<tool_call>search<arg_key>query</arg_key><arg_value>${'x'.repeat(200)}</arg_value></tool_call>\n\`\`\``;
    const rules = { ...RULES, scanLimit: 50 };
    expect(readAtEverySplit(text, { rules }).calls).toHaveLength(1);
  });
});
