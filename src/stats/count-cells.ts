import { floorTo, type RangePlan } from './range-plan.ts';
import type { RequestStore } from './request-store.ts';
import { RequestSums } from './request-sums.ts';
import { type Facet, type RollupKey, rollupKeyOf } from './rollup-key.ts';
import type { RollupStore } from './rollup-store.ts';

/** The sums of the requests of one group that began within one step of time. */
export interface Cell {
  /** Only the columns that are told apart say anything. */
  key: RollupKey;
  /** Unix ms. */
  startMs: number;
  sums: RequestSums;
}

interface CountQuestion {
  plan: RangePlan;
  facet: Facet;
  /** What the cells are told apart by; of one facet. */
  columns: readonly (keyof RollupKey)[];
  /** The length of a step; Infinity = all of the range is one. */
  stepMs: number;
}

/** Where requests are counted, and where those are that no bucket of the plan has. */
export interface CountSources {
  requests: Pick<RequestStore, 'counted'>;
  rollups: Pick<RollupStore, 'read'>;
}

/** Sums up what a plan of a range names. Throws SQLite's errors. */
export function countCells(
  { requests, rollups }: CountSources,
  { plan, facet, columns, stepMs }: CountQuestion,
): Cell[] {
  const cells = new Map<string, Cell>();
  const sumsOf = (key: RollupKey, atMs: number): RequestSums => {
    const startMs = stepMs === Number.POSITIVE_INFINITY ? plan.range.fromMs : floorTo(atMs, stepMs);
    let name = String(startMs);
    for (const column of columns) name += `\n${key[column]}`;
    const known = cells.get(name);
    if (known !== undefined) return known.sums;
    const sums = new RequestSums();
    cells.set(name, { key, startMs, sums });
    return sums;
  };
  for (const { source, range } of plan.pieces) {
    if (source === 'request') {
      for (const request of requests.counted(range)) {
        sumsOf(rollupKeyOf(facet, request), request.startedAt).addRequest(request);
      }
    } else {
      for (const rollup of rollups.read(source, facet, range)) {
        sumsOf(rollup, rollup.bucket).addStored(rollup.outcome, rollup);
      }
    }
  }
  return [...cells.values()];
}

/** The cells' sums by one column, the most requests first. */
export function sumsBy<Column extends keyof RollupKey>(
  cells: readonly Cell[],
  column: Column,
): [value: RollupKey[Column], sums: RequestSums][] {
  return [...Map.groupBy(cells, ({ key }) => key[column])]
    .map(([value, group]): [RollupKey[Column], RequestSums] => [value, sumOf(group)])
    .sort(([, one], [, other]) => other.requests - one.requests);
}

/** All of them together. */
export function sumOf(cells: readonly Cell[]): RequestSums {
  const [first, ...rest] = cells;
  if (first === undefined) return new RequestSums();
  if (rest.length === 0) return first.sums;
  const sums = new RequestSums();
  for (const cell of cells) sums.merge(cell.sums);
  return sums;
}
