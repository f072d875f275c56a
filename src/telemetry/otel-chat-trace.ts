import {
  type Context,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { ChatCall } from '../chat/chat-call.ts';
import type { ChatTrace } from '../chat/chat-trace.ts';
import type { RequestRecord } from '../stats/request-record.ts';
import type { AttemptStory } from '../stats/request-story.ts';
import type { TraceHeaders } from '../upstream/upstream-request.ts';
import {
  attributesOfAttempt,
  attributesOfCall,
  attributesOfRecord,
  CHAT_OPERATION,
  spanName,
} from './chat-attributes.ts';

/**
 * A chat's span and those of its attempts. They begin with the chat, since an upstream is told of
 * them, and get what they say when it is settled: nothing is done in between.
 *
 * A span that is not sampled goes nowhere, but the trace goes on through it.
 */
export class OtelChatTrace implements ChatTrace {
  readonly #tracer: Tracer;
  readonly #span: Span;
  readonly #context: Context;
  readonly #attempts: Span[] = [];
  readonly #receivedAt: number;
  /** When the request came, in Unix ms. */
  readonly #cameAtMs: number;

  constructor(tracer: Tracer, parent: Context, call: ChatCall) {
    this.#tracer = tracer;
    this.#receivedAt = call.receivedAt;
    this.#cameAtMs = Date.now() - (performance.now() - call.receivedAt);
    const options = { kind: SpanKind.SERVER, startTime: this.#cameAtMs };
    const attributes = attributesOfCall(call);
    this.#span = tracer.startSpan(CHAT_OPERATION, { ...options, attributes }, parent);
    this.#context = trace.setSpan(parent, this.#span);
  }

  attempted(): TraceHeaders {
    const startTime = this.#unixMs(performance.now() - this.#receivedAt);
    const options = { kind: SpanKind.CLIENT, startTime };
    const span = this.#tracer.startSpan(CHAT_OPERATION, options, this.#context);
    this.#attempts.push(span);
    return { traceparent: writeTraceParent(span.spanContext()) };
  }

  settled(record: RequestRecord): void {
    const made = record.story.attempts.filter(({ number }) => number !== null);
    for (const [index, span] of this.#attempts.entries()) {
      const attempt = made[index];
      if (attempt !== undefined) this.#endAttempt(span, attempt, record);
    }
    this.#tellRefusals(record);
    this.#span.updateName(spanName(record));
    this.#span.setAttributes(attributesOfRecord(record));
    // What a client does wrong is no error of a server (the conventions for HTTP).
    const isOurs = record.status >= 500 || record.status < 400;
    if (record.outcome === 'failed' && isOurs) {
      this.#span.setStatus({ code: SpanStatusCode.ERROR, message: record.errorCode ?? 'failed' });
    }
    this.#span.end(this.#unixMs(record.durationMs));
  }

  #endAttempt(span: Span, attempt: AttemptStory, record: RequestRecord): void {
    span.updateName(spanName(record));
    span.setAttributes(attributesOfAttempt(attempt, record));
    const { failure } = attempt;
    if (failure !== null) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: failure.message });
    }
    span.end(this.#unixMs(attempt.endedAtMs));
  }

  /** An upstream that had no credential to lend is no attempt, but may be why the chat failed. */
  #tellRefusals({ story }: RequestRecord): void {
    for (const { number, upstream, failure, endedAtMs } of story.attempts) {
      if (number !== null) continue;
      const attributes = {
        'gen_ai.provider.name': upstream,
        'error.type': failure?.kind ?? 'none',
      };
      this.#span.addEvent('credential refused', attributes, this.#unixMs(endedAtMs));
    }
  }

  #unixMs(sinceItCameMs: number): number {
    return this.#cameAtMs + sinceItCameMs;
  }
}

/** https://www.w3.org/TR/trace-context/#traceparent-header */
function writeTraceParent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${(traceFlags & 0xff).toString(16).padStart(2, '0')}`;
}
