import { InvalidRequestError } from '../errors.ts';
import type { KeptSince } from './kept-since-store.ts';
import { RESOLUTION_MS, RESOLUTIONS, type Resolution } from './rollup-key.ts';
import type { TimeRange } from './time-range.ts';

const HOUR_MS = RESOLUTION_MS.hour;
const DAY_MS = RESOLUTION_MS.day;

/** The longest range of which a series may have this interval: it is read from so many buckets. */
const LONGEST_MS: Readonly<Record<Resolution, number>> = {
  minute: 6 * HOUR_MS,
  '5min': DAY_MS,
  hour: 14 * DAY_MS,
  day: Number.POSITIVE_INFINITY,
};

/** The longest range of which this interval makes a good chart. */
const GOOD_MS: Readonly<Record<Resolution, number>> = {
  minute: 3 * HOUR_MS,
  '5min': DAY_MS,
  hour: 14 * DAY_MS,
  day: Number.POSITIVE_INFINITY,
};

/** Who counts back from now is late by some moments, or by a border that has moved outward. */
const TOLERANCE_MS = HOUR_MS;

/**
 * The interval for a series over a range: the one that is asked for, or the one that makes a good
 * chart. Where its buckets are no longer kept, the next coarser one whose are.
 *
 * @throws InvalidRequestError when the range is too long for the interval that is asked for.
 */
export function chooseInterval(
  asked: Resolution | 'auto',
  { fromMs, toMs }: TimeRange,
  kept: KeptSince,
): Resolution {
  const lengthMs = toMs - fromMs - TOLERANCE_MS;
  if (asked !== 'auto' && lengthMs > LONGEST_MS[asked]) {
    const hours = LONGEST_MS[asked] / HOUR_MS;
    const message = `The range is too long for the interval '${asked}': at most ${hours} hours.`;
    throw new InvalidRequestError(message, 'interval', 'invalid_value');
  }
  const wanted = asked === 'auto' ? RESOLUTIONS.find((one) => lengthMs <= GOOD_MS[one]) : asked;
  const candidates = RESOLUTIONS.slice(RESOLUTIONS.indexOf(wanted ?? 'day'));
  return candidates.find((one) => fromMs >= kept[one]) ?? 'day';
}
