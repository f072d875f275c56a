import fc from 'fast-check';
import type { WireUnit } from '../../corpus/reply-case.ts';
import { API_DONE } from '../../fixtures/replies/api-wire.ts';
import { call, count } from './arbitrary-frames.ts';
import { snippets } from './snippets.ts';

const text = fc.option(snippets, { freq: 3 });
const delta = fc.record(
  {
    role: fc.constant('assistant'),
    content: text,
    reasoning_content: text,
    reasoning: text,
    tool_calls: fc.array(call, { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const plainDelta = fc.record({ content: snippets });

const reason = fc.constantFrom<unknown>(
  ...['stop', 'tool_calls', 'length', 'sensitive', 'network_error', '', 'x', null, 3],
);
const choice = fc.record(
  { index: fc.constantFrom<unknown>(0, 0, 0, 1, null, 'x'), delta, finish_reason: reason },
  { requiredKeys: ['delta'] },
);
const usage = fc.record(
  { prompt_tokens: count, completion_tokens: count, total_tokens: count },
  { requiredKeys: [] },
);

const page = fc.record(
  {
    title: fc.constantFrom('A', '[B](c)', ''),
    link: fc.constantFrom('https://a.example', 'http://b.example/(x)', 'javascript:x', ''),
    refer: fc.constantFrom<unknown>('ref_1', 'ref_2', 'ref_0', '1', '', null),
  },
  { requiredKeys: ['link'] },
);
const pages = fc.array(page, { maxLength: 3 }).map((web_search) => ({ choices: [], web_search }));

const said = plainDelta.map((plain) => ({ choices: [{ index: 0, delta: plain }] }));
const anything = fc.record(
  { choices: fc.array(choice, { maxLength: 2 }), usage },
  { requiredKeys: ['choices'] },
);
const raw = fc.constantFrom<WireUnit>(
  ...['data: {"error":{"code":"1302"}}\n\n', 'data: {"error":{"code":"1301"}}\n\n'],
  ...[': ping\n\n', 'data: garbage\n\n', 'data: {"usage":{"total_tokens":3}}\n\n', 'data:'],
);

const unit: fc.Arbitrary<WireUnit> = fc.oneof(
  { weight: 16, arbitrary: said },
  { weight: 16, arbitrary: anything },
  { weight: 3, arbitrary: pages },
  { weight: 2, arbitrary: raw },
) as fc.Arbitrary<WireUnit>;

const ending: readonly WireUnit[] = [
  { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
  API_DONE,
];

/** A reply of any chunks of the API; most have an end. */
export const chunks: fc.Arbitrary<WireUnit[]> = fc
  .tuple(fc.array(unit, { maxLength: 12 }), fc.boolean(), fc.boolean())
  .map(([units, isLong, isCut]) => [...units, ...ending.slice(isLong ? 0 : 1, isCut ? 1 : 2)]);
