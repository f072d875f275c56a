import { describe, expect, test } from 'bun:test';
import { Registry } from 'prom-client';
import { ChatMetrics } from '../../src/metrics/chat-metrics.ts';
import type { RequestRecord } from '../../src/stats/request-record.ts';
import { requestRecord } from '../stats/request-fixture.ts';
import { parseExposition } from '../support/parse-exposition.ts';
import { attemptStory } from './attempt-story.ts';

/** The samples with a value that settling these requests makes, without the buckets. */
async function samplesOf(...records: Partial<RequestRecord>[]): Promise<Record<string, number>> {
  const registry = new Registry();
  const metrics = new ChatMetrics(registry);
  for (const record of records) metrics.settled(requestRecord(record));
  const parsed = parseExposition(await registry.metrics());
  return Object.fromEntries(
    [...parsed.values()].flatMap(({ samples }) =>
      [...samples].filter(([name, value]) => value > 0 && !name.includes('_bucket')),
    ),
  );
}

const GEN_AI =
  'gen_ai_operation_name="chat",gen_ai_provider_name="zai-web",gen_ai_request_model="GLM-4.6"';
const CHAT = 'route="/v1/chat/completions",model="GLM-4.6",upstream="zai-web"';

describe('a settled chat', () => {
  test('that completed is counted and timed, its tokens and its attempt too', async () => {
    const story = { attempts: [attemptStory()], omitted: 0 };
    expect(await samplesOf({ story, queueMs: 4, editConflicts: 2 })).toEqual({
      [`glm_gateway_chat_requests_total{${CHAT},outcome="completed"}`]: 1,
      glm_gateway_edit_conflicts_total: 2,
      [`gen_ai_server_request_duration_seconds_sum{${GEN_AI}}`]: 1,
      [`gen_ai_server_request_duration_seconds_count{${GEN_AI}}`]: 1,
      [`gen_ai_server_time_to_first_token_seconds_sum{${GEN_AI}}`]: 0.1,
      [`gen_ai_server_time_to_first_token_seconds_count{${GEN_AI}}`]: 1,
      [`gen_ai_server_time_per_output_token_seconds_sum{${GEN_AI}}`]: 0.9 / 19,
      [`gen_ai_server_time_per_output_token_seconds_count{${GEN_AI}}`]: 1,
      [`gen_ai_client_operation_duration_seconds_sum{${GEN_AI}}`]: 0.99,
      [`gen_ai_client_operation_duration_seconds_count{${GEN_AI}}`]: 1,
      [`gen_ai_client_token_usage_sum{${GEN_AI},gen_ai_token_type="input"}`]: 10,
      [`gen_ai_client_token_usage_count{${GEN_AI},gen_ai_token_type="input"}`]: 1,
      [`gen_ai_client_token_usage_sum{${GEN_AI},gen_ai_token_type="output"}`]: 20,
      [`gen_ai_client_token_usage_count{${GEN_AI},gen_ai_token_type="output"}`]: 1,
      glm_gateway_added_seconds_sum: 0.02,
      glm_gateway_added_seconds_count: 1,
      glm_gateway_queue_seconds_sum: 0.004,
      glm_gateway_queue_seconds_count: 1,
    });
  });

  test('that is whole has no time to its first token', async () => {
    const samples = await samplesOf({ stream: false });
    expect(Object.keys(samples).filter((name) => /first_token|per_output/.test(name))).toEqual([]);
  });

  test('that failed is counted by its code, and timed apart', async () => {
    const failure = { kind: 'rate-limited', message: '', status: 429, upstreamCode: null } as const;
    const failed = attemptStory({ state: 'failed', firstByteAtMs: null, failure });
    const refused = attemptStory({ number: null, state: 'refused', upstream: 'zai-api', failure });
    const samples = await samplesOf({
      outcome: 'failed',
      errorCode: 'upstream_rate_limited',
      firstByteMs: null,
      story: { attempts: [failed, refused], omitted: 0 },
    });
    expect(samples).toMatchObject({
      [`glm_gateway_chat_requests_total{${CHAT},outcome="failed"}`]: 1,
      'glm_gateway_chat_errors_total{upstream="zai-web",code="upstream_rate_limited"}': 1,
      'glm_gateway_credential_refusals_total{upstream="zai-api",kind="rate-limited"}': 1,
      [`gen_ai_server_request_duration_seconds_count{${GEN_AI},error_type="upstream_rate_limited"}`]: 1,
      [`gen_ai_client_operation_duration_seconds_count{${GEN_AI},error_type="rate-limited"}`]: 1,
    });
  });

  test('that came to no upstream, for a model that is none, has labels all the same', async () => {
    const samples = await samplesOf({
      model: 'made up',
      modelIsPublic: false,
      upstream: null,
      path: '/v1/chat/completions/',
    });
    const labels = 'route="/v1/chat/completions",model="unknown",upstream="none"';
    expect(samples).toHaveProperty(
      [`glm_gateway_chat_requests_total{${labels},outcome="completed"}`],
      1,
    );
  });

  test('a server with any number of models makes a bounded number of series', async () => {
    const models = Array.from({ length: 150 }, (_, index) => ({ model: `model-${index}` }));
    const samples = await samplesOf(...models);
    const counted = Object.entries(samples).filter(([name]) =>
      name.includes('chat_requests_total'),
    );
    expect([counted.length, counted.at(-1)]).toEqual([
      101,
      [expect.stringContaining('model="other"'), 50],
    ]);
  });
});
