import type { RequestOutcome, RequestRecord } from './request-record.ts';
import { TimeHistogram } from './time-histogram.ts';

/** Of a request, what is counted. */
export type CountedRequest = Pick<
  RequestRecord,
  | 'startedAt'
  | 'clientKeyId'
  | 'model'
  | 'modelIsPublic'
  | 'upstream'
  | 'outcome'
  | 'errorCode'
  | 'attempts'
  | 'promptTokens'
  | 'completionTokens'
  | 'reasoningTokens'
  | 'cachedTokens'
  | 'firstByteMs'
  | 'durationMs'
  | 'editConflicts'
>;

/** Numbers that add up. Tokens are null when no request knew them, which is not 0. */
export interface Sums {
  requests: number;
  attempts: number;
  promptTokens: number | null;
  completionTokens: number | null;
  reasoningTokens: number | null;
  cachedTokens: number | null;
  editConflicts: number;
  /** Requests that had a first byte, and the sum of the times until it. */
  firstBytes: number;
  firstByteMs: number;
  durationMs: number;
}

/** Sums as they are stored, with the histograms of their times encoded. */
export interface StoredSums extends Sums {
  firstByteTimes: Uint8Array;
  durationTimes: Uint8Array;
}

/** Sums over requests, and the histograms that their percentiles are read from. */
export class RequestSums implements Sums {
  requests = 0;
  attempts = 0;
  promptTokens: number | null = null;
  completionTokens: number | null = null;
  reasoningTokens: number | null = null;
  cachedTokens: number | null = null;
  editConflicts = 0;
  firstBytes = 0;
  firstByteMs = 0;
  durationMs = 0;
  readonly outcomes: Record<RequestOutcome, number> = { completed: 0, failed: 0, cancelled: 0 };
  readonly firstByteTimes = new TimeHistogram();
  readonly durationTimes = new TimeHistogram();

  addRequest(request: CountedRequest): void {
    const hasFirstByte = request.firstByteMs !== null;
    this.#add({
      ...request,
      requests: 1,
      firstBytes: hasFirstByte ? 1 : 0,
      firstByteMs: request.firstByteMs ?? 0,
    });
    this.outcomes[request.outcome] += 1;
    if (request.firstByteMs !== null) this.firstByteTimes.add(request.firstByteMs);
    this.durationTimes.add(request.durationMs);
  }

  /** Adds sums over requests that were settled alike. */
  addStored(outcome: RequestOutcome, stored: StoredSums): void {
    this.#add(stored);
    this.outcomes[outcome] += stored.requests;
    this.firstByteTimes.mergeEncoded(stored.firstByteTimes);
    this.durationTimes.mergeEncoded(stored.durationTimes);
  }

  merge(other: RequestSums): void {
    this.#add(other);
    this.outcomes.completed += other.outcomes.completed;
    this.outcomes.failed += other.outcomes.failed;
    this.outcomes.cancelled += other.outcomes.cancelled;
    this.firstByteTimes.merge(other.firstByteTimes);
    this.durationTimes.merge(other.durationTimes);
  }

  #add(sums: Sums): void {
    this.requests += sums.requests;
    this.attempts += sums.attempts;
    this.promptTokens = plus(this.promptTokens, sums.promptTokens);
    this.completionTokens = plus(this.completionTokens, sums.completionTokens);
    this.reasoningTokens = plus(this.reasoningTokens, sums.reasoningTokens);
    this.cachedTokens = plus(this.cachedTokens, sums.cachedTokens);
    this.editConflicts += sums.editConflicts;
    this.firstBytes += sums.firstBytes;
    this.firstByteMs += sums.firstByteMs;
    this.durationMs += sums.durationMs;
  }
}

/** The sum of what is known; null when nothing is. */
function plus(one: number | null, other: number | null): number | null {
  if (one === null) return other;
  return other === null ? one : one + other;
}
