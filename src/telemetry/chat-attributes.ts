import type { Attributes } from '@opentelemetry/api';
import type { ChatCall } from '../chat/chat-call.ts';
import { modelLabel, type RequestRecord } from '../stats/request-record.ts';
import type { AttemptStory } from '../stats/request-story.ts';

/**
 * What spans say, in the words of OpenTelemetry's conventions where there are any; the rest begins
 * with `glm_gateway.`. The provider is the upstream. No prompt, no reply, no key, no credential.
 *
 * https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export const CHAT_OPERATION = 'chat';

/** What a chat's span says from its begin, as far as it is known then. */
export function attributesOfCall({ request, ...call }: ChatCall): Attributes {
  return withoutNull({
    'gen_ai.operation.name': CHAT_OPERATION,
    'gen_ai.request.max_tokens': request.max_completion_tokens ?? request.max_tokens,
    'gen_ai.request.temperature': request.temperature,
    'gen_ai.request.top_p': request.top_p,
    'gen_ai.request.seed': request.seed,
    'gen_ai.request.frequency_penalty': request.frequency_penalty,
    'gen_ai.request.presence_penalty': request.presence_penalty,
    'gen_ai.request.choice.count': (request.n ?? 1) === 1 ? null : request.n,
    'http.request.method': call.method,
    'url.path': call.path,
    'user_agent.original': call.userAgent,
    'glm_gateway.request.id': call.requestId,
    'glm_gateway.client_key.id': call.clientKeyId,
  });
}

/** What its span says in the end. */
export function attributesOfRecord(record: RequestRecord): Attributes {
  const { outcome, errorCode, firstByteMs, queueMs } = record;
  return withoutNull({
    'gen_ai.provider.name': record.upstream,
    'gen_ai.request.model': record.model,
    'gen_ai.request.stream': record.stream,
    'gen_ai.usage.input_tokens': record.promptTokens,
    'gen_ai.usage.output_tokens': record.completionTokens,
    'gen_ai.usage.reasoning.output_tokens': record.reasoningTokens,
    'gen_ai.usage.cache_read.input_tokens': record.cachedTokens,
    'gen_ai.response.time_to_first_chunk':
      record.stream && firstByteMs !== null ? firstByteMs / 1_000 : null,
    'http.response.status_code': record.status,
    'error.type': outcome === 'failed' ? errorCode : outcome === 'cancelled' ? outcome : null,
    'glm_gateway.outcome': outcome,
    'glm_gateway.attempts': record.attempts,
    'glm_gateway.queue.duration': queueMs === null ? null : queueMs / 1_000,
    'glm_gateway.edit_conflicts': record.editConflicts,
  });
}

/** What the span of one attempt of a chat says. */
export function attributesOfAttempt(attempt: AttemptStory, record: RequestRecord): Attributes {
  const { failure, state, firstByteAtMs, startedAtMs } = attempt;
  return withoutNull({
    'gen_ai.operation.name': CHAT_OPERATION,
    'gen_ai.provider.name': attempt.upstream,
    'gen_ai.request.model': record.model,
    'gen_ai.request.stream': true,
    'gen_ai.response.time_to_first_chunk':
      firstByteAtMs === null ? null : (firstByteAtMs - startedAtMs) / 1_000,
    'http.response.status_code': failure?.status,
    'error.type': failure?.kind ?? (state === 'completed' ? null : state),
    'glm_gateway.upstream.error.code': failure?.upstreamCode,
    'glm_gateway.attempt.number': attempt.number,
    'glm_gateway.credential.id': attempt.credentialId,
    'glm_gateway.credential.wait': attempt.leaseMs / 1_000,
  });
}

/** A span's name has few values: a model that is none of ours is not part of it. */
export function spanName(record: RequestRecord): string {
  return `${CHAT_OPERATION} ${modelLabel(record)}`;
}

function withoutNull(
  attributes: Record<string, string | number | boolean | null | undefined>,
): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined),
  ) as Attributes;
}
