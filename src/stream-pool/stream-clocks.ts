import { type UpstreamFailure, upstreamFailure } from '../upstream-failure.ts';
import type { StreamClocks } from './protocol.ts';

/** The running clocks of one attempt. */
export interface RunningClocks {
  /** The upstream sent something. */
  touch(): void;
  /** The upstream is not being read, because the client takes nothing. */
  pause(): void;
  stop(): void;
}

/**
 *   waiting ──touch──▶ reading ──pause──▶ paused
 *                         ▲──────touch──────┘
 * `firstByteMs` runs while waiting, from the start on. `idleMs` runs from the last call on: against
 * the upstream while reading, against the client while paused. `totalMs` runs always. `onExpired` is
 * called at most once.
 *
 * A stream has one timer, which is not set anew by every piece that arrives: it looks at the time
 * of the last call when it fires, and sleeps on for what is left.
 */
export function startClocks(
  clocks: StreamClocks,
  onExpired: (failure: UpstreamFailure) => void,
): RunningClocks {
  const { firstByteMs, idleMs, totalMs } = clocks;
  const limits = { waiting: firstByteMs, reading: idleMs, paused: idleMs };
  let state: keyof typeof limits = 'waiting';
  const startedAt = performance.now();
  let calledAt = startedAt;
  let timer = setTimeout(check, Math.min(firstByteMs, idleMs, totalMs));

  function check(): void {
    const now = performance.now();
    const totalLeftMs = startedAt + totalMs - now;
    const silenceLeftMs = calledAt + limits[state] - now;
    if (totalLeftMs <= 0) onExpired(EXPIRED.total(totalMs));
    else if (silenceLeftMs <= 0) onExpired(EXPIRED[state](limits[state]));
    else timer = setTimeout(check, Math.ceil(Math.min(silenceLeftMs, totalLeftMs, idleMs)));
  }

  return {
    touch() {
      state = 'reading';
      calledAt = performance.now();
    },
    pause() {
      state = 'paused';
      calledAt = performance.now();
    },
    stop() {
      clearTimeout(timer);
    },
  };
}

const EXPIRED = {
  waiting: (limitMs: number) =>
    upstreamFailure('first-byte-timeout', `The upstream did not reply within ${limitMs / 1000} s.`),
  reading: (limitMs: number) =>
    upstreamFailure('idle-timeout', `The upstream was silent for ${limitMs / 1000} s.`),
  paused: (limitMs: number) =>
    upstreamFailure('client-stalled', `The client took nothing for ${limitMs / 1000} s.`),
  total: (limitMs: number) =>
    // What earlier attempts have used is off by fractions of a second.
    upstreamFailure('total-timeout', `The reply took longer than ${Math.ceil(limitMs / 1000)} s.`),
};
