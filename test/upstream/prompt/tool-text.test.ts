import { describe, expect, test } from 'bun:test';
import {
  writeFunctionCall,
  writeToolCall,
  writeToolResult,
} from '../../../src/upstream/prompt/tool-text.ts';

const valuesOf = (text: string) =>
  [...text.matchAll(/<arg_value>([\s\S]*?)<\/arg_value>/g)].map((match) => match[1]);

describe('a call as text', () => {
  test('has text values raw, and all others as JSON', () => {
    const values = ['two\nlines "and" \\ é 🌍', '', '7', 7, 1.5, true, null, [1, 'a'], { b: 'c' }];
    const text = writeFunctionCall({
      name: 'f',
      arguments: JSON.stringify(Object.fromEntries(values.map((value, i) => [`k${i}`, value]))),
    });
    expect(valuesOf(text)).toEqual([
      'two\nlines "and" \\ é 🌍',
      '',
      '7',
      '7',
      '1.5',
      'true',
      'null',
      '[1,"a"]',
      '{"b":"c"}',
    ]);
  });

  test('has every number as it was written', () => {
    const json = '{"id":12345678901234567890,"list":[1.0,{"x":1e400}],"zero":-0}';
    expect(valuesOf(writeFunctionCall({ name: 'f', arguments: json }))).toEqual([
      '12345678901234567890',
      '[1.0,{"x":1e400}]',
      '-0',
    ]);
  });

  test.each(['', '  ', '{}', null, undefined])('has no arguments when they are %j', (json) => {
    const call = { name: 'now', ...(json !== undefined && { arguments: json }) };
    expect(writeFunctionCall(call)).toBe('<tool_call>now\n</tool_call>');
  });

  test.each(['{"cut', '[1]', '7', '"text"', 'null'])(
    'stays JSON as a whole when the arguments are %s, which have no keys',
    (json) => {
      const call = { name: 'say "hi"', arguments: json };
      expect(writeFunctionCall(call)).toBe(`<tool_call>${JSON.stringify(call)}</tool_call>`);
    },
  );

  test('keeps all of a call that is not of a function', () => {
    const call = { id: 'c2', type: 'custom', custom: { name: 'sql', input: 'select 1' } };
    expect(writeToolCall(call)).toBe(`<tool_call>${JSON.stringify(call)}</tool_call>`);
  });
});

test('a result names its function, when it is known', () => {
  expect([writeToolResult('1', 'f'), writeToolResult('', null)]).toEqual([
    '<tool_response name="f">\n1\n</tool_response>',
    '<tool_response>\n\n</tool_response>',
  ]);
});
