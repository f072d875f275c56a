import { useMemo, useState } from 'preact/hooks';
import type { StatsPoint, StatsSummary } from '../../../stats/stats-summary.ts';
import { AnswerProblem } from '../parts/answer-problem.tsx';
import { Chart, type ChartLine } from '../parts/chart.tsx';
import { ChoiceBar } from '../parts/choice-bar.tsx';
import { useWording } from '../text/text-context.ts';
import { useAnswer } from '../use-answer.ts';
import { useTick } from '../use-tick.ts';

const HOUR_MS = 3_600_000;
const RANGES = ['hour', 'day', 'week'] as const;
const RANGE_MS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS };
const STEP_MS = { hour: 60_000, day: HOUR_MS / 12, week: HOUR_MS };
/** How often the numbers of a range are read again: its last point is still growing. */
const FRESH_MS = 15_000;

type Range = (typeof RANGES)[number];

/** Charts of the last hour, day or week. */
export function History() {
  const { text } = useWording();
  const [range, setRange] = useState<Range>('hour');
  const tick = useTick(FRESH_MS);
  const path = useMemo(() => {
    const toMs = Date.now();
    // From a whole step on: the first point would be of a part of one otherwise.
    const fromMs = Math.floor((toMs - RANGE_MS[range]) / STEP_MS[range]) * STEP_MS[range];
    return `/v1/stats?interval=auto&from=${fromMs}&to=${toMs}`;
  }, [range, tick]);
  const { answer, error, refresh } = useAnswer<StatsSummary>(path);
  return (
    <section aria-label={text.history}>
      <div class="headline">
        <h2>{text.history}</h2>
        <ChoiceBar
          label={text.range}
          choices={RANGES}
          names={text.ranges}
          value={range}
          onChoose={setRange}
        />
      </div>
      <AnswerProblem error={error} onRetry={refresh} />
      {answer !== null && <Charts stats={answer} />}
    </section>
  );
}

function Charts({ stats }: { stats: StatsSummary }) {
  const { text, format } = useWording();
  const shown = useMemo(() => toPoints(stats), [stats]);
  const lines = useMemo(() => linesOf(shown.points, text), [shown, text]);
  const { total, interval = 'minute' } = stats;
  const common = {
    times: shown.times,
    range: shown.range,
    writeTime: (at: number) => format.time(at * 1_000),
    writeTick: (at: number) => format.tick(at * 1_000),
  };
  const summary = (name: string, values: [string, number | null][]) =>
    text.chartSummary(
      name,
      values.map(([of, value]) => `${of}: ${format.count(value)}`).join(', '),
    );
  return (
    <div class="charts">
      <Chart
        {...common}
        title={`${text.chartRequests} ${text.per[interval]}`}
        summary={summary(text.chartRequests, [
          [text.completed, total.completed],
          [text.failed, total.failed],
          [text.cancelled, total.cancelled],
        ])}
        lines={lines.requests}
        write={format.count}
      />
      <Chart
        {...common}
        title={text.firstByte}
        summary={summary(`${text.firstByte} (ms)`, [
          ['p50', total.first_byte_ms.p50],
          ['p95', total.first_byte_ms.p95],
          ['p99', total.first_byte_ms.p99],
        ])}
        lines={lines.firstBytes}
        write={format.ms}
      />
      <Chart
        {...common}
        title={`${text.chartTokens} ${text.per[interval]}`}
        summary={summary(text.chartTokens, [
          [text.prompt, total.prompt_tokens],
          [text.completion, total.completion_tokens],
        ])}
        lines={lines.tokens}
        write={format.compact}
      />
    </div>
  );
}

interface Points {
  times: number[];
  range: [number, number];
  /** undefined where no request began. */
  points: (StatsPoint | undefined)[];
}

/** Points without requests are left out of the answer; a chart needs them. */
function toPoints({ from, to, series = [], interval_ms: stepMs = 60_000 }: StatsSummary): Points {
  const byStart = new Map(series.map((point) => [Date.parse(point.start), point]));
  const endMs = Math.min(Date.parse(to), Date.now());
  const times: number[] = [];
  const points: Points['points'] = [];
  // The last step is not over, and would look like a decline.
  const firstMs = Math.floor(Date.parse(from) / stepMs) * stepMs;
  for (let at = firstMs; at + stepMs <= endMs; at += stepMs) {
    times.push(at / 1_000);
    points.push(byStart.get(at));
  }
  return { times, points, range: [times[0] ?? 0, times.at(-1) ?? 1] };
}

function linesOf(points: Points['points'], text: ReturnType<typeof useWording>['text']) {
  const line = (
    name: string,
    color: string,
    read: (point: StatsPoint) => number | null,
    without: number | null,
  ): ChartLine => ({
    name,
    color,
    values: points.map((point) => (point === undefined ? without : read(point))),
  });
  return {
    requests: [
      line(text.completed, '--series-good', ({ completed }) => completed, 0),
      line(text.failed, '--series-bad', ({ failed }) => failed, 0),
      line(text.cancelled, '--series-calm', ({ cancelled }) => cancelled, 0),
    ],
    firstBytes: [
      line('p50', '--series-good', ({ first_byte_ms: { p50 } }) => p50, null),
      line('p95', '--series-warn', ({ first_byte_ms: { p95 } }) => p95, null),
      line('p99', '--series-bad', ({ first_byte_ms: { p99 } }) => p99, null),
    ],
    tokens: [
      line(text.prompt, '--series-calm', (point) => point.prompt_tokens, 0),
      line(text.completion, '--series-good', (point) => point.completion_tokens, 0),
    ],
  };
}
