import { describe, expect, test } from 'bun:test';
import { agingRows } from '../../src/stats/aging-rows.ts';
import { startRetention } from '../../src/stats/retention.ts';
import { createManualSchedule } from './manual-schedule.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Rows of two kinds, of which each call deletes as many as is written there. */
function setUp(deletions: (number | Error)[], otherDeletions: number[] = []) {
  const asked: [kind: string, beforeMs: number, limit: number][] = [];
  const warnings: string[] = [];
  const timers = createManualSchedule();
  const aging = (kind: string, maxAgeMs: number, counts: (number | Error)[]) => ({
    maxAgeMs,
    wholeMs: 100,
    deleteBefore(beforeMs: number, limit: number) {
      asked.push([kind, beforeMs, limit]);
      const next = counts.shift() ?? 0;
      if (next instanceof Error) throw next;
      return next;
    },
  });
  const retention = startRetention({
    aging: [aging('one', 1_000, deletions), aging('other', 2_000, otherDeletions)],
    log: { warn: (_, message) => warnings.push(message) },
    now: () => 5_050,
    schedule: timers.schedule,
  });
  const fire = () => {
    timers.fire();
    return timers.delays();
  };
  return { asked, warnings, timers, retention, fire };
}

describe('the retention', () => {
  test('deletes what is too old of each kind soon after the start, then every hour', () => {
    const { asked, timers, fire } = setUp([3]);
    const delays = [timers.delays(), fire(), fire(), fire()];
    expect({ asked, delays }).toEqual({
      asked: [
        ['one', 4_000, 1_000],
        ['other', 3_000, 1_000],
      ],
      delays: [[0], [50], [50], [HOUR_MS]],
    });
  });

  test('goes on after a short pause while there is more than one batch', () => {
    const { asked, fire } = setUp([1_000, 1_000, 1]);
    for (let batch = 0; batch < 4; batch += 1) fire();
    expect(asked.map(([kind]) => kind)).toEqual(['one', 'one', 'one', 'other']);
  });

  test('survives a failure, and goes on with the next kind', () => {
    const { asked, warnings, fire } = setUp([new Error('locked')]);
    const delays = [fire(), fire(), fire()];
    expect({ warnings, kinds: asked.map(([kind]) => kind), delays }).toEqual({
      warnings: ['old records could not be deleted'],
      kinds: ['one', 'other'],
      delays: [[50], [50], [HOUR_MS]],
    });
  });

  test('ends when it is disposed of', () => {
    const { timers, retention, fire } = setUp([]);
    fire();
    retention[Symbol.dispose]();
    expect(timers.delays()).toEqual([]);
  });
});

describe('what is deleted', () => {
  const rows = (requestDays: number, statsDays: number) => {
    const deleted: string[] = [];
    const aging = agingRows({
      requests: { deleteBefore: () => deleted.push('requests') },
      rollups: { deleteBefore: (resolution) => deleted.push(resolution) },
      requestDays,
      statsDays,
    });
    const ages = aging.map(({ maxAgeMs }) => maxAgeMs / DAY_MS);
    for (const { deleteBefore } of aging) deleteBefore(0, 1);
    return { deleted, ages, wholes: aging.map(({ wholeMs }) => wholeMs) };
  };

  test('is the finer the sooner, and a whole one of what is coarser', () => {
    expect(rows(7, 400)).toEqual({
      deleted: ['requests', 'minute', '5min', 'hour', 'day'],
      ages: [7, 2, 9, 63, 400],
      wholes: [60_000, 300_000, HOUR_MS, DAY_MS, DAY_MS],
    });
  });

  test('is nothing finer later than the days', () => {
    expect(rows(30, 5).ages).toEqual([30, 2, 5, 5, 5]);
  });
});
