/** How numbers and times are written. Times are in the viewer's zone; null is a dash. */
export interface Format {
  count(value: number | null): string;
  /** A large number, short. */
  compact(value: number | null): string;
  /** A small rate: one decimal below 100. */
  rate(value: number | null): string;
  /** Of a share from 0 to 1. */
  percent(share: number | null): string;
  ms(ms: number | null): string;
  bytes(bytes: number): string;
  /** A length of time of days and hours, in ms. */
  span(ms: number): string;
  /** The time of day; with the date when that is not today's. Unix ms or ISO 8601. */
  time(at: number | string | null): string;
  dateTime(at: number | string | null): string;
  /** At an axis: hour and minute, or the day where it begins. Unix ms. */
  tick(atMs: number): string;
}

const DASH = '–';
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export function createFormat(locale: string): Format {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const tenths = new Intl.NumberFormat(locale, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const hundredths = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const short = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
  const percents = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23' });
  const dayAndClock = new Intl.DateTimeFormat(locale, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const full = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });
  const minute = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' });
  const orDash = <Value>(value: Value | null, write: (value: Value) => string) =>
    value === null ? DASH : write(value);

  return {
    count: (value) => orDash(value, whole.format),
    compact: (value) => orDash(value, short.format),
    rate: (value) => orDash(value, (rate) => (rate < 100 ? tenths : whole).format(rate)),
    percent: (share) => orDash(share, percents.format),
    ms: (ms) => orDash(ms, (length) => writeMs(length, whole, hundredths)),
    bytes: (bytes) => `${whole.format(bytes / 1024 ** 2)} MiB`,
    span: writeSpan,
    time: (at) =>
      orDash(at, (given) =>
        (isToday(new Date(given)) ? clock : dayAndClock).format(new Date(given)),
      ),
    dateTime: (at) => orDash(at, (given) => full.format(new Date(given))),
    tick: (atMs) => (isMidnight(new Date(atMs)) ? day : minute).format(atMs),
  };
}

function writeMs(ms: number, whole: Intl.NumberFormat, hundredths: Intl.NumberFormat): string {
  if (ms < SECOND_MS) return `${whole.format(ms)} ms`;
  if (ms < MINUTE_MS) return `${hundredths.format(ms / SECOND_MS)} s`;
  return writeSpan(ms);
}

function writeSpan(ms: number): string {
  const part = (length: number, of: number, unit: string) =>
    `${Math.floor((ms % of) / length)} ${unit}`;
  if (ms >= DAY_MS) return `${Math.floor(ms / DAY_MS)} d ${part(HOUR_MS, DAY_MS, 'h')}`;
  if (ms >= HOUR_MS) return `${part(HOUR_MS, DAY_MS, 'h')} ${part(MINUTE_MS, HOUR_MS, 'min')}`;
  if (ms >= MINUTE_MS)
    return `${part(MINUTE_MS, HOUR_MS, 'min')} ${part(SECOND_MS, MINUTE_MS, 's')}`;
  return part(SECOND_MS, MINUTE_MS, 's');
}

function isToday(at: Date): boolean {
  return at.toDateString() === new Date().toDateString();
}

function isMidnight(at: Date): boolean {
  return at.getHours() === 0 && at.getMinutes() === 0;
}
