import { describe, expect, test } from 'bun:test';
import { createToolCallAssembly } from '../../../src/convert/api/tool-call-assembly.ts';
import type { ToolCallPiece } from '../../../src/convert/api/tool-call-piece.ts';
import type { Part } from '../../../src/convert/part.ts';

type Call = [id: string, name: string, text: string];

const piece = (known: Partial<ToolCallPiece>): ToolCallPiece => {
  return { index: null, id: null, name: null, arguments: '', ...known };
};

function partsOf(pieces: readonly ToolCallPiece[]): { parts: Part[]; count: number } {
  const parts: Part[] = [];
  let made = 0;
  const createId = () => `made ${++made}`;
  const assembly = createToolCallAssembly((part) => parts.push(part), createId);
  for (const one of pieces) assembly.accept([one]);
  return { parts, count: assembly.count };
}

/** The calls as a client puts them together. */
function callsOf(...pieces: Partial<ToolCallPiece>[]): Call[] {
  const calls: Call[] = [];
  for (const part of partsOf(pieces.map(piece)).parts) {
    if (part.type === 'tool-call-start') calls[part.index] = [part.id, part.name, ''];
    if (part.type === 'tool-call-delta') (calls[part.index] as Call)[2] += part.arguments;
  }
  return calls;
}

describe('a piece belongs to', () => {
  test.each<[string, Partial<ToolCallPiece>[], Call[]]>([
    [
      'the latest call of its index',
      [
        { index: 0, id: 'a', name: 'f', arguments: '{' },
        { index: 1, id: 'b', name: 'g', arguments: '{' },
        { index: 0, arguments: '"x":1}' },
        { index: 1, arguments: '"y":1}' },
      ],
      [
        ['a', 'f', '{"x":1}'],
        ['b', 'g', '{"y":1}'],
      ],
    ],
    [
      'the call of its id, without an index',
      [
        { id: 'a', name: 'f', arguments: '{' },
        { id: 'b', name: 'g', arguments: '{' },
        { id: 'a', arguments: '}' },
        { id: 'b', arguments: '}' },
      ],
      [
        ['a', 'f', '{}'],
        ['b', 'g', '{}'],
      ],
    ],
    [
      'the call of its id that had no index yet',
      [
        { id: 'a', name: 'f', arguments: '{' },
        { index: 0, id: 'a', arguments: '}' },
      ],
      [['a', 'f', '{}']],
    ],
    [
      'the latest call, without either',
      [{ index: 0, id: 'a', name: 'f', arguments: '{' }, { arguments: '}' }],
      [['a', 'f', '{}']],
    ],
    [
      'its call, though it has another id and no name',
      [
        { index: 0, id: 'a', name: 'f', arguments: '{' },
        { index: 0, id: 'x', arguments: '}' },
      ],
      [['a', 'f', '{}']],
    ],
    [
      'its call, though it repeats the name',
      [
        { index: 0, name: 'f', arguments: '{"x":' },
        { index: 0, name: 'f', arguments: '{}' },
        { index: 0, name: 'f', arguments: '}' },
        { index: 0, name: 'f' },
      ],
      [['made 1', 'f', '{"x":{}}']],
    ],
    [
      'a call that is yet to be named',
      [
        { index: 0, id: 'a', arguments: '{"x"' },
        { index: 0, arguments: ':1' },
        { index: 0, name: 'f', arguments: '}' },
      ],
      [['a', 'f', '{"x":1}']],
    ],
  ])('%s', (_, pieces, calls) => {
    expect(callsOf(...pieces)).toEqual(calls);
  });
});

describe('a piece begins a call', () => {
  test.each<[string, Partial<ToolCallPiece>[], Call[]]>([
    [
      'when it has another id and a name',
      [
        { index: 0, id: 'a', name: 'f' },
        { index: 0, id: 'b', name: 'f' },
      ],
      [
        ['a', 'f', ''],
        ['b', 'f', ''],
      ],
    ],
    [
      'when it is another function and there are no ids',
      [
        { index: 0, name: 'f' },
        { index: 0, name: 'g' },
      ],
      [
        ['made 1', 'f', ''],
        ['made 2', 'g', ''],
      ],
    ],
    [
      'when the call of that name is complete',
      [
        { name: 'f', arguments: '{"x":1}' },
        { name: 'f', arguments: '{"x":2}' },
      ],
      [
        ['made 1', 'f', '{"x":1}'],
        ['made 2', 'f', '{"x":2}'],
      ],
    ],
  ])('%s', (_, pieces, calls) => {
    expect(callsOf(...pieces)).toEqual(calls);
  });
});

describe('an id', () => {
  test('is opaque, and kept', () => {
    expect(callsOf({ id: 'call_-7807255211226955507', name: 'f' })).toEqual([
      ['call_-7807255211226955507', 'f', ''],
    ]);
  });

  test('that another call has is replaced', () => {
    const calls = callsOf({ index: 0, id: 'a', name: 'f' }, { index: 1, id: 'a', name: 'f' });
    expect(calls.map(([id]) => id)).toEqual(['a', 'made 1']);
  });
});

test('a call that comes once more, whole, says nothing new', () => {
  const whole = { index: 0, id: 'a', name: 'f', arguments: '{"x":1}' };
  expect(callsOf({ ...whole, arguments: '{"x":' }, { index: 0, arguments: '1}' }, whole)).toEqual([
    ['a', 'f', '{"x":1}'],
  ]);
});

test('parts count calls from 0, and never are empty', () => {
  const pieces = [piece({ index: 3, id: 'a', name: 'f' }), piece({ index: 3, arguments: '{}' })];
  expect(partsOf(pieces)).toEqual({
    parts: [
      { type: 'tool-call-start', index: 0, id: 'a', name: 'f' },
      { type: 'tool-call-delta', index: 0, arguments: '{}' },
    ],
    count: 1,
  });
});

test('a call that is never named is none', () => {
  expect(partsOf([piece({ index: 0, id: 'a', arguments: '{}' })])).toEqual({ parts: [], count: 0 });
});

test('arguments never end between the halves of a character', () => {
  const { parts } = partsOf([
    piece({ index: 0, name: 'f', arguments: '"\ud83c' }),
    piece({ index: 0, arguments: '\udf0d"' }),
  ]);
  expect(parts.slice(1)).toEqual([
    { type: 'tool-call-delta', index: 0, arguments: '"' },
    { type: 'tool-call-delta', index: 0, arguments: '\ud83c\udf0d"' },
  ]);
});
