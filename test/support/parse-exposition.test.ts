import { expect, test } from 'bun:test';
import { parseExposition, sampleOf } from './parse-exposition.ts';

const HISTOGRAM = ['# HELP h Times.', '# TYPE h histogram'];

test('an exposition is read by metrics and samples', () => {
  const text = '# HELP a_total Some.\n# TYPE a_total counter\na_total{b="c\\"d"} 2\na_total 1e3\n';
  expect(parseExposition(text)).toEqual(
    new Map([
      [
        'a_total',
        {
          help: 'Some.',
          type: 'counter',
          samples: new Map([
            ['a_total{b="c\\"d"}', 2],
            ['a_total', 1_000],
          ]),
        },
      ],
    ]),
  );
  expect(sampleOf(parseExposition(text), 'a_total')).toBe(1_000);
});

test.each([
  ['a sample without a type', ['a 1']],
  ['a sample of another metric', ['# HELP a A.', '# TYPE a gauge', 'b 1']],
  ['a counter without _total', ['# HELP a A.', '# TYPE a counter', 'a 1']],
  ['a sample twice', ['# HELP a A.', '# TYPE a gauge', 'a 1', 'a 1']],
  ['no number', ['# HELP a A.', '# TYPE a gauge', 'a one']],
  ['a label without quotes', ['# HELP a A.', '# TYPE a gauge', 'a{b=c} 1']],
  ['buckets that fall', [...HISTOGRAM, 'h_bucket{le="1"} 2', 'h_bucket{le="+Inf"} 1', 'h_count 1']],
  ['a last bucket that lacks some', [...HISTOGRAM, 'h_bucket{le="+Inf"} 1', 'h_count 2']],
])('not an exposition: %s', (_name, lines) => {
  expect(() => parseExposition(`${lines.join('\n')}\n`)).toThrow();
});
