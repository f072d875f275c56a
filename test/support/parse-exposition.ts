/** One metric of an exposition: what `# HELP` and `# TYPE` say, and its samples. */
interface Metric {
  help: string;
  type: string;
  /** By name and labels, as they are written. */
  samples: Map<string, number>;
}

const TYPES = ['counter', 'gauge', 'histogram', 'summary'];
const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const SAMPLE = new RegExp(`^(${NAME})(\\{(?:${LABEL}(?:,${LABEL})*)?\\})? (\\S+)$`);

/**
 * Reads Prometheus' text format, and takes nothing that `promtool check metrics` would not: each
 * metric has a help and a type before its samples, in one piece; counters end in `_total` and others
 * do not; the buckets of a histogram add up.
 *
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 *
 * @throws Error naming the line
 */
export function parseExposition(text: string): Map<string, Metric> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const metrics = new Map<string, Metric>();
  let name = '';
  for (const line of text.split('\n')) {
    const fail = (reason: string) => new Error(`${reason}: ${line}`);
    const [, comment, of = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (line === '') continue;
    if (comment === 'HELP') {
      if (metrics.has(of)) throw fail('a metric comes twice');
      metrics.set(of, { help: rest, type: '', samples: new Map() });
      name = of;
    } else if (comment === 'TYPE') {
      const metric = metrics.get(of);
      if (metric === undefined || of !== name || metric.type !== '')
        throw fail('a type of nothing');
      if (!TYPES.includes(rest)) throw fail('no type');
      if ((rest === 'counter') !== of.endsWith('_total')) throw fail('a counter ends in _total');
      metric.type = rest;
    } else {
      addSample(metrics.get(name), name, line);
    }
  }
  for (const [histogram, metric] of metrics) checkBuckets(histogram, metric);
  return metrics;
}

function addSample(metric: Metric | undefined, name: string, line: string): void {
  const [, sampled, labels = '', value = ''] = SAMPLE.exec(line) ?? [];
  const suffixes = metric?.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
  if (metric === undefined || !suffixes.some((suffix) => name + suffix === sampled)) {
    throw new Error(`no sample of ${name}: ${line}`);
  }
  const number = value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value);
  if (Number.isNaN(number)) throw new Error(`no number: ${line}`);
  const key = sampled + labels;
  if (metric.samples.has(key)) throw new Error(`a sample comes twice: ${line}`);
  metric.samples.set(key, number);
}

/** Of each set of labels they rise up to `+Inf`, which has all. */
function checkBuckets(name: string, { type, samples }: Metric): void {
  if (type !== 'histogram') return;
  const series = new Map<string, number>();
  for (const [key, count] of samples) {
    if (!key.startsWith(`${name}_bucket`)) continue;
    const [, bound = ''] = /le="([^"]*)"/.exec(key) ?? [];
    const others = key.replace(/,?le="[^"]*",?/, '').replace(`${name}_bucket`, '');
    if (count < (series.get(others) ?? 0)) throw new Error(`buckets fall: ${key}`);
    series.set(others, count);
    const all = samples.get(`${name}_count${others === '{}' ? '' : others}`);
    if (bound === '+Inf' && count !== all) throw new Error(`+Inf is not all: ${key}`);
  }
}

/** The value of one sample of an exposition; undefined when there is none. */
export function sampleOf(metrics: Map<string, Metric>, sample: string): number | undefined {
  for (const { samples } of metrics.values()) {
    const value = samples.get(sample);
    if (value !== undefined) return value;
  }
  return undefined;
}
