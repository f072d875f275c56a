import type { RequestSums } from './request-sums.ts';
import type { Resolution } from './rollup-key.ts';
import type { TimeHistogram } from './time-histogram.ts';

/** Milliseconds, rounded; null when no request has the time in question. */
interface TimesSummary {
  average: number | null;
  /** Within 5 %: they are read from histograms. */
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

/** The numbers of some requests. */
export interface StatsTotals {
  requests: number;
  completed: number;
  failed: number;
  cancelled: number;
  /** Of all requests together. */
  attempts: number;
  /** Token sums are null when no request knew its tokens, which is not 0. */
  prompt_tokens: number | null;
  completion_tokens: number | null;
  reasoning_tokens: number | null;
  cached_tokens: number | null;
  /** How often an upstream changed text that a client of a stream had already. */
  edit_conflicts: number;
  first_byte_ms: TimesSummary;
  duration_ms: TimesSummary;
}

/** What began between `start` (ISO 8601) and the next point. */
export interface StatsPoint extends StatsTotals {
  start: string;
}

/** The requests that are alike in what they are grouped by. */
interface StatsGroup extends StatsTotals {
  /** null: they have none. */
  value: string | null;
  series?: StatsPoint[];
}

/** What `GET /v1/stats` shows, groups with the most requests first. */
export interface StatsSummary {
  /** ISO 8601. */
  from: string;
  to: string;
  total: StatsTotals;
  by_model: ({ model: string } & StatsTotals)[];
  by_upstream: ({ upstream: string | null } & StatsTotals)[];
  by_outcome: ({ outcome: string } & StatsTotals)[];
  /** If an interval was asked for. Points without requests are left out. */
  interval?: Resolution;
  interval_ms?: number;
  series?: StatsPoint[];
  /** If groups were asked for. */
  group_by?: string;
  groups?: StatsGroup[];
}

/** What sums come to. */
export function summarize(sums: RequestSums): StatsTotals {
  return {
    requests: sums.requests,
    completed: sums.outcomes.completed,
    failed: sums.outcomes.failed,
    cancelled: sums.outcomes.cancelled,
    attempts: sums.attempts,
    prompt_tokens: sums.promptTokens,
    completion_tokens: sums.completionTokens,
    reasoning_tokens: sums.reasoningTokens,
    cached_tokens: sums.cachedTokens,
    edit_conflicts: sums.editConflicts,
    first_byte_ms: summarizeTimes(sums.firstByteMs, sums.firstBytes, sums.firstByteTimes),
    duration_ms: summarizeTimes(sums.durationMs, sums.requests, sums.durationTimes),
  };
}

function summarizeTimes(sumMs: number, count: number, times: TimeHistogram): TimesSummary {
  const percentile = (share: number) => {
    const ms = times.percentile(share);
    return ms === null ? null : Math.round(ms);
  };
  return {
    average: count === 0 ? null : Math.round(sumMs / count),
    p50: percentile(0.5),
    p95: percentile(0.95),
    p99: percentile(0.99),
  };
}
