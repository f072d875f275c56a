import type { TokenUsage } from '../convert/part.ts';
import type { GatewayError } from '../errors.ts';
import type { RequestRecord } from '../stats/request-record.ts';
import type { AttemptStory } from '../stats/request-story.ts';
import type { UpstreamFailure } from '../upstream-failure.ts';
import type { UpstreamId } from '../upstream-id.ts';
import { AttemptNotes, tellRefusal } from './attempt-notes.ts';
import type { Attempt, AttemptWatch } from './attempts.ts';
import type { ChatCall } from './chat-call.ts';
import type { ChatPlan } from './plan-chat.ts';

/** How a chat was settled. */
export interface ChatEnd {
  outcome: RequestRecord['outcome'];
  /** null when it completed. */
  error: GatewayError | null;
  /** Whether the stream itself already carries the error. */
  errorWritten: boolean;
  usage: TokenUsage | null;
  editConflicts: number;
}

const NO_USAGE: TokenUsage = {
  promptTokens: null,
  completionTokens: null,
  totalTokens: null,
  reasoningTokens: null,
  cachedTokens: null,
};

/** What is noted of a chat while it lives, for its record and the response's headers. */
export class ChatStory {
  readonly #call: ChatCall;
  readonly #shape: ChatPlan['shape'];
  readonly #startedAt = Date.now();
  #plan: ChatPlan | null = null;
  #attempts = 0;
  #upstream: UpstreamId | null = null;
  #refusedBy: UpstreamId | null = null;
  /** By the upstream of the last attempt. */
  #droppedParams: readonly string[] = [];
  /** `upstream:kind` of whatever did not serve it, in order. */
  readonly #failures: string[] = [];
  /** What was tried, in the order in which it began. */
  readonly #tries: (() => AttemptStory)[] = [];
  #queuedAtMs: number | null = null;
  #queueMs: number | null = null;
  #firstByteMs: number | null = null;

  constructor(call: ChatCall, shape: ChatPlan['shape']) {
    this.#call = call;
    this.#shape = shape;
  }

  planned(plan: ChatPlan): void {
    this.#plan = plan;
  }

  /** It waits for a permit from now on. */
  queued(): void {
    this.#queuedAtMs = this.#elapsedMs();
  }

  admitted(): void {
    if (this.#queuedAtMs !== null) this.#queueMs = this.#elapsedMs() - this.#queuedAtMs;
  }

  attempted(attempt: Attempt): AttemptWatch {
    const { number, upstream, droppedParams } = attempt;
    this.#attempts = number;
    this.#upstream = upstream;
    this.#droppedParams = droppedParams;
    const notes = new AttemptNotes(
      attempt,
      () => this.#elapsedMs(),
      ({ kind }) => this.#failures.push(`${upstream}:${kind}`),
    );
    this.#tries.push(() => notes.tell());
    return notes;
  }

  /** An upstream lent no credential for an attempt. */
  refused(upstream: UpstreamId, failure: UpstreamFailure, leaseMs: number): void {
    const refusal = tellRefusal(upstream, failure, leaseMs, this.#elapsedMs());
    this.#failures.push(`${upstream}:${failure.kind}`);
    this.#refusedBy = upstream;
    this.#tries.push(() => refusal);
  }

  wrote(): void {
    this.#firstByteMs ??= this.#elapsedMs();
  }

  /**
   * `x-upstream` (of the last attempt; without any, the last that could make none), `x-attempts`, and
   * `x-dropped-params` when there are any.
   */
  headers(): Record<string, string> {
    const dropped = this.#droppedParams;
    const upstream = this.#upstream ?? this.#refusedBy;
    return {
      ...(upstream !== null && { 'x-upstream': upstream, 'x-attempts': String(this.#attempts) }),
      ...(dropped.length > 0 && { 'x-dropped-params': dropped.join(', ') }),
    };
  }

  /** `committed`: the response began, with status 200, before the end was known. */
  toRecord(end: ChatEnd, committed: boolean): RequestRecord {
    const { requestId, method, path, clientKeyId, clientAddress, userAgent, request } = this.#call;
    const { promptTokens, completionTokens, reasoningTokens, cachedTokens } = end.usage ?? NO_USAGE;
    return {
      id: requestId,
      startedAt: this.#startedAt,
      method,
      path,
      clientKeyId,
      model: this.#plan?.model.publicName ?? request.model ?? '',
      modelIsPublic: this.#plan !== null,
      upstream: this.#upstream,
      stream: this.#shape === 'stream',
      status: committed || end.error === null ? 200 : end.error.status,
      outcome: end.outcome,
      errorCode: end.error?.code ?? null,
      attempts: this.#attempts,
      failures: this.#failures,
      queueMs: this.#queueMs,
      promptTokens,
      completionTokens,
      reasoningTokens,
      cachedTokens,
      firstByteMs: this.#firstByteMs,
      durationMs: this.#elapsedMs(),
      clientAddress,
      userAgent,
      editConflicts: end.editConflicts,
      story: { attempts: this.#tries.map((tell) => tell()), omitted: 0 },
    };
  }

  /** Since the request came. */
  #elapsedMs(): number {
    return performance.now() - this.#call.receivedAt;
  }
}
