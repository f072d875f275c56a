import type { RequestRecord } from '../stats/request-record.ts';

/**
 * What the gateway added to the time until a client's first words, in ms; null when there were none.
 *
 * It is the time from the request's arrival to the first words to the client, without the time in
 * which at least one attempt waited for its upstream: from when it had its credential until its first
 * words, or its end. What is left: reading and planning the request, the waits for a permit and for a
 * credential, pauses between attempts, and writing.
 *
 * The first words are those that a thread puts out: what a thread itself costs counts as waiting.
 */
export function gatewayAddedMs({
  firstByteMs,
  story,
}: Pick<RequestRecord, 'firstByteMs' | 'story'>): number | null {
  if (firstByteMs === null) return null;
  let waitedMs = 0;
  // Attempts of several choices run side by side: what is covered by two counts once.
  let coveredToMs = 0;
  for (const { number, startedAtMs, firstByteAtMs, endedAtMs } of story.attempts) {
    if (number === null) continue;
    const fromMs = Math.max(startedAtMs, coveredToMs);
    const toMs = Math.min(firstByteAtMs ?? endedAtMs, firstByteMs);
    if (toMs <= fromMs) continue;
    waitedMs += toMs - fromMs;
    coveredToMs = toMs;
  }
  return firstByteMs - waitedMs;
}
