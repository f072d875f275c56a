import fc from 'fast-check';
import { must } from '../must.ts';
import { checkReply } from './check-reply.ts';
import { type FuzzReply, fuzzReply } from './fuzz-reply.ts';
import { checkText, type FuzzText, fuzzText } from './fuzz-text.ts';

type FuzzCase = FuzzReply | FuzzText;

/** No input is long enough to need this; one that does makes work out of nothing. */
const MAX_MS = 2_000;

/** What holds for every input there is. */
export const fuzzProperty = fc.property(
  fc.oneof(
    { weight: 4, arbitrary: fuzzReply as fc.Arbitrary<FuzzCase> },
    { weight: 1, arbitrary: fuzzText },
  ),
  (fuzzCase) => {
    const start = performance.now();
    if (fuzzCase.kind === 'reply') checkReply(fuzzCase);
    else checkText(fuzzCase);
    must(performance.now() - start < MAX_MS, `the work is done within ${MAX_MS} ms`);
  },
);

/** What to tell of an input that broke a rule. */
export function describeCase(fuzzCase: FuzzCase): string {
  const { rules, cuts, ...input } = fuzzCase;
  const bytes = input.kind === 'reply' ? new TextDecoder().decode(input.upstream) : input.text;
  const { tools } = rules;
  const shortRules = { ...rules, tools: tools && { ...tools, tools: tools.tools.length } };
  return [
    input.kind === 'reply' ? `${input.wire} sent:` : `the text of phase ${input.phase}:`,
    JSON.stringify(bytes),
    `cuts: ${JSON.stringify(cuts)}`,
    `rules: ${JSON.stringify(shortRules)}`,
  ].join('\n');
}
