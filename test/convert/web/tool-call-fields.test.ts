import { describe, expect, test } from 'bun:test';
import { createRevisableCalls } from '../../../src/convert/revisable/revisable-calls.ts';
import { createToolCallFields } from '../../../src/convert/web/tool-call-fields.ts';
import { decodeWebToolCalls } from '../../../src/convert/web/web-tool-calls.ts';

/** What a client makes of these frames' fields: the calls, by index. */
function callsIn(...frames: Record<string, unknown>[]) {
  const calls: { id: string; name: string; arguments: string }[] = [];
  const append = (index: number, text: string) => {
    const call = calls[index];
    if (call !== undefined) call.arguments += text;
  };
  const revisable = createRevisableCalls({
    start(index, id, name) {
      calls[index] = { id, name, arguments: '' };
    },
    append,
    change: append,
  });
  const fields = createToolCallFields(new Set(['add', 'now']), revisable);
  for (const frame of frames) fields.accept(decodeWebToolCalls(frame));
  return calls;
}

const deltas = (...tool_calls: object[]) => ({ tool_calls });
const call = (id: string, name: string, args: string) => ({ id, name, arguments: args });
const MADE_UP = expect.stringMatching(/^call_\w{20,}$/);

describe('calls in tool_calls', () => {
  test.each<[string, Record<string, unknown>[], object[]]>([
    [
      'as OpenAI streams them',
      [
        deltas({ index: 0, id: 'c1', type: 'function', function: { name: 'add', arguments: '' } }),
        deltas({ index: 0, function: { arguments: '{"a"' } }),
        deltas({ index: 1, id: 'c2', function: { name: 'now', arguments: '{' } }),
        deltas(
          { index: 0, function: { arguments: ':1}' } },
          { index: 1, function: { arguments: '}' } },
        ),
      ],
      [call('c1', 'add', '{"a":1}'), call('c2', 'now', '{}')],
    ],
    [
      'whole, with their arguments as an object',
      [
        deltas(
          { id: 'c1', function: { name: 'add', arguments: { a: 1 } } },
          { id: 'c2', function: { name: 'now' } },
        ),
      ],
      [call('c1', 'add', '{"a":1}'), call('c2', 'now', '')],
    ],
    [
      'all with index 0',
      [
        deltas({ index: 0, id: 'c1', function: { name: 'add', arguments: '{"a"' } }),
        deltas({ index: 0, function: { arguments: ':1}' } }),
        deltas({ index: 0, id: 'c2', function: { name: 'add', arguments: '{"b"' } }),
        deltas({ index: 0, id: 'c2', function: { arguments: ':2}' } }),
      ],
      [call('c1', 'add', '{"a":1}'), call('c2', 'add', '{"b":2}')],
    ],
    [
      'without an index',
      [
        deltas({ id: 'c1', function: { name: 'add', arguments: '{"a"' } }),
        deltas({ function: { arguments: ':1}' } }),
        deltas({ id: 'c2', function: { name: 'now', arguments: '{' } }),
        deltas({ function: { arguments: '}' } }),
      ],
      [call('c1', 'add', '{"a":1}'), call('c2', 'now', '{}')],
    ],
    [
      'without an id',
      [
        deltas({ index: 0, function: { name: 'add', arguments: '{"a":1}' } }),
        deltas({ index: 1, function: { name: 'add', arguments: '{"a":2}' } }),
      ],
      [call(MADE_UP, 'add', '{"a":1}'), call(MADE_UP, 'add', '{"a":2}')],
    ],
    [
      'without an id or an index, whole',
      [deltas({ name: 'add', arguments: '{"a":1}' }, { name: 'add', arguments: '{"a":2}' })],
      [call(MADE_UP, 'add', '{"a":1}'), call(MADE_UP, 'add', '{"a":2}')],
    ],
    [
      'with the name in every piece',
      [
        deltas({ index: 0, function: { name: 'add', arguments: '{"a"' } }),
        deltas({ index: 0, function: { name: 'add', arguments: ':1}' } }),
      ],
      [call(MADE_UP, 'add', '{"a":1}')],
    ],
    [
      'with an id of its own for every piece',
      [
        deltas({ index: 0, id: 'x1', function: { name: 'add', arguments: '{"a"' } }),
        deltas({ index: 0, id: 'x2', function: { arguments: ':1}' } }),
      ],
      [call('x1', 'add', '{"a":1}')],
    ],
    [
      'with one id for two functions, each piece with the place of its call',
      [
        deltas({ index: 0, id: 'c1', function: { name: 'add', arguments: '{"a"' } }),
        deltas({ index: 1, id: 'c1', function: { name: 'now', arguments: '{' } }),
        deltas({ index: 0, id: 'c1', function: { arguments: ':1}' } }),
        deltas({ index: 1, id: 'c1', function: { arguments: '}' } }),
      ],
      [call('c1', 'add', '{"a":1}'), call(MADE_UP, 'now', '{}')],
    ],
    [
      'with one id for two functions, whole',
      [
        deltas(
          { id: 'c1', name: 'add', arguments: '{}' },
          { id: 'c1', name: 'now', arguments: '{}' },
        ),
      ],
      [call('c1', 'add', '{}'), call(MADE_UP, 'now', '{}')],
    ],
    [
      'once, though they come again whole',
      [
        deltas({ index: 0, id: 'c1', function: { name: 'add', arguments: '{"a":1}' } }),
        deltas({ index: 0, id: 'c1', function: { name: 'add', arguments: '{"a":1}' } }),
      ],
      [call('c1', 'add', '{"a":1}')],
    ],
    [
      'of functions that the client did not name, too',
      [deltas({ id: 'c1', function: { name: 'sub', arguments: '{}' } })],
      [call('c1', 'sub', '{}')],
    ],
    [
      'one that is not in a list',
      [{ tool_calls: { id: 'c1', function: { name: 'add', arguments: '{}' } } }],
      [call('c1', 'add', '{}')],
    ],
    ['none that has no name', [deltas({ id: 'c1', function: { arguments: '{}' } })], []],
    [
      'none in values of other types',
      [{ tool_calls: 'add' }, { tool_calls: [null, 3] }, { tool_calls: null }],
      [],
    ],
  ])('are read %s', (_, frames, calls) => {
    expect(callsIn(...frames)).toEqual(calls as never);
  });
});

describe('calls in delta_name and delta_arguments', () => {
  const piece = (fields: object, id?: string) => ({
    phase: 'tool_call',
    ...fields,
    metadata: { type: 'function', ...(id !== undefined && { tool_call_id: id }) },
  });

  test('are put together', () => {
    expect(
      callsIn(
        piece({ delta_name: 'add', delta_arguments: '{"' }, 'c1'),
        piece({ delta_arguments: 'a":1}' }),
        piece({ delta_name: 'now', delta_arguments: '{}' }, 'c2'),
      ),
    ).toEqual([call('c1', 'add', '{"a":1}'), call('c2', 'now', '{}')]);
  });

  test('of functions that are not the client’s are the service’s own', () => {
    expect(
      callsIn(
        piece({ delta_name: 'search', delta_arguments: '{"q' }, 'c1'),
        piece({ delta_arguments: '":1}' }),
        piece({ delta_name: 'add', delta_arguments: '{}' }, 'c2'),
      ),
    ).toEqual([call('c2', 'add', '{}')]);
  });
});
