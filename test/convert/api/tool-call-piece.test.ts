import { expect, test } from 'bun:test';
import {
  decodeToolCallPieces,
  type ToolCallPiece,
} from '../../../src/convert/api/tool-call-piece.ts';

test.each<[string, unknown, Partial<ToolCallPiece>[]]>([
  [
    'all fields',
    [{ index: 1, id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
    [{ index: 1, id: 'a', name: 'f', arguments: '{}' }],
  ],
  [
    'a piece of arguments',
    [{ index: 0, function: { arguments: '{' } }],
    [{ index: 0, arguments: '{' }],
  ],
  ['an object of arguments', [{ function: { arguments: { x: 1 } } }], [{ arguments: '{"x":1}' }]],
  ['a call that is no list', { id: 'a', function: { name: 'f' } }, [{ id: 'a', name: 'f' }]],
  [
    'empty and odd fields as none',
    [{ index: '0', id: '', type: null, function: { name: 7, arguments: null } }],
    [{}],
  ],
  ['a call without a function', [{ index: 0, id: 'a' }], [{ index: 0, id: 'a' }]],
  ['no call of another type', [{ index: 0, type: 'web_search', web_search: {} }], []],
  ['no call of no object', [null, 'x', 7], []],
  ['nothing of null', null, []],
  ['nothing of nothing', undefined, []],
])('reads %s', (_, calls, pieces) => {
  const none = { index: null, id: null, name: null, arguments: '' };
  expect(decodeToolCallPieces(calls)).toEqual(pieces.map((known) => ({ ...none, ...known })));
});
