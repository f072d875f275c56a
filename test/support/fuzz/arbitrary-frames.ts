import fc from 'fast-check';
import type { WireUnit } from '../../corpus/reply-case.ts';
import { DONE } from '../../fixtures/replies/wire.ts';
import { snippets } from './snippets.ts';

const phase = fc.constantFrom(
  ...['thinking', 'thinking', 'answer', 'answer', 'answer', 'tool_call', 'other', 'planning'],
  'tool_response',
);

const delta = fc.record({ phase, delta_content: snippets });
const index = fc.oneof(
  fc.nat(12),
  fc.nat(300),
  fc.constantFrom<unknown>(0, 0, 100_000, null, -1, 1.5),
);
const edit = fc.record({ phase, edit_index: index, edit_content: snippets });
const both = fc.record({
  phase,
  edit_index: index,
  edit_content: snippets,
  delta_content: snippets,
});

/** What may stand for a number of tokens. */
export const count = fc.constantFrom<unknown>(0, 1, 7, 1000, -1, 0.5, '3', null);
const usage = fc.record({
  phase: fc.constant('other'),
  usage: fc.record(
    { prompt_tokens: count, completion_tokens: count, total_tokens: count },
    { requiredKeys: [] },
  ),
});

/** A call of a field, or a piece of one. */
export const call = fc.record(
  {
    index: fc.constantFrom<unknown>(0, 0, 1, 2, null, '1'),
    id: fc.constantFrom<unknown>('call_a', 'call_b', '', null),
    type: fc.constant('function'),
    function: fc.record(
      {
        name: fc.constantFrom<unknown>('get_weather', 'list_files', 'unknown', '', null),
        arguments: fc.constantFrom<unknown>(
          ...['{"city":', '"Paris"}', '{"city":"Paris"}', '', '{', '}', '"', '\\', '{}'],
          { city: 'Rome' },
          [1],
          null,
        ),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['function'] },
);
const calls = fc.record({ phase, tool_calls: fc.array(call, { maxLength: 3 }) });

const page = fc.record(
  {
    title: fc.constantFrom('A', '[B](c)', '', '<b>\n'),
    url: fc.constantFrom('https://a.example', 'http://b.example/(x)', 'javascript:x', ''),
    index: fc.constantFrom<unknown>(1, 1, 2, 0, -3, 'x'),
    ref_id: fc.constantFrom<unknown>('turn0search0', 'turn0search1', '', null),
  },
  { requiredKeys: ['url'] },
);
const pages = fc
  .tuple(fc.constantFrom('results', 'sources', 'citations'), fc.array(page, { maxLength: 3 }))
  .map(([field, list]) => ({ phase: 'other', [field]: list }));

const error = fc.record({
  error: fc.constantFrom<unknown>(
    { code: 429 },
    { code: 'FRONTEND_CAPTCHA_REQUIRED' },
    { detail: 'sensitive' },
    'too many requests',
  ),
});

const ending = fc.constantFrom<WireUnit>(
  DONE,
  { phase: 'done', done: true, finish_reason: 'length' },
  'data: [DONE]\n\n',
  'data: {"data":"[DONE]"}\n\n',
);

const raw = fc.constantFrom<WireUnit>(
  ': ping\n\n',
  'data: garbage\n\n',
  'data: null\n\n',
  'event: x\ndata: {"delta_content":"y"}\n\n',
  '\r\n\r\r\n',
  'data:',
);

const unit: fc.Arbitrary<WireUnit> = fc.oneof(
  { weight: 24, arbitrary: delta },
  { weight: 8, arbitrary: edit },
  { weight: 1, arbitrary: both },
  { weight: 2, arbitrary: usage },
  { weight: 4, arbitrary: calls },
  { weight: 2, arbitrary: pages },
  { weight: 1, arbitrary: error },
  { weight: 1, arbitrary: raw },
  { weight: 1, arbitrary: ending },
) as fc.Arbitrary<WireUnit>;

/** A reply of any frames; most have an end. */
export const frames: fc.Arbitrary<WireUnit[]> = fc
  .tuple(fc.array(unit, { maxLength: 12 }), fc.option(ending, { freq: 6 }))
  .map(([units, end]) => (end === null ? units : [...units, end]));
