import { type CsvValue, toCsvLine } from './csv.ts';
import type { StatsSummary, StatsTotals } from './stats-summary.ts';

/**
 * A summary as a table: one line for each point of each group, as far as there are points and groups;
 * else one line for all. The columns after `start` and the group are those of the JSON, with
 * `first_byte_ms.p50` as `first_byte_ms_p50`.
 */
export function toStatsCsv(summary: StatsSummary): string {
  const { group_by: groupBy, groups, interval } = summary;
  const lines = groups
    ? groups.flatMap(({ value, series, ...totals }) => linesOf([value], series, totals))
    : linesOf([], summary.series, summary.total);
  const header = [
    ...(groupBy === undefined ? [] : [groupBy]),
    ...(interval === undefined ? [] : ['start']),
    ...columnsOf(summary.total).map(([name]) => name),
  ];
  return [header, ...lines].map(toCsvLine).join('');
}

function linesOf(
  group: readonly CsvValue[],
  series: StatsSummary['series'],
  totals: StatsTotals,
): CsvValue[][] {
  const valuesOf = (numbers: StatsTotals) => columnsOf(numbers).map(([, value]) => value);
  if (series === undefined) return [[...group, ...valuesOf(totals)]];
  return series.map(({ start, ...point }) => [...group, start, ...valuesOf(point)]);
}

function columnsOf(totals: StatsTotals): [name: string, value: CsvValue][] {
  const { first_byte_ms: firstByteMs, duration_ms: durationMs, ...sums } = totals;
  return [
    ...Object.entries(sums),
    ...Object.entries(firstByteMs).map(([part, ms]): [string, CsvValue] => {
      return [`first_byte_ms_${part}`, ms];
    }),
    ...Object.entries(durationMs).map(([part, ms]): [string, CsvValue] => {
      return [`duration_ms_${part}`, ms];
    }),
  ];
}
