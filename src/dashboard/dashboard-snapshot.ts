import type { RunningChatFacts, RunningChats } from '../chat/running-chats.ts';
import type { Upstream } from '../chat/upstreams/upstream.ts';
import type { BrakeStatus } from '../credentials/brake.ts';
import type { LiveSnapshot, LiveStats } from '../stats/live-counters.ts';
import type { StreamPool } from '../stream-pool/stream-pool.ts';

/** What the dashboard shows of this moment. Times are Unix ms. */
export interface DashboardSnapshot {
  at: number;
  /** When the process started: another one tells a page that it talks to another process. */
  startedAt: number;
  /** Takes no new requests. */
  draining: boolean;
  live: LiveSnapshot;
  /** The newest first; not all when there are very many. */
  running: RunningRequest[];
  upstreams: UpstreamSnapshot[];
  streams: { active: number; ready: boolean };
  memoryBytes: number;
}

/** A request that is not settled yet. */
export interface RunningRequest extends Omit<RunningChatFacts, 'receivedAt'> {
  /** Unix ms. */
  startedAt: number;
}

/** One upstream of this moment. */
export interface UpstreamSnapshot {
  id: string;
  /** Why it could serve no chat now; null when it could. */
  lack: string | null;
  inFlight: number;
  brake: { state: BrakeStatus['state']; until: number | null; reason: string | null };
}

/** Where a snapshot comes from. */
export interface SnapshotParts {
  live: LiveStats;
  upstreams: readonly Pick<Upstream, 'id' | 'credentials'>[];
  streamPool: Pick<StreamPool, 'activeStreams' | 'ready'>;
  running: Pick<RunningChats, 'draining' | 'newest'>;
}

/** As many as one looks at; a snapshot is sent each second. */
const MAX_RUNNING = 50;

/** Looks at everything once; some tens of µs. */
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
