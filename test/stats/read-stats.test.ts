import { describe, expect, test } from 'bun:test';
import { readStats } from '../../src/stats/read-stats.ts';
import { startStatistics } from './start-statistics.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const start = () => startStatistics({ now: () => NOW });

describe('reading the statistics', () => {
  test('includes requests that were settled a moment ago', () => {
    using stats = start();
    stats.record({ startedAt: NOW });
    expect(readStats(stats.sources).total.requests).toBe(1);
  });

  test('covers the last 24 hours when it is not told otherwise', () => {
    using stats = start();
    stats.record(...[0, 23, 25].map((hours) => ({ startedAt: NOW - hours * HOUR_MS })));
    const { from, to, total } = readStats(stats.sources);
    expect({ from, to, requests: total.requests }).toEqual({
      from: '2026-11-19T12:00:00.001Z',
      to: '2026-11-20T12:00:00.001Z',
      requests: 2,
    });
  });

  test('covers the range it is asked for', () => {
    using stats = start();
    stats.record(...[1, 2, 3, 4].map((startedAt) => ({ startedAt, durationMs: startedAt })));
    const { total } = readStats(stats.sources, { fromMs: 2, toMs: 4 });
    expect(total).toMatchObject({ requests: 2, duration_ms: { average: 3, p50: 2, p99: 3 } });
  });

  test('tells of an empty range without inventing zeros', () => {
    using stats = start();
    const unknown = { average: null, p50: null, p95: null, p99: null };
    expect(readStats(stats.sources, { fromMs: 0, toMs: 1 })).toEqual({
      from: '1970-01-01T00:00:00.000Z',
      to: '1970-01-01T00:00:00.001Z',
      total: {
        requests: 0,
        completed: 0,
        failed: 0,
        cancelled: 0,
        attempts: 0,
        prompt_tokens: null,
        completion_tokens: null,
        reasoning_tokens: null,
        cached_tokens: null,
        edit_conflicts: 0,
        first_byte_ms: unknown,
        duration_ms: unknown,
      },
      by_model: [],
      by_upstream: [],
      by_outcome: [],
    });
  });

  test('answers for an earlier moment where the details of the asked one have been deleted', () => {
    using stats = start();
    const before = NOW - 3 * DAY_MS;
    stats.record({ startedAt: before }, { startedAt: before + HOUR_MS + 1 }, { startedAt: NOW });
    stats.sources.recorder.flush();
    stats.sources.counter.catchUp();
    stats.sources.requests.deleteBefore(NOW - DAY_MS, 10);
    stats.sources.rollups.deleteBefore('minute', NOW - DAY_MS, 10);
    stats.sources.rollups.deleteBefore('5min', NOW - DAY_MS, 10);
    const { from, to, total } = readStats(stats.sources, {
      fromMs: before + 5 * MINUTE_MS,
      toMs: before + HOUR_MS + MINUTE_MS,
    });
    expect({ from, to, requests: total.requests }).toEqual({
      from: '2026-11-17T12:00:00.000Z',
      to: '2026-11-17T14:00:00.000Z',
      requests: 2,
    });
  });
});

describe('groups', () => {
  test('have the most requests first, and null for what has no name', () => {
    using stats = start();
    stats.record(
      { model: 'GLM-5', upstream: null, outcome: 'failed', errorCode: 'queue_full' },
      { model: 'GLM-4.6', upstream: 'zai-api', clientKeyId: null },
      { model: 'GLM-4.6', upstream: 'zai-api' },
      { model: 'GLM-4.6' },
      { model: 'GLM-4.6' },
      { model: 'glm-0', modelIsPublic: false },
      { model: 'any', outcome: 'failed', errorCode: 'model_not_found' },
      { model: 'other', outcome: 'failed', errorCode: 'model_not_found' },
    );
    const groupings = ['model', 'upstream', 'outcome', 'error', 'key'] as const;
    const groups = groupings.map((groupBy) =>
      readStats(stats.sources, { fromMs: 0, groupBy }).groups?.map(({ value, requests }) => [
        value,
        requests,
      ]),
    );
    expect(groups).toEqual([
      [
        ['GLM-4.6', 4],
        ['unknown', 3],
        ['GLM-5', 1],
      ],
      [
        ['zai-web', 5],
        ['zai-api', 2],
        [null, 1],
      ],
      [
        ['completed', 5],
        ['failed', 3],
      ],
      [
        [null, 5],
        ['model_not_found', 2],
        ['queue_full', 1],
      ],
      [
        ['key_1', 7],
        [null, 1],
      ],
    ]);
  });

  test('keep unknown tokens apart from none', () => {
    using stats = start();
    const unknown = { promptTokens: null, reasoningTokens: null, cachedTokens: null };
    stats.record({ ...unknown, cachedTokens: 0 }, { ...unknown, reasoningTokens: 4 });
    const { total } = readStats(stats.sources, { fromMs: 0 });
    expect(total).toMatchObject({ prompt_tokens: null, cached_tokens: 0, reasoning_tokens: 4 });
  });

  test('average first bytes over the requests that had one, durations over all', () => {
    using stats = start();
    stats.record(
      { firstByteMs: 100, durationMs: 400 },
      { firstByteMs: 200, durationMs: 200 },
      { firstByteMs: null, durationMs: 0 },
    );
    const { total } = readStats(stats.sources, { fromMs: 0 });
    expect([total.first_byte_ms.average, total.duration_ms.average]).toEqual([150, 200]);
  });
});

describe('a series', () => {
  test('has a point for each step in which a request began, in the order of time', () => {
    using stats = start();
    const begin = NOW - HOUR_MS;
    stats.record(
      ...[7, 0, 1, 6].map((minutes) => ({ startedAt: begin + minutes * MINUTE_MS + 30_000 })),
    );
    const question = { fromMs: begin, toMs: NOW, interval: '5min' } as const;
    const { interval, interval_ms, series, groups } = readStats(stats.sources, question);
    expect({ interval, interval_ms, groups }).toEqual({
      interval: '5min',
      interval_ms: 300_000,
      groups: undefined,
    });
    expect(series?.map(({ start: time, requests }) => [time, requests])).toEqual([
      ['2026-11-20T11:00:00.000Z', 2],
      ['2026-11-20T11:05:00.000Z', 2],
    ]);
  });

  test('of each group adds up to the series of all', () => {
    using stats = start();
    stats.record(
      { startedAt: NOW - 2 * MINUTE_MS, model: 'GLM-5' },
      { startedAt: NOW - 2 * MINUTE_MS },
      { startedAt: NOW - MINUTE_MS },
    );
    const { series, groups } = readStats(stats.sources, {
      groupBy: 'model',
      interval: 'minute',
      fromMs: NOW - HOUR_MS,
    });
    const short = (points = series) =>
      points?.map(({ start: time, requests }) => [time.slice(11, 16), requests]);
    expect([short(), groups?.map((group) => [group.value, short(group.series)])]).toEqual([
      [
        ['11:58', 2],
        ['11:59', 1],
      ],
      [
        [
          'GLM-4.6',
          [
            ['11:58', 1],
            ['11:59', 1],
          ],
        ],
        ['GLM-5', [['11:58', 1]]],
      ],
    ]);
  });
});
