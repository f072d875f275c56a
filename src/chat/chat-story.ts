import type { TokenUsage } from '../convert/part.ts';
import type { GatewayError } from '../errors.ts';
import type { RequestRecord } from '../stats/request-record.ts';
import type { UpstreamId } from '../upstream/upstream-id.ts';
import type { UpstreamFailure } from '../upstream-failure.ts';
import type { Attempt } from './attempts.ts';
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
  /** By the upstream of the last attempt. */
  #droppedParams: readonly string[] = [];
  /** `upstream:kind` of whatever did not serve it, in order. */
  readonly #failures: string[] = [];
  #firstByteAt: number | null = null;

  constructor(call: ChatCall, shape: ChatPlan['shape']) {
    this.#call = call;
    this.#shape = shape;
  }

  planned(plan: ChatPlan): void {
    this.#plan = plan;
  }

  attempted({ number, upstream, droppedParams }: Attempt): void {
    this.#attempts = number;
    this.#upstream = upstream;
    this.#droppedParams = droppedParams;
  }

  /** An upstream did not serve it, whether an attempt was made there or none could be. */
  failed(upstream: UpstreamId, { kind }: UpstreamFailure): void {
    this.#failures.push(`${upstream}:${kind}`);
  }

  wrote(): void {
    this.#firstByteAt ??= performance.now();
  }

  /** `x-upstream`, `x-attempts`, and `x-dropped-params` when there are any. */
  headers(): Record<string, string> {
    const dropped = this.#droppedParams;
    return {
      ...(this.#upstream !== null && {
        'x-upstream': this.#upstream,
        'x-attempts': String(this.#attempts),
      }),
      ...(dropped.length > 0 && { 'x-dropped-params': dropped.join(', ') }),
    };
  }

  /** `committed`: the response began, with status 200, before the end was known. */
  toRecord(end: ChatEnd, committed: boolean): RequestRecord {
    const { requestId, receivedAt, clientAddress, userAgent, request } = this.#call;
    const { promptTokens, completionTokens, reasoningTokens, cachedTokens } = end.usage ?? NO_USAGE;
    return {
      id: requestId,
      startedAt: this.#startedAt,
      model: this.#plan?.model.publicName ?? request.model ?? '',
      upstream: this.#upstream,
      stream: this.#shape === 'stream',
      status: committed || end.error === null ? 200 : end.error.status,
      outcome: end.outcome,
      errorCode: end.error?.code ?? null,
      attempts: this.#attempts,
      failures: this.#failures,
      promptTokens,
      completionTokens,
      reasoningTokens,
      cachedTokens,
      firstByteMs: this.#firstByteAt === null ? null : this.#firstByteAt - receivedAt,
      durationMs: performance.now() - receivedAt,
      clientAddress,
      userAgent,
      editConflicts: end.editConflicts,
    };
  }
}
