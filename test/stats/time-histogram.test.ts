import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { TimeHistogram } from '../../src/stats/time-histogram.ts';

const SHARES = [0.5, 0.95, 0.99, 1];

function histogramOf(times: readonly number[]): TimeHistogram {
  const histogram = new TimeHistogram();
  for (const time of times) histogram.add(time);
  return histogram;
}

function decoded(...encoded: Uint8Array[]): TimeHistogram {
  const histogram = new TimeHistogram();
  for (const bytes of encoded) histogram.mergeEncoded(bytes);
  return histogram;
}

function percentiles(histogram: TimeHistogram): (number | null)[] {
  return SHARES.map((share) => histogram.percentile(share));
}

/** From a hundredth of a millisecond to a day, as many of each size. */
const time = fc
  .double({ min: Math.log(0.01), max: Math.log(86_400_000), noNaN: true })
  .map(Math.exp);
const times = fc.array(time, { minLength: 1, maxLength: 200 });

describe('a histogram of times', () => {
  test('knows every percentile within 5 %, and within a millisecond below that', () => {
    fc.assert(
      fc.property(times, (values) => {
        const histogram = histogramOf(values);
        const sorted = values.toSorted((one, other) => one - other);
        for (const share of SHARES) {
          const exact = sorted[Math.ceil(values.length * share) - 1] ?? Number.NaN;
          const difference = Math.abs((histogram.percentile(share) ?? Number.NaN) - exact);
          expect(difference).toBeLessThanOrEqual(Math.max(1, exact * 0.05));
        }
      }),
    );
  });

  test('is the same whether times were added, merged, or merged from their encoded form', () => {
    fc.assert(
      fc.property(times, times, (some, others) => {
        const all = histogramOf([...some, ...others]);
        const merged = histogramOf(some);
        merged.merge(histogramOf(others));
        const stored = decoded(histogramOf(some).encode(), histogramOf(others).encode());
        const expected = all.encode();
        expect([merged.encode(), stored.encode()]).toEqual([expected, expected]);
        expect(percentiles(stored)).toEqual(percentiles(all));
      }),
    );
  });

  test('keeps counts beyond what seven, fourteen and 31 bits hold', () => {
    let histogram = histogramOf([1]);
    for (let doublings = 0; doublings < 32; doublings += 1) {
      const half = histogram.encode();
      histogram = decoded(half, half);
      if (doublings >= 30) break;
    }
    histogram.add(1_000);
    const again = decoded(histogram.encode());
    expect([again.percentile(0.999), again.percentile(1)]).toEqual([
      histogram.percentile(0.999),
      histogram.percentile(1),
    ]);
    expect(again.encode()).toEqual(histogram.encode());
  });

  test('has no percentiles when it is empty, or empty again', () => {
    const histogram = histogramOf([5]);
    histogram.clear();
    expect([percentiles(new TimeHistogram()), percentiles(histogram)]).toEqual([
      [null, null, null, null],
      [null, null, null, null],
    ]);
    expect(histogram.encode()).toEqual(new Uint8Array());
  });

  test('takes any number for a time', () => {
    const histogram = histogramOf([Number.NaN, -1, 0, Number.POSITIVE_INFINITY, 1e12]);
    expect([histogram.percentile(0.5), histogram.percentile(0.6)]).toEqual([0.5, 0.5]);
    expect(histogram.percentile(1)).toBeGreaterThan(3_000_000_000);
  });

  test('takes two bytes for each bin that few times are in', () => {
    expect(histogramOf([100, 100, 5_000]).encode()).toHaveLength(4);
  });
});
