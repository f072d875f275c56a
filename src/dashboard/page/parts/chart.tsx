import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { THEME_CHANGED } from '../preferences.ts';

/** A line of a chart. `color` is a custom property of the style sheet. */
export interface ChartLine {
  name: string;
  color: string;
  /** One for each time; null is a gap. */
  values: readonly (number | null)[];
}

interface ChartProps {
  title: string;
  /** What the chart shows, for those who do not see it. */
  summary: string;
  /** Unix seconds, in order. */
  times: readonly number[];
  /** The chart's ends, in Unix seconds. */
  range: readonly [number, number];
  lines: readonly ChartLine[];
  write: (value: number | null) => string;
  /** Unix seconds, of a point and at the axis. */
  writeTime: (at: number) => string;
  writeTick: (at: number) => string;
}

const HEIGHT = 200;

/** Lines over time, with the values under the pointer in the legend. */
export function Chart(props: ChartProps) {
  const { title, summary } = props;
  const place = useRef<HTMLDivElement>(null);
  const themeRound = useThemeRound();
  useEffect(() => {
    const box = place.current;
    if (box === null) return;
    const plot = new uPlot(toOptions(props, box.clientWidth), toData(props), box);
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: box.clientWidth, height: HEIGHT }),
    );
    observer.observe(box);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [props.times, props.lines, themeRound]);
  return (
    <figure class="chart panel">
      <figcaption>{title}</figcaption>
      <div ref={place} role="img" aria-label={summary} />
    </figure>
  );
}

function toData({ times, lines }: ChartProps): uPlot.AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])];
}

function toOptions(props: ChartProps, width: number): uPlot.Options {
  const { lines, range, write, writeTime, writeTick, times } = props;
  const axis = {
    stroke: colorOf('--ink-soft'),
    font: `11px ${getComputedStyle(document.body).fontFamily}`,
    grid: { stroke: colorOf('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT,
    // Points alone have no line between them, and would not be seen.
    series: [
      { value: (_plot, at) => (at === null ? '' : writeTime(at)) },
      ...lines.map(({ name, color }) => ({
        label: name,
        stroke: colorOf(color),
        width: 1.5,
        points: { show: times.length < 3 },
        value: (_plot: uPlot, value: number | null, _series: number, at: number | null) =>
          at === null ? '' : write(value),
      })),
    ],
    scales: { x: { min: range[0], max: range[1] }, y: { range: fromZero } },
    axes: [
      { ...axis, space: 76, size: 28, values: (_plot, ticks) => ticks.map(writeTick) },
      { ...axis, size: 48, values: (_plot, values) => values.map((value) => write(value)) },
    ],
    cursor: { y: false, drag: { x: false, y: false } },
    legend: {
      markers: { width: 0, fill: (_plot, at) => colorOf(lines[at - 1]?.color ?? '--ink') },
    },
    padding: [10, 12, 0, 0],
  };
}

function fromZero(_plot: uPlot, _min: number, max: number): [number, number] {
  return [0, max > 0 ? max * 1.08 : 1];
}

function colorOf(property: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(property).trim();
}

/** Another number whenever the colours are others. */
function useThemeRound(): number {
  const [round, setRound] = useState(0);
  useEffect(() => {
    const next = () => setRound((before) => before + 1);
    const system = matchMedia('(prefers-color-scheme: dark)');
    document.addEventListener(THEME_CHANGED, next);
    system.addEventListener('change', next);
    return () => {
      document.removeEventListener(THEME_CHANGED, next);
      system.removeEventListener('change', next);
    };
  }, []);
  return round;
}
