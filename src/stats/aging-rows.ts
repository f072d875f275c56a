import type { RequestStore } from './request-store.ts';
import type { AgingRows } from './retention.ts';
import { RESOLUTION_MS, RESOLUTIONS } from './rollup-key.ts';
import type { RollupStore } from './rollup-store.ts';

interface AgingOptions {
  requests: Pick<RequestStore, 'deleteBefore'>;
  rollups: Pick<RollupStore, 'deleteBefore'>;
  /** Setting `REQUEST_LOG_RETENTION`. */
  requestDays: number;
  /** Setting `STATS_RETENTION`: of days; what is finer is kept for this long at most. */
  statsDays: number;
}

/** So that the last day, week and two months can be seen in the detail that makes a good chart. */
const DAYS_KEPT = { minute: 2, '5min': 9, hour: 63, day: Number.POSITIVE_INFINITY } as const;

/**
 * What is deleted when: minutes after two days, five minutes after nine, hours after nine weeks, days
 * and requests as the settings say. A whole one of what is coarser goes at once, so that a range
 * finds all of it, or nothing. With four models on two upstreams and ten client keys, the rollups of
 * a year take at most some 60 MB, however many requests there were.
 */
export function agingRows({
  requests,
  rollups,
  requestDays,
  statsDays,
}: AgingOptions): AgingRows[] {
  const rollupRows = RESOLUTIONS.map((resolution, index) => ({
    deleteBefore: (beforeMs: number, limit: number) =>
      rollups.deleteBefore(resolution, beforeMs, limit),
    maxAgeMs: Math.min(DAYS_KEPT[resolution], statsDays) * RESOLUTION_MS.day,
    wholeMs: RESOLUTION_MS[RESOLUTIONS[index + 1] ?? 'day'],
  }));
  const maxAgeMs = requestDays * RESOLUTION_MS.day;
  const { deleteBefore } = requests;
  return [{ deleteBefore, maxAgeMs, wholeMs: RESOLUTION_MS.minute }, ...rollupRows];
}
