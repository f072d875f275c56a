import { expect, test } from 'bun:test';
import { fillRequest } from '../../../src/chat/upstreams/fill-request.ts';
import { makeRequest } from '../../upstream/zai-web/make-exchange.ts';

const { tools: _, reminder: __, ...PLANNED } = makeRequest();
const TOOLS = { tools: [], choice: 'auto', parallel: true } as const;

test.each([
  ['auto', false, 'prompt'],
  ['auto', true, 'native'],
  ['native', false, 'native'],
  ['prompt', true, 'prompt'],
] as const)(
  'with TOOL_MODE=%s, native tools known: %p, tools are sent as %s',
  (mode, known, sent) => {
    expect(fillRequest({ ...PLANNED, tools: TOOLS }, known, mode)).toEqual({
      ...PLANNED,
      tools: { ...TOOLS, delivery: sent },
      reminder: null,
    });
  },
);

test('a request without tools stays without, in any mode', () => {
  expect(fillRequest({ ...PLANNED, tools: null }, true, 'native').tools).toBeNull();
});
