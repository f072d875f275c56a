import type { KeptSince } from './kept-since-store.ts';
import { RESOLUTION_MS, RESOLUTIONS, type Resolution } from './rollup-key.ts';
import type { TimeRange } from './time-range.ts';

/** One stretch of a range, and what it is answered from: whole buckets, or requests one by one. */
interface RangePiece {
  source: 'request' | Resolution;
  range: TimeRange;
}

/** How a range is answered. */
export interface RangePlan {
  /** The range as it can be answered: a border of which the details are gone moves outward. */
  range: TimeRange;
  /** In the order of time, without gaps; together they are the range. */
  pieces: readonly RangePiece[];
}

/** Requests have the precision of the clock. */
const FINEST = { source: 'request', sizeMs: 1 } as const;

/** From fine to coarse. */
const SOURCES = [
  FINEST,
  ...RESOLUTIONS.map((source) => ({ source, sizeMs: RESOLUTION_MS[source] })),
] satisfies { source: RangePiece['source']; sizeMs: number }[];

/**
 * Cuts a range into the largest buckets that fit into it:
 *
 *   requests │ minutes │ five minutes │ hours │ days │ hours │ five minutes │ minutes │ requests
 *
 * so that a year takes a few hundred buckets of each size, and less than a minute's requests at
 * either end.
 *
 * @param coarsest the largest bucket that may be used.
 */
export function planRange(asked: TimeRange, kept: KeptSince, coarsest: Resolution): RangePlan {
  const range = {
    fromMs: floorTo(asked.fromMs, precisionAt(asked.fromMs, kept)),
    toMs: ceilTo(asked.toMs, precisionAt(asked.toMs, kept)),
  };
  const level = SOURCES.findIndex(({ source }) => source === coarsest);
  return { range, pieces: cut(level, range) };
}

/** The last moment up to `ms` that begins a bucket of this size. */
export function floorTo(ms: number, sizeMs: number): number {
  return Math.floor(ms / sizeMs) * sizeMs;
}

/** The first moment from `ms` on that begins a bucket of this size. */
export function ceilTo(ms: number, sizeMs: number): number {
  return Math.ceil(ms / sizeMs) * sizeMs;
}

/**
 * How exactly a range can begin or end at a moment, in ms. What is finer than a bucket is of use only
 * when all of the way is kept: an end within a minute takes the requests of that minute, the minutes
 * of its five, these of its hour, and so on.
 */
function precisionAt(borderMs: number, kept: KeptSince): number {
  let coarser: number = RESOLUTION_MS.day;
  for (const { source, sizeMs } of SOURCES.toReversed()) {
    if (floorTo(borderMs, coarser) < kept[source]) return coarser;
    coarser = sizeMs;
  }
  return coarser;
}

function cut(level: number, { fromMs, toMs }: TimeRange): RangePiece[] {
  if (fromMs >= toMs) return [];
  const { source, sizeMs } = SOURCES[level] ?? FINEST;
  if (source === 'request') return [{ source, range: { fromMs, toMs } }];
  const whole = { fromMs: ceilTo(fromMs, sizeMs), toMs: floorTo(toMs, sizeMs) };
  if (whole.fromMs >= whole.toMs) return cut(level - 1, { fromMs, toMs });
  return [
    ...cut(level - 1, { fromMs, toMs: whole.fromMs }),
    { source, range: whole },
    ...cut(level - 1, { fromMs: whole.toMs, toMs }),
  ];
}
