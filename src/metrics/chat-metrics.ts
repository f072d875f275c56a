import { Counter, Histogram, type Registry } from 'prom-client';
import { modelLabel, type RequestRecord } from '../stats/request-record.ts';
import type { AttemptStory } from '../stats/request-story.ts';
import { createBoundedLabel } from './bounded-label.ts';
import { BUCKETS } from './buckets.ts';
import { gatewayAddedMs } from './gateway-added-ms.ts';

/** Models that are told apart. A server of one's own may serve any number of names. */
const MAX_MODELS = 100;

/** The upstream of a chat that came to none. */
const NO_UPSTREAM = 'none';

/** The labels of OpenTelemetry's gen_ai metrics, as Prometheus spells them. */
const GEN_AI_LABELS = [
  'gen_ai_operation_name',
  'gen_ai_provider_name',
  'gen_ai_request_model',
] as const;

type GenAiLabels = Record<(typeof GEN_AI_LABELS)[number], string>;

/**
 * What becomes of chats, counted when they are settled.
 *
 * The gateway is a server to its clients (`gen_ai_server_…`) and a client of its upstreams
 * (`gen_ai_client_…`). Provider, as these names call it, is the upstream.
 */
export class ChatMetrics {
  readonly #model = createBoundedLabel(MAX_MODELS);
  readonly #counts: ReturnType<typeof createCounters>;
  readonly #times: ReturnType<typeof createHistograms>;

  constructor(registry: Registry) {
    this.#counts = createCounters(registry);
    this.#times = createHistograms(registry);
  }

  settled(record: RequestRecord): void {
    const model = this.#model(modelLabel(record));
    const upstream = record.upstream ?? NO_UPSTREAM;
    const { outcome, errorCode, editConflicts } = record;
    const route = record.path.replace(/(?<=.)\/$/, '');
    this.#counts.requests.inc({ route, model, upstream, outcome });
    if (outcome === 'failed') this.#counts.errors.inc({ upstream, code: errorCode ?? 'none' });
    this.#counts.editConflicts.inc(editConflicts);
    const labels = genAiLabels(upstream, model);
    this.#observeTimes(record, labels);
    this.#observeTokens(record, labels);
    for (const attempt of record.story.attempts) this.#observeAttempt(attempt, model);
  }

  #observeTimes(record: RequestRecord, labels: GenAiLabels): void {
    const { stream, outcome, errorCode, firstByteMs, durationMs, queueMs } = record;
    const errorType = outcome === 'failed' ? errorCode : outcome === 'cancelled' ? outcome : null;
    const failure = errorType === null ? {} : { error_type: errorType };
    this.#times.duration.observe({ ...labels, ...failure }, durationMs / 1_000);
    if (queueMs !== null) this.#times.queue.observe(queueMs / 1_000);
    const addedMs = gatewayAddedMs(record);
    if (addedMs !== null) this.#times.added.observe(addedMs / 1_000);
    // A whole reply has its first token with all others.
    if (!stream || firstByteMs === null) return;
    this.#times.firstToken.observe(labels, firstByteMs / 1_000);
    const laterTokens = (record.completionTokens ?? 0) - 1;
    if (outcome !== 'completed' || laterTokens < 1) return;
    this.#times.perToken.observe(labels, (durationMs - firstByteMs) / 1_000 / laterTokens);
  }

  #observeTokens({ promptTokens, completionTokens }: RequestRecord, labels: GenAiLabels): void {
    const { tokens } = this.#times;
    if (promptTokens !== null)
      tokens.observe({ ...labels, gen_ai_token_type: 'input' }, promptTokens);
    if (completionTokens !== null) {
      tokens.observe({ ...labels, gen_ai_token_type: 'output' }, completionTokens);
    }
  }

  #observeAttempt(attempt: AttemptStory, model: string): void {
    const { number, upstream, state, failure, startedAtMs, endedAtMs } = attempt;
    if (number === null) {
      this.#counts.refusals.inc({ upstream, kind: failure?.kind ?? 'none' });
      return;
    }
    const errorType = failure?.kind ?? (state === 'completed' ? null : state);
    const labels = genAiLabels(upstream, model);
    const failed = errorType === null ? {} : { error_type: errorType };
    this.#times.attempt.observe({ ...labels, ...failed }, (endedAtMs - startedAtMs) / 1_000);
  }
}

function genAiLabels(upstream: string, model: string): GenAiLabels {
  return {
    gen_ai_operation_name: 'chat',
    gen_ai_provider_name: upstream,
    gen_ai_request_model: model,
  };
}

function createCounters(registry: Registry) {
  const registers = [registry];
  return {
    requests: new Counter({
      name: 'glm_gateway_chat_requests_total',
      help: 'Chats that were settled; upstream: the one that served, or was tried last.',
      labelNames: ['route', 'model', 'upstream', 'outcome'],
      registers,
    }),
    errors: new Counter({
      name: 'glm_gateway_chat_errors_total',
      help: 'Chats that failed, by the error code that the client got.',
      labelNames: ['upstream', 'code'],
      registers,
    }),
    refusals: new Counter({
      name: 'glm_gateway_credential_refusals_total',
      help: 'Times that an upstream had no credential to lend to a chat, by why.',
      labelNames: ['upstream', 'kind'],
      registers,
    }),
    editConflicts: new Counter({
      name: 'glm_gateway_edit_conflicts_total',
      help: 'Edits of an upstream to text that clients had already got.',
      registers,
    }),
  };
}

function createHistograms(registry: Registry) {
  const registers = [registry];
  return {
    duration: new Histogram({
      name: 'gen_ai_server_request_duration_seconds',
      help: 'From the arrival of a chat until it was settled.',
      labelNames: [...GEN_AI_LABELS, 'error_type'],
      buckets: BUCKETS.duration,
      registers,
    }),
    firstToken: new Histogram({
      name: 'gen_ai_server_time_to_first_token_seconds',
      help: 'From the arrival of a streamed chat until the first words to its client.',
      labelNames: GEN_AI_LABELS,
      buckets: BUCKETS.firstToken,
      registers,
    }),
    perToken: new Histogram({
      name: 'gen_ai_server_time_per_output_token_seconds',
      help: 'Time per token after the first, of streamed chats that completed.',
      labelNames: GEN_AI_LABELS,
      buckets: BUCKETS.perToken,
      registers,
    }),
    attempt: new Histogram({
      name: 'gen_ai_client_operation_duration_seconds',
      help: 'Attempts on upstreams, from when each had its credential until its end.',
      labelNames: [...GEN_AI_LABELS, 'error_type'],
      buckets: BUCKETS.duration,
      registers,
    }),
    tokens: new Histogram({
      name: 'gen_ai_client_token_usage',
      help: 'Tokens of a chat, as its upstream counts them.',
      labelNames: [...GEN_AI_LABELS, 'gen_ai_token_type'],
      buckets: BUCKETS.tokens,
      registers,
    }),
    added: new Histogram({
      name: 'glm_gateway_added_seconds',
      help: 'Time until the first words to a client in which no upstream was waited for.',
      buckets: BUCKETS.added,
      registers,
    }),
    queue: new Histogram({
      name: 'glm_gateway_queue_seconds',
      help: 'How long chats that got a permit waited for it. Part of the added time.',
      buckets: BUCKETS.added,
      registers,
    }),
  };
}
