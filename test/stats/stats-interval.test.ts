import { describe, expect, test } from 'bun:test';
import { InvalidRequestError } from '../../src/errors.ts';
import type { KeptSince } from '../../src/stats/kept-since-store.ts';
import { chooseInterval } from '../../src/stats/stats-interval.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = 400 * DAY_MS;
const ALL_KEPT: KeptSince = { request: 0, minute: 0, '5min': 0, hour: 0, day: 0 };

const last = (lengthMs: number) => ({ fromMs: NOW - lengthMs, toMs: NOW + 1 });

describe('the interval of a series', () => {
  test('is one that makes a good chart when it is left open', () => {
    const lengths = [HOUR_MS, 6 * HOUR_MS, DAY_MS, 7 * DAY_MS, 14 * DAY_MS, 15 * DAY_MS, NOW];
    expect(lengths.map((length) => chooseInterval('auto', last(length), ALL_KEPT))).toEqual([
      'minute',
      '5min',
      '5min',
      'hour',
      'hour',
      'day',
      'day',
    ]);
  });

  test('is the one that is asked for', () => {
    const asked = ['minute', '5min', 'hour', 'day'] as const;
    expect(asked.map((one) => chooseInterval(one, last(HOUR_MS), ALL_KEPT))).toEqual([...asked]);
  });

  test('may not be too fine for the range', () => {
    const choose = (asked: 'minute' | '5min' | 'hour', lengthMs: number) => () =>
      chooseInterval(asked, last(lengthMs), ALL_KEPT);
    expect(choose('minute', 6 * HOUR_MS)).not.toThrow();
    expect(choose('minute', DAY_MS)).toThrow(InvalidRequestError);
    expect(choose('5min', 2 * DAY_MS)).toThrow("'5min': at most 24 hours");
    expect(choose('hour', 60 * DAY_MS)).toThrow(InvalidRequestError);
  });

  test('is the next coarser one where the finer buckets are gone', () => {
    const kept = { ...ALL_KEPT, minute: NOW - DAY_MS, '5min': NOW - 2 * DAY_MS };
    const hourAgo = (ms: number) => ({ fromMs: NOW - ms, toMs: NOW - ms + HOUR_MS });
    const chosen = [HOUR_MS, 30 * HOUR_MS, 50 * HOUR_MS].map((ms) =>
      chooseInterval('minute', hourAgo(ms), kept),
    );
    const gone = { ...kept, hour: NOW, day: NOW };
    chosen.push(chooseInterval('auto', hourAgo(3 * DAY_MS), gone));
    expect(chosen).toEqual(['minute', '5min', 'hour', 'day']);
  });
});
