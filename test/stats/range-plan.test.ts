import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { KeptSince } from '../../src/stats/kept-since-store.ts';
import { planRange } from '../../src/stats/range-plan.ts';
import { RESOLUTION_MS } from '../../src/stats/rollup-key.ts';

const ALL_KEPT: KeptSince = { request: 0, minute: 0, '5min': 0, hour: 0, day: 0 };
const at = (text: string) => Date.parse(`2026-11-${text}Z`);

/** What a range is read from, in words. */
function read(from: string, to: string, kept: KeptSince = ALL_KEPT): string[] {
  const { pieces } = planRange({ fromMs: at(from), toMs: at(to) }, kept, 'day');
  return pieces.map(({ source, range }) => {
    const [fromText, toText] = [range.fromMs, range.toMs].map((ms) =>
      new Date(ms).toISOString().slice(8, 19),
    );
    return `${source} ${fromText} ${toText}`;
  });
}

describe('a range is read', () => {
  test('from the largest buckets that fit, and from requests at ends within a minute', () => {
    expect(read('01T22:56:30', '04T01:07:15')).toEqual([
      'request 01T22:56:30 01T22:57:00',
      'minute 01T22:57:00 01T23:00:00',
      'hour 01T23:00:00 02T00:00:00',
      'day 02T00:00:00 04T00:00:00',
      'hour 04T00:00:00 04T01:00:00',
      '5min 04T01:00:00 04T01:05:00',
      'minute 04T01:05:00 04T01:07:00',
      'request 04T01:07:00 04T01:07:15',
    ]);
  });

  test('from nothing else when both ends are those of a day', () => {
    expect(read('01T00:00:00', '03T00:00:00')).toEqual(['day 01T00:00:00 03T00:00:00']);
  });

  test('from requests alone when it is shorter than a minute, also across one', () => {
    expect(read('01T10:00:50', '01T10:01:10')).toEqual(['request 01T10:00:50 01T10:01:10']);
  });

  test('from no bucket that is larger than a point of a series', () => {
    const range = { fromMs: at('01T00:00:00'), toMs: at('02T00:00:30') };
    const { pieces } = planRange(range, ALL_KEPT, '5min');
    expect(pieces.map(({ source }) => source)).toEqual(['5min', 'request']);
  });

  test('from an earlier moment on when what is before it is gone in detail', () => {
    const kept = { ...ALL_KEPT, request: at('05T00:00:00'), minute: at('03T00:00:00') };
    expect(read('02T10:07:30', '04T10:07:30', kept)).toEqual([
      '5min 02T10:05:00 02T11:00:00',
      'hour 02T11:00:00 03T00:00:00',
      'day 03T00:00:00 04T00:00:00',
      'hour 04T00:00:00 04T10:00:00',
      '5min 04T10:00:00 04T10:05:00',
      'minute 04T10:05:00 04T10:08:00',
    ]);
  });

  test('without the details of an end of which requests are kept and minutes are not', () => {
    const kept = { ...ALL_KEPT, minute: at('03T00:00:00') };
    expect(read('02T10:07:30', '02T10:12:30', kept)).toEqual(['5min 02T10:05:00 02T10:15:00']);
  });

  test('from days when only these are left', () => {
    const since = at('20T00:00:00');
    const kept = { ...ALL_KEPT, request: since, minute: since, '5min': since, hour: since };
    expect(read('02T10:07:30', '04T10:07:30', kept)).toEqual(['day 02T00:00:00 05T00:00:00']);
  });
});

describe('for any range, whatever has been deleted,', () => {
  const DAY_MS = RESOLUTION_MS.day;
  const moment = fc.integer({ min: 0, max: 30 * DAY_MS });
  /** As the retention does it: a whole one of what is coarser goes at once. */
  const kept = fc.record({
    request: moment,
    minute: moment.map((ms) => ms - (ms % RESOLUTION_MS['5min'])),
    '5min': moment.map((ms) => ms - (ms % RESOLUTION_MS.hour)),
    hour: moment.map((ms) => ms - (ms % DAY_MS)),
    day: fc.constant(0),
  });

  test('the pieces are whole buckets that are kept, without gaps, and cover what was asked', () => {
    fc.assert(
      fc.property(moment, moment, kept, (one, other, since) => {
        const [fromMs, toMs] = [Math.min(one, other), Math.max(one, other) + 1];
        const { range, pieces } = planRange({ fromMs, toMs }, since, 'day');
        expect(range.fromMs).toBeWithin(fromMs - DAY_MS + 1, fromMs + 1);
        expect(range.toMs).toBeWithin(toMs, toMs + DAY_MS);
        let reached = range.fromMs;
        for (const { source, range: piece } of pieces) {
          const size = source === 'request' ? 1 : RESOLUTION_MS[source];
          expect([piece.fromMs, piece.fromMs % size, piece.toMs % size]).toEqual([reached, 0, 0]);
          expect(piece.fromMs).toBeGreaterThanOrEqual(since[source]);
          if (source === 'request') expect(piece.toMs - piece.fromMs).toBeLessThan(120_000);
          reached = piece.toMs;
        }
        expect(reached).toBe(range.toMs);
      }),
    );
  });
});
