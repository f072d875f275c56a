import { useEffect, useState } from 'preact/hooks';
import type { DashboardSnapshot } from '../dashboard-snapshot.ts';
import { AskError, ask } from './ask.ts';

/** How the page hears of what happens. */
type LiveState = 'connecting' | 'live' | 'polling' | 'offline';

export interface Live {
  state: LiveState;
  /** The latest; null before the first. */
  snapshot: DashboardSnapshot | null;
}

const POLL_MS = 5_000;
/** An open stream brings a snapshot each second: after this long without one it is dead. */
const SILENCE_MS = 10_000;

/** What happens now, as long as the component is there. */
export function useLive(): Live {
  const [live, setLive] = useState<Live>({ state: 'connecting', snapshot: null });
  useEffect(() => followSnapshots((change) => setLive((before) => ({ ...before, ...change }))), []);
  return live;
}

/**
 *   streaming ──error, or silence──▶ polling ──an answer──▶ streaming
 *
 * The browser would open a broken stream again by itself, but not one that was refused; so it is
 * closed and opened here. A page that is not seen listens to nothing: browsers open six connections to a
 * host at most, and each stream holds one. Returns what ends it.
 */
function followSnapshots(tell: (change: Partial<Live>) => void): () => void {
  let stream: EventSource | null = null;
  let silence: number | undefined;
  let poll: number | undefined;
  const over = new AbortController();

  function openStream(): void {
    stream?.close();
    stream = new EventSource('/dashboard/events');
    stream.onmessage = ({ data }) => {
      stopPolling();
      watchSilence();
      tell({ state: 'live', snapshot: JSON.parse(data) });
    };
    stream.onerror = startPolling;
    watchSilence();
  }

  function watchSilence(): void {
    clearTimeout(silence);
    silence = window.setTimeout(startPolling, SILENCE_MS);
  }

  function startPolling(): void {
    stream?.close();
    clearTimeout(silence);
    if (poll !== undefined) return;
    poll = window.setInterval(() => void pollOnce(), POLL_MS);
    void pollOnce();
  }

  function stopPolling(): void {
    clearInterval(poll);
    poll = undefined;
  }

  async function pollOnce(): Promise<void> {
    try {
      const snapshot = await ask<DashboardSnapshot>('/dashboard/snapshot', { signal: over.signal });
      if (poll === undefined) return;
      tell({ state: 'polling', snapshot });
      // It answers, so a stream may work again. One that is refused costs one request every 5 s.
      if (stream?.readyState === EventSource.CLOSED) openStream();
    } catch (error) {
      if (error instanceof AskError) tell({ state: 'offline' });
    }
  }

  function pause(): void {
    stream?.close();
    stopPolling();
    clearTimeout(silence);
  }

  function followVisibility(): void {
    if (document.hidden) pause();
    else openStream();
  }

  openStream();
  document.addEventListener('visibilitychange', followVisibility);
  return () => {
    document.removeEventListener('visibilitychange', followVisibility);
    over.abort();
    pause();
  };
}
