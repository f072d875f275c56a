import { type Cell, type CountSources, countCells, sumOf, sumsBy } from './count-cells.ts';
import type { KeptSince } from './kept-since-store.ts';
import { ceilTo, planRange } from './range-plan.ts';
import type { RequestCounter } from './request-counter.ts';
import type { RequestRecorder } from './request-recorder.ts';
import { type Facet, RESOLUTION_MS, type Resolution, type RollupKey } from './rollup-key.ts';
import type { RollupStore } from './rollup-store.ts';
import { chooseInterval } from './stats-interval.ts';
import { type StatsPoint, type StatsSummary, summarize } from './stats-summary.ts';
import type { TimeRange } from './time-range.ts';

/** Where the numbers are. */
export interface StatsSources extends CountSources {
  recorder: Pick<RequestRecorder, 'flush'>;
  counter: Pick<RequestCounter, 'catchUp'>;
  rollups: Pick<RollupStore, 'read' | 'keptSince'>;
  /** Unix ms. */
  now?: () => number;
}

/** Which numbers are wanted. */
export interface StatsQuestion {
  /** Unix ms; `toMs` is not part of the range. */
  fromMs?: number | undefined;
  toMs?: number | undefined;
  /** Without it, there are no groups. */
  groupBy?: StatsGrouping | undefined;
  /** Without it, there is no series. */
  interval?: Resolution | 'auto' | undefined;
}

/** What requests can be grouped by, and where they are told apart by it. */
export const STATS_GROUPINGS = {
  model: { facet: 'kind', column: 'model' },
  upstream: { facet: 'kind', column: 'upstream' },
  outcome: { facet: 'kind', column: 'outcome' },
  error: { facet: 'error', column: 'errorCode' },
  key: { facet: 'key', column: 'clientKeyId' },
} as const satisfies Record<string, { facet: Facet; column: keyof RollupKey }>;

export type StatsGrouping = keyof typeof STATS_GROUPINGS;

/** A range, and what there is of it. */
interface Ground {
  sources: CountSources;
  range: TimeRange;
  kept: KeptSince;
}

/**
 * Sums up the requests that began in a range, by default the last 24 hours, those settled a moment
 * ago included: what the recorder holds is written and counted first.
 *
 * Whatever the range, it reads rollups, and requests of less than a minute at either end. Sums are
 * exact, percentiles within 5 %. A border from which only hours or days are kept moves outward to
 * one of these; the answer says which range it is of. Days are those of UTC.
 *
 * @throws InvalidRequestError when the range is too long for the interval; SQLite's errors.
 */
export function readStats(sources: StatsSources, question: StatsQuestion = {}): StatsSummary {
  const { recorder, counter, rollups, now = Date.now } = sources;
  recorder.flush();
  counter.catchUp();
  const kept = rollups.keptSince();
  const { range } = planRange(askedRange(question, now()), kept, 'day');
  const ground = { sources: readOnce(sources), range: openEnded(range, now()), kept };
  const interval = question.interval && chooseInterval(question.interval, range, kept);
  return {
    from: new Date(range.fromMs).toISOString(),
    to: new Date(range.toMs).toISOString(),
    ...readTotals(ground),
    ...readDetails(ground, question.groupBy, interval),
  };
}

function askedRange({ fromMs, toMs }: StatsQuestion, nowMs: number): TimeRange {
  const endMs = toMs ?? nowMs + 1;
  return { fromMs: fromMs ?? endMs - RESOLUTION_MS.day, toMs: endMs };
}

/** Nothing begins in the future: the buckets that are not over yet have nothing too much. */
function openEnded({ fromMs, toMs }: TimeRange, nowMs: number): TimeRange {
  return { fromMs, toMs: toMs > nowMs ? ceilTo(toMs, RESOLUTION_MS.day) : toMs };
}

function readTotals({ sources, range, kept }: Ground) {
  const cells = countCells(sources, {
    plan: planRange(range, kept, 'day'),
    facet: 'kind',
    columns: ['model', 'upstream', 'outcome'],
    stepMs: Number.POSITIVE_INFINITY,
  });
  return {
    total: summarize(sumOf(cells)),
    by_model: sumsBy(cells, 'model').map(([model, sums]) => ({ model, ...summarize(sums) })),
    by_upstream: sumsBy(cells, 'upstream').map(([upstream, sums]) => {
      return { upstream: upstream || null, ...summarize(sums) };
    }),
    by_outcome: sumsBy(cells, 'outcome').map(([outcome, sums]) => {
      return { outcome, ...summarize(sums) };
    }),
  };
}

/** What is there only when it is asked for. */
function readDetails(
  ground: Ground,
  groupBy: StatsGrouping | undefined,
  interval: Resolution | undefined,
): Partial<StatsSummary> {
  if (groupBy === undefined && interval === undefined) return {};
  // Of each group at each point, as far as these are asked for: whatever is shown adds these up.
  const cells = readCells(ground, groupBy, interval);
  const seriesOf = (some: readonly Cell[]) => (interval ? { series: toSeries(some) } : {});
  return {
    ...(interval && { interval, interval_ms: RESOLUTION_MS[interval] }),
    ...seriesOf(cells),
    ...(groupBy && {
      group_by: groupBy,
      groups: [...Map.groupBy(cells, ({ key }) => key[STATS_GROUPINGS[groupBy].column])]
        .map(([value, group]) => ({ value, group, sums: sumOf(group) }))
        .sort((one, other) => other.sums.requests - one.sums.requests)
        .map(({ value, group, sums }) => {
          return { value: value || null, ...summarize(sums), ...seriesOf(group) };
        }),
    }),
  };
}

function readCells(
  { sources, range, kept }: Ground,
  groupBy: StatsGrouping | undefined,
  interval: Resolution | undefined,
): Cell[] {
  const { facet, column } = STATS_GROUPINGS[groupBy ?? 'model'];
  const plan = planRange(range, kept, interval ?? 'day');
  const stepMs = interval === undefined ? Number.POSITIVE_INFINITY : RESOLUTION_MS[interval];
  return countCells(sources, { plan, facet, columns: groupBy ? [column] : [], stepMs });
}

function toSeries(cells: readonly Cell[]): StatsPoint[] {
  return [...Map.groupBy(cells, ({ startMs }) => startMs)]
    .sort(([one], [other]) => one - other)
    .map(([startMs, group]) => {
      return { start: new Date(startMs).toISOString(), ...summarize(sumOf(group)) };
    });
}

/** A series of days is read from what the totals are read from. */
function readOnce({ rollups, requests }: CountSources): CountSources {
  const known = new Map<string, ReturnType<CountSources['rollups']['read']>>();
  return {
    requests,
    rollups: {
      read(resolution, facet, range) {
        const name = `${resolution} ${facet} ${range.fromMs} ${range.toMs}`;
        const rows = known.get(name) ?? rollups.read(resolution, facet, range);
        known.set(name, rows);
        return rows;
      },
    },
  };
}
