import { type Context, ROOT_CONTEXT, type Tracer, trace } from '@opentelemetry/api';
import { parseTraceParent, setGlobalErrorHandler, TraceState } from '@opentelemetry/core';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import packageJson from '../../package.json' with { type: 'json' };
import type { ChatCall } from '../chat/chat-call.ts';
import type { ChatTrace } from '../chat/chat-trace.ts';
import type { Logger } from '../lib/log.ts';
import { OtelChatTrace } from './otel-chat-trace.ts';
import type { TraceOptions } from './trace-options.ts';
import type { Tracing } from './tracing.ts';

/** The packages that can be imported from do not export it. */
type CompressionAlgorithm = NonNullable<
  NonNullable<ConstructorParameters<typeof JsonExporter>[0]>['compression']
>;

/** How long the end of the gateway waits for the last spans to be sent, in ms. */
const FLUSH_MS = 3_000;
/** A collector that is away is told of once in a while, not with every batch. */
const WARN_EVERY_MS = 60_000;
const NOT_SENT = 'spans were not sent';

/**
 * Makes spans by OpenTelemetry's SDK and sends them by OTLP over HTTP, in batches. The queue is
 * bounded: what it has no room for is dropped, and so is what the collector does not take. Requests
 * notice nothing of either.
 */
export class OtelTracing implements Tracing {
  readonly #provider: TracerProvider;
  readonly #tracer: Tracer;
  readonly #log: Logger;

  constructor(options: TraceOptions, log: Logger) {
    this.#log = log;
    warnOfFailures(log);
    const { batch, resource } = options;
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes(resource),
      sampler: createSampler(options),
      spanProcessors: [
        new BatchSpanProcessor({
          exporter: createExporter(options),
          scheduledDelayMillis: batch.delayMs,
          exportTimeoutMillis: batch.timeoutMs,
          maxQueueSize: batch.maxQueue,
          maxExportBatchSize: batch.maxSpans,
        }),
      ],
    });
    this.#tracer = this.#provider.getTracer(packageJson.name, packageJson.version);
  }

  readonly traceChat = (call: ChatCall): ChatTrace =>
    new OtelChatTrace(this.#tracer, parentOf(call), call);

  async [Symbol.asyncDispose](): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, FLUSH_MS);
    const sent = this.#provider
      .shutdown()
      .catch((error) => this.#log.warn({ reason: messageOf(error) }, NOT_SENT));
    await Promise.race([sent, promise]);
    clearTimeout(timer);
  }
}

/** The client's span, when it sent one. */
function parentOf({ traceContext }: ChatCall): Context {
  const { traceparent, tracestate } = traceContext;
  const parent = traceparent === null ? null : parseTraceParent(traceparent);
  if (parent === null) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    ...parent,
    isRemote: true,
    ...(tracestate !== null && { traceState: new TraceState(tracestate) }),
  });
}

function createExporter(options: TraceOptions): SpanExporter {
  const { url, headers, timeoutMs, compression, protocol } = options;
  const Exporter = protocol === 'http/json' ? JsonExporter : ProtobufExporter;
  return new Exporter({
    url,
    headers: { ...headers },
    timeoutMillis: timeoutMs,
    compression: compression as CompressionAlgorithm,
  });
}

function createSampler({ sampler, sampleRatio }: TraceOptions): Sampler {
  const byRatio = new TraceIdRatioBasedSampler(sampleRatio);
  switch (sampler) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return byRatio;
    case 'parentbased_always_on':
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: byRatio });
    default:
      return sampler satisfies never;
  }
}

/** Without the rest of a failure: an answer of a collector may repeat what it was sent. */
function warnOfFailures(log: Logger): void {
  let warnedAt = Number.NEGATIVE_INFINITY;
  setGlobalErrorHandler((failure) => {
    if (performance.now() - warnedAt < WARN_EVERY_MS) return;
    warnedAt = performance.now();
    log.warn({ reason: messageOf(failure) }, NOT_SENT);
  });
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
