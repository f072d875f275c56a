import type { RunningChatFacts } from '../chat/running-chats.ts';
import type { BrakeStatus } from '../credentials/brake.ts';
import type { LiveSnapshot } from '../stats/live-counters.ts';

/**
 * What the dashboard shows of this moment. Times are Unix ms. The page reads it too, so that it is
 * apart from what takes it.
 */
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
