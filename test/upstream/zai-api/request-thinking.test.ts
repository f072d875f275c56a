import { expect, test } from 'bun:test';
import type { UpstreamRequest } from '../../../src/upstream/upstream-request.ts';
import { bodyOf } from './make-exchange.ts';

const SAID = [
  { role: 'user', content: 'hi' },
  { role: 'assistant', content: 'Hello.', reasoning: 'They greet.' },
  { role: 'user', content: 'and?' },
] satisfies UpstreamRequest['messages'];

type Case = [what: string, request: Partial<UpstreamRequest>, sent: Record<string, unknown>];

test.each<Case>([
  ['is on', { thinking: true }, { on: true }],
  ['is off', { thinking: false }, { on: false }],
  ['keeps returned reasoning', { thinking: true, messages: SAID }, { on: true, clear: false }],
  [
    'forgets it when told so',
    { thinking: true, messages: SAID, clearThinking: true },
    { on: true, clear: true },
  ],
  ['is told to keep it', { clearThinking: false }, { on: false, clear: false }],
])('thinking %s, in either dialect', (_, request, { on, clear }) => {
  const clearing = clear === undefined ? {} : { clear_thinking: clear };
  expect([bodyOf(request).thinking, bodyOf(request, 'openai-compatible').thinking]).toEqual([
    { type: on ? 'enabled' : 'disabled', ...clearing },
    undefined,
  ]);
  expect([
    bodyOf(request).chat_template_kwargs,
    bodyOf(request, 'openai-compatible').chat_template_kwargs,
  ]).toEqual([undefined, { enable_thinking: on, ...clearing }]);
});
