import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { readStats, type StatsGrouping } from '../../src/stats/read-stats.ts';
import type { RequestOutcome, RequestRecord } from '../../src/stats/request-record.ts';
import type { StatsTotals } from '../../src/stats/stats-summary.ts';
import { requestRecord } from './request-fixture.ts';
import { startStatistics } from './start-statistics.ts';

const DAY_MS = 86_400_000;
const NOW = 20_000 * DAY_MS + 12_345_678;

/** Quarters of a ms add up exactly, in whatever order. */
const ms = fc.integer({ min: 0, max: 400_000 }).map((quarters) => quarters / 4);
const tokens = fc.option(fc.nat({ max: 10_000 }));
/** Within some days, most often within the last hours: borders of every size occur. */
const moment = fc.oneof(
  fc.integer({ min: NOW - 4 * DAY_MS, max: NOW }),
  fc.integer({ min: NOW - DAY_MS / 6, max: NOW }),
  fc.integer({ min: NOW - 120_000, max: NOW }),
);
const record: fc.Arbitrary<RequestRecord> = fc
  .record({
    startedAt: moment,
    model: fc.constantFrom('GLM-4.6', 'GLM-5'),
    modelIsPublic: fc.boolean(),
    upstream: fc.constantFrom('zai-web', 'zai-api', null),
    outcome: fc.constantFrom<RequestOutcome[]>('completed', 'failed', 'cancelled'),
    errorCode: fc.constantFrom('queue_full', 'model_not_found', null),
    clientKeyId: fc.constantFrom('key_1', 'key_2', null),
    attempts: fc.nat({ max: 4 }),
    promptTokens: tokens,
    completionTokens: tokens,
    reasoningTokens: tokens,
    cachedTokens: tokens,
    firstByteMs: fc.option(ms),
    durationMs: ms,
    editConflicts: fc.nat({ max: 2 }),
  })
  .map((fields) => requestRecord(fields));

const LABELS: Record<StatsGrouping, (request: RequestRecord) => string | null> = {
  model: ({ model, modelIsPublic, errorCode }) =>
    modelIsPublic && errorCode !== 'model_not_found' ? model : 'unknown',
  upstream: ({ upstream }) => upstream,
  outcome: ({ outcome }) => outcome,
  error: ({ errorCode }) => errorCode,
  key: ({ clientKeyId }) => clientKeyId,
};

const sum = (values: readonly (number | null)[]) => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
};

/** What the totals should be, but for the percentiles. */
function expectTotals(actual: StatsTotals | undefined, requests: readonly RequestRecord[]): void {
  const count = (outcome: RequestOutcome) =>
    requests.filter((request) => request.outcome === outcome).length;
  const average = (values: readonly (number | null)[]) => {
    const known = values.filter((value) => value !== null);
    return known.length === 0 ? null : Math.round((sum(known) ?? 0) / known.length);
  };
  expect(actual).toMatchObject({
    requests: requests.length,
    completed: count('completed'),
    failed: count('failed'),
    cancelled: count('cancelled'),
    attempts: sum(requests.map(({ attempts }) => attempts)) ?? 0,
    prompt_tokens: sum(requests.map(({ promptTokens }) => promptTokens)),
    completion_tokens: sum(requests.map(({ completionTokens }) => completionTokens)),
    reasoning_tokens: sum(requests.map(({ reasoningTokens }) => reasoningTokens)),
    cached_tokens: sum(requests.map(({ cachedTokens }) => cachedTokens)),
    edit_conflicts: sum(requests.map(({ editConflicts }) => editConflicts)) ?? 0,
    first_byte_ms: { average: average(requests.map(({ firstByteMs }) => firstByteMs)) },
    duration_ms: { average: average(requests.map(({ durationMs }) => durationMs)) },
  });
  const sorted = requests.map(({ durationMs }) => durationMs).sort((one, other) => one - other);
  const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1];
  if (p95 === undefined) expect(actual?.duration_ms.p95).toBeNull();
  else expect(Math.abs((actual?.duration_ms.p95 ?? 0) - p95)).toBeLessThan(p95 * 0.05 + 1.5);
}

test('rollups say of any range what its requests add up to, however they were stored', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(record, { maxLength: 12 }), { maxLength: 6 }),
      moment,
      moment,
      fc.constantFrom<StatsGrouping[]>('model', 'upstream', 'outcome', 'error', 'key'),
      (batches, one, other, groupBy) => {
        using stats = startStatistics({ now: () => NOW });
        for (const [index, batch] of batches.entries()) {
          stats.sources.requests.insertMany(batch);
          // Counted together with the next ones, or alone.
          if (index % 2 === 1) stats.sources.rollups.countMore(7);
        }
        const [fromMs, toMs] = [Math.min(one, other), Math.max(one, other) + 1];
        const within = batches
          .flat()
          .filter(({ startedAt }) => startedAt >= fromMs && startedAt < toMs);
        const answer = readStats(stats.sources, { fromMs, toMs, groupBy, interval: 'auto' });

        expectTotals(answer.total, within);
        const groups = Map.groupBy(within, LABELS[groupBy]);
        expect(new Set(answer.groups?.map(({ value }) => value))).toEqual(new Set(groups.keys()));
        for (const group of answer.groups ?? []) {
          expectTotals(group, groups.get(group.value) ?? []);
        }
        const stepMs = answer.interval_ms ?? 1;
        const steps = Map.groupBy(within, ({ startedAt }) => startedAt - (startedAt % stepMs));
        expect(answer.series).toHaveLength(steps.size);
        for (const point of answer.series ?? []) {
          expectTotals(point, steps.get(Date.parse(point.start)) ?? []);
        }
      },
    ),
  );
});
