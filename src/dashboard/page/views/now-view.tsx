import type { DashboardSnapshot } from '../../dashboard-snapshot.ts';
import { type TileProps, Tiles } from '../parts/tile.tsx';
import { useWording, type Wording } from '../text/text-context.ts';
import { History } from './history.tsx';
import { ModelTable, UpstreamTable } from './rate-tables.tsx';

/** What happens at this moment, and how it was before. */
export function NowView({ snapshot }: { snapshot: DashboardSnapshot | null }) {
  const wording = useWording();
  if (snapshot === null) return <p class="hint">{wording.text.loading}</p>;
  return (
    <>
      <Tiles name={wording.text.now} tiles={tilesOf(snapshot, wording)} />
      <div class="columns">
        <UpstreamTable snapshot={snapshot} />
        <ModelTable snapshot={snapshot} />
      </div>
      <History />
    </>
  );
}

function tilesOf({ live, streams }: DashboardSnapshot, { text, format }: Wording): TileProps[] {
  const { p50, p95, p99 } = live.firstByteMs;
  const { last10s, last60s } = live.startedPerSecond;
  return [
    {
      name: text.requestsPerSecond,
      value: format.rate(last10s),
      note: text.averageOfMinute(format.rate(last60s)),
    },
    {
      name: text.running,
      value: format.count(live.running),
      note: text.streamsOpen(format.count(streams.active)),
    },
    { name: text.queued, value: format.count(live.queued), note: text.waitingForPermit },
    { name: text.successRate, value: format.percent(live.successRate), note: text.lastMinute },
    {
      name: text.tokensPerSecond,
      value: format.rate(live.completionTokensPerSecond),
      note: text.ofSettled,
    },
    {
      name: `${text.firstByte}, p50`,
      value: format.ms(p50),
      note: `p95 ${format.ms(p95)} · p99 ${format.ms(p99)}`,
    },
  ];
}
