import type { RunningChats } from '../chat/running-chats.ts';
import type { Upstream } from '../chat/upstreams/upstream.ts';
import type { LiveStats } from '../stats/live-counters.ts';
import type { StreamPool } from '../stream-pool/stream-pool.ts';
import type { DashboardSnapshot, UpstreamSnapshot } from './dashboard-snapshot.ts';

/** Where a snapshot comes from. */
export interface SnapshotParts {
  live: LiveStats;
  upstreams: readonly Pick<Upstream, 'id' | 'credentials'>[];
  streamPool: Pick<StreamPool, 'activeStreams' | 'ready'>;
  running: Pick<RunningChats, 'draining' | 'newest'>;
}

/** As many as one looks at; a snapshot is sent each second. */
const MAX_RUNNING = 50;

/** Looks at everything once: some 0.1 ms. */
export function takeSnapshot(parts: SnapshotParts): DashboardSnapshot {
  const { live, upstreams, streamPool, running } = parts;
  return {
    at: Date.now(),
    startedAt: Math.round(performance.timeOrigin),
    draining: running.draining,
    live: live.snapshot(),
    running: running.newest(MAX_RUNNING).map(({ receivedAt, ...facts }) => ({
      ...facts,
      startedAt: Math.round(performance.timeOrigin + receivedAt),
    })),
    upstreams: upstreams.map(describeUpstream),
    streams: { active: streamPool.activeStreams, ready: streamPool.ready },
    memoryBytes: process.memoryUsage.rss(),
  };
}

function describeUpstream({
  id,
  credentials,
}: SnapshotParts['upstreams'][number]): UpstreamSnapshot {
  const { brake } = credentials;
  let inFlight = 0;
  for (const leases of credentials.inFlight.values()) inFlight += leases;
  return {
    id,
    lack: credentials.readiness()?.message ?? null,
    inFlight,
    brake: {
      state: brake.state,
      until: brake.state === 'open' ? brake.untilMs : null,
      reason: brake.state === 'closed' ? null : brake.failure.message,
    },
  };
}
