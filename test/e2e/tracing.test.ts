import { describe, expect, test } from 'bun:test';
import { readChat } from '../support/chat-load.ts';
import { spawnGateway } from '../support/gateway-process.ts';
import {
  type OtlpCollector,
  type ReceivedSpan,
  startOtlpCollector,
} from '../support/otlp-collector.ts';
import { postChat } from '../support/post-chat.ts';
import { settledChats } from '../support/settled-chats.ts';
import { until } from '../support/until.ts';
import { type ApiStage, withApiGateway } from '../support/with-api-gateway.ts';
import { withGateway } from '../support/with-gateway.ts';
import * as api from '../support/zai-api/scenarios/answers.ts';
import { apiError } from '../support/zai-api/scenarios/failures.ts';
import { plainAnswer } from '../support/zai-web/scenarios/answers.ts';
import { captcha } from '../support/zai-web/scenarios/failures.ts';
import { startZaiWebSimulator } from '../support/zai-web/simulator.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const PARENT_ID = 'b7ad6b7169203331';
const TRACEPARENT = `00-${TRACE_ID}-${PARENT_ID}-01`;

/** Spans come at once, and as JSON. */
const otelEnv = ({ origin }: OtlpCollector): Record<string, string> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: origin,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_BSP_SCHEDULE_DELAY: '1',
});

/** As soon as so many spans are there: the chat's own ends last, and stands behind its attempts. */
async function spansOf(collector: OtlpCollector, count: number): Promise<ReceivedSpan[]> {
  await until(() => collector.spans.length >= count);
  expect(collector.faults).toEqual([]);
  return collector.spans.toSorted((one, other) => one.startMs - other.startMs);
}

/** The headers `traceparent` that completions came with. */
const traceParents = (requests: ApiStage['api']['requests']) =>
  requests
    .filter(({ path }) => path.endsWith('/completions'))
    .map(({ headers }) => headers.traceparent);

describe('a chat', () => {
  test('is a span with a span for its attempt, in the words of the conventions', async () => {
    using collector = startOtlpCollector();
    const env = {
      ...otelEnv(collector),
      OTEL_SERVICE_NAME: 'my-gateway',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=k%201',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    };
    await withGateway({ script: plainAnswer('hello'), env }, async ({ gateway }) => {
      const asked = { model: 'GLM-4.6', stream: true, temperature: 0.5, max_tokens: 100 };
      const headers = { traceparent: TRACEPARENT, 'x-request-id': 'r-1' };
      await (await postChat(gateway, asked, headers)).text();
      const [chat, attempt] = await spansOf(collector, 2);
      expect(chat).toMatchObject({
        name: 'chat GLM-4.6',
        kind: 'server',
        traceId: TRACE_ID,
        parentSpanId: PARENT_ID,
        failed: false,
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'zai-web',
          'gen_ai.request.model': 'GLM-4.6',
          'gen_ai.request.stream': true,
          'gen_ai.request.temperature': 0.5,
          'gen_ai.request.max_tokens': 100,
          'gen_ai.usage.output_tokens': expect.any(Number),
          'gen_ai.response.time_to_first_chunk': expect.any(Number),
          'http.request.method': 'POST',
          'http.response.status_code': 200,
          'url.path': '/v1/chat/completions',
          'glm_gateway.outcome': 'completed',
          'glm_gateway.request.id': 'r-1',
        },
      });
      expect(attempt).toMatchObject({
        name: 'chat GLM-4.6',
        kind: 'client',
        traceId: TRACE_ID,
        parentSpanId: chat?.spanId,
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'zai-web',
          'glm_gateway.attempt.number': 1,
        },
      });
      const [first] = collector.exports;
      expect([first?.path, first?.headers.get('x-key'), first?.resource]).toEqual([
        '/v1/traces',
        'k 1',
        expect.objectContaining({ 'service.name': 'my-gateway' }),
      ]);
    });
  });

  test('says nothing of what was asked and answered, and no secret', async () => {
    using collector = startOtlpCollector();
    const script = plainAnswer('a telling reply');
    await withGateway({ script, env: otelEnv(collector) }, async ({ gateway }) => {
      const messages = [{ role: 'user', content: 'a telling prompt' }];
      await (await postChat(gateway, { messages, user: 'a telling name' })).text();
      const text = JSON.stringify(await spansOf(collector, 2));
      expect(text.match(/telling|sk-test|Bearer|eyJ/)).toBe(null);
    });
  });

  test('that is refused before any attempt is a span alone, and no error of ours', async () => {
    using collector = startOtlpCollector();
    await withGateway({ env: otelEnv(collector) }, async ({ gateway }) => {
      await postChat(gateway, { model: 'no such model' });
      const [chat] = await spansOf(collector, 1);
      expect(chat).toMatchObject({
        name: 'chat unknown',
        parentSpanId: '',
        failed: false,
        attributes: { 'error.type': 'model_not_found', 'http.response.status_code': 404 },
      });
    });
  });
});

describe('the trace goes on', () => {
  test('to the API, from each attempt, and the spans tell the story of a failover', async () => {
    using collector = startOtlpCollector();
    const env = {
      ...otelEnv(collector),
      UPSTREAMS: 'zai-api,zai-web',
      MAX_RETRIES: '0',
      ANONYMOUS_MODE: 'false',
    };
    const stage = { script: apiError(1305), web: { script: plainAnswer('hello') }, env };
    await withApiGateway(stage, async ({ gateway, api: { requests }, web }) => {
      await (await postChat(gateway, {}, { traceparent: TRACEPARENT })).text();
      const [chat, first, second] = await spansOf(collector, 3);
      expect([chat?.failed, first, second]).toEqual([
        false,
        expect.objectContaining({
          failed: true,
          attributes: expect.objectContaining({
            'gen_ai.provider.name': 'zai-api',
            'error.type': 'model-overloaded',
          }),
        }),
        expect.objectContaining({
          failed: false,
          attributes: expect.objectContaining({
            'gen_ai.provider.name': 'zai-web',
            'glm_gateway.attempt.number': 2,
          }),
        }),
      ]);
      expect(traceParents(requests)).toEqual([`00-${TRACE_ID}-${first?.spanId}-01`]);
      // A browser sends none.
      expect(traceParents(web.requests)).toEqual([undefined]);
    });
  });

  test('through a chat that the client does not want sampled, of which nothing is sent', async () => {
    using collector = startOtlpCollector();
    const env = otelEnv(collector);
    await withApiGateway({ script: api.plainAnswer('hello'), env }, async (stage) => {
      const unwanted = TRACEPARENT.replace(/01$/, '00');
      await (await postChat(stage.gateway, {}, { traceparent: unwanted })).text();
      await (await postChat(stage.gateway, {}, { traceparent: TRACEPARENT })).text();
      await spansOf(collector, 2);
      const [unsampled, sampled] = traceParents(stage.api.requests);
      expect([unsampled?.slice(-3), sampled?.slice(-3)]).toEqual(['-00', '-01']);
      expect(collector.spans).toHaveLength(2);
    });
  });

  test('not from a header that is none', async () => {
    using collector = startOtlpCollector();
    await withGateway({ env: otelEnv(collector) }, async ({ gateway }) => {
      await (await postChat(gateway, {}, { traceparent: '00-nonsense-01' })).text();
      const [chat] = await spansOf(collector, 2);
      expect(chat?.parentSpanId).toBe('');
    });
  });
});

describe('an upstream that had nothing to lend', () => {
  test('is an event of the chat, which failed by our own fault', async () => {
    using collector = startOtlpCollector();
    const env = {
      ...otelEnv(collector),
      MAX_RETRIES: '0',
      ANONYMOUS_MODE: 'false',
      ZAI_TOKENS: '',
    };
    await withGateway({ script: captcha(), env }, async ({ gateway }) => {
      await postChat(gateway);
      const [chat] = await spansOf(collector, 1);
      expect(chat).toMatchObject({
        failed: true,
        events: [
          { name: 'credential refused', attributes: { 'error.type': 'credential-rejected' } },
        ],
      });
    });
  });
});

describe('when OpenTelemetry is off', () => {
  test('an upstream is told of no trace', () =>
    withApiGateway({ script: api.plainAnswer('hello') }, async (stage) => {
      await (await postChat(stage.gateway, {}, { traceparent: TRACEPARENT })).text();
      expect(traceParents(stage.api.requests)).toEqual([undefined]);
    }));
});

describe('a collector that', () => {
  test.each([
    ['is not there', null],
    ['refuses', () => new Response('no', { status: 400 })],
    ['never answers', () => new Promise<Response>(() => {})],
  ])('%s costs no chat anything', async (_name, answer) => {
    using collector = startOtlpCollector(answer ?? undefined);
    if (answer === null) collector[Symbol.dispose]();
    const env = {
      ...otelEnv(collector),
      OTEL_EXPORTER_OTLP_TIMEOUT: '50',
      OTEL_BSP_MAX_QUEUE_SIZE: '4',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '2',
    };
    await withGateway({ script: plainAnswer('hello'), env }, async ({ gateway }) => {
      const replies = await Promise.all(
        Array.from({ length: 10 }, () => postChat(gateway, { stream: false })),
      );
      expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
      await until(() => gateway.log.some(({ msg }) => msg === 'spans were not sent'));
      expect(settledChats(gateway)).toHaveLength(10);
    });
  });
});

test('spans that wait are sent before the process ends, as protobuf unless said otherwise', async () => {
  using collector = startOtlpCollector();
  await using simulator = await startZaiWebSimulator({ script: plainAnswer('hello') });
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.origin, OTEL_BSP_SCHEDULE_DELAY: '600000' };
  await using gateway = await spawnGateway(simulator, env);
  await readChat(gateway);
  expect(collector.exports).toEqual([]);
  gateway.kill('SIGTERM');
  expect(await gateway.exited).toBe(0);
  expect(collector.exports.map(({ headers }) => headers.get('content-type'))).toEqual([
    'application/x-protobuf',
  ]);
});
