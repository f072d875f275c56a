import type { LiveRates } from '../../../stats/live-window.ts';
import type { DashboardSnapshot, UpstreamSnapshot } from '../../dashboard-snapshot.ts';
import { Badge } from '../parts/badge.tsx';
import { ScrollBox } from '../parts/scroll-box.tsx';
import { useWording } from '../text/text-context.ts';

const NO_RATES: LiveRates = {
  settledPerSecond: 0,
  completionTokensPerSecond: 0,
  successRate: null,
  firstByteMs: { p50: null, p95: null, p99: null },
};

/** How each upstream does, and what keeps it from serving. */
export function UpstreamTable({ snapshot }: { snapshot: DashboardSnapshot }) {
  const { text } = useWording();
  return (
    <section class="panel">
      <h2>{text.upstreams}</h2>
      <ScrollBox name={text.upstreams}>
        <table class="rates">
          <RateHead name={text.upstream} />
          <tbody>
            {snapshot.upstreams.map((upstream) => {
              const rates = snapshot.live.byUpstream.find((one) => one.upstream === upstream.id);
              return (
                <tr key={upstream.id}>
                  <th scope="row">
                    {upstream.id} <UpstreamBadge upstream={upstream} />
                  </th>
                  <RateCells rates={rates ?? NO_RATES} />
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollBox>
      {snapshot.upstreams.map((upstream) => (
        <UpstreamLack key={upstream.id} upstream={upstream} />
      ))}
    </section>
  );
}

/** How each model of the last minute did. */
export function ModelTable({ snapshot }: { snapshot: DashboardSnapshot }) {
  const { text } = useWording();
  const { byModel } = snapshot.live;
  return (
    <section class="panel">
      <h2>
        {text.models} <span class="hint">{text.lastMinute}</span>
      </h2>
      {byModel.length === 0 ? (
        <p class="hint">{text.quietMinute}</p>
      ) : (
        <ScrollBox name={text.models}>
          <table class="rates">
            <RateHead name={text.model} />
            <tbody>
              {byModel.map(({ model, ...rates }) => (
                <tr key={model}>
                  <th scope="row">{model}</th>
                  <RateCells rates={rates} />
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
    </section>
  );
}

function RateHead({ name }: { name: string }) {
  const { text } = useWording();
  return (
    <thead>
      <tr>
        <th scope="col">{name}</th>
        <th scope="col">{text.perSecond}</th>
        <th scope="col">{text.success}</th>
        <th scope="col">{text.tokensShort}</th>
        <th scope="col">p50</th>
        <th scope="col">p95</th>
        <th scope="col">p99</th>
      </tr>
    </thead>
  );
}

function RateCells({ rates }: { rates: LiveRates }) {
  const { format } = useWording();
  return (
    <>
      <td>{format.rate(rates.settledPerSecond)}</td>
      <td>{format.percent(rates.successRate)}</td>
      <td>{format.rate(rates.completionTokensPerSecond)}</td>
      <td>{format.ms(rates.firstByteMs.p50)}</td>
      <td>{format.ms(rates.firstByteMs.p95)}</td>
      <td>{format.ms(rates.firstByteMs.p99)}</td>
    </>
  );
}

function UpstreamBadge({ upstream }: { upstream: UpstreamSnapshot }) {
  const { text } = useWording();
  if (upstream.lack === null) return <Badge tone="good">{text.serving}</Badge>;
  return <Badge tone="bad">{text.notServing}</Badge>;
}

function UpstreamLack({ upstream: { id, lack, brake } }: { upstream: UpstreamSnapshot }) {
  const { text, format } = useWording();
  if (lack === null) return null;
  const until = brake.until === null ? '' : ` (${text.until(format.time(brake.until))})`;
  return (
    <p class="hint">
      {id}: {lack}
      {until}
    </p>
  );
}
