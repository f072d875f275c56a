import type { TraceChat } from '../chat/chat-trace.ts';
import type { OtelVariables } from '../config/otel-variables.ts';
import type { Logger } from '../lib/log.ts';
import { readTraceOptions } from './trace-options.ts';

/** Traces chats. Disposal sends what has not been sent, within bounds. */
export interface Tracing extends AsyncDisposable {
  readonly traceChat: TraceChat;
}

/**
 * Starts what OpenTelemetry's variables ask for; null when they ask for nothing. Then none of its
 * packages is loaded.
 */
export async function startTracing(
  variables: OtelVariables,
  { serviceName, log }: { serviceName: string; log: Logger },
): Promise<Tracing | null> {
  const { options, warnings } = readTraceOptions(variables, serviceName);
  for (const warning of warnings) log.warn(warning);
  if (options === null) return null;
  const { OtelTracing } = await import('./otel-tracing.ts');
  log.info({ url: withoutSecrets(options.url), sampler: options.sampler }, 'tracing');
  return new OtelTracing(options, log);
}

/** Some put a key into the URL. */
function withoutSecrets(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
