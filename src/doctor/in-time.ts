import { type UpstreamFailure, upstreamFailure } from '../upstream-failure.ts';

/** Longer than any of these calls takes where things are in order. */
const TIMEOUT_MS = 10_000;

/** Asks an upstream for 10 s at most; then the answer is what `late` makes of that failure. */
export async function inTime<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  late: (failure: UpstreamFailure) => T,
): Promise<T> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await ask(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    const message = `There was no answer within ${TIMEOUT_MS / 1000} s.`;
    return late(upstreamFailure('first-byte-timeout', message));
  }
}

/** The failure in place of what was asked for. */
export function failed(failure: UpstreamFailure): { ok: false; failure: UpstreamFailure } {
  return { ok: false, failure };
}
