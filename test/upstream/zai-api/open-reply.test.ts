import { describe, expect, test } from 'bun:test';
import type { ApiExchange } from '../../../src/upstream/upstream-request.ts';
import { openApiReply } from '../../../src/upstream/zai-api/open-reply.ts';
import type { UpstreamFailureKind } from '../../../src/upstream-failure.ts';
import type { KeyAccount } from '../../support/zai-api/keys.ts';
import { answerHeldAt, plainAnswer } from '../../support/zai-api/scenarios/answers.ts';
import {
  apiError,
  errorInside200,
  wholeCompletion,
} from '../../support/zai-api/scenarios/failures.ts';
import {
  type SimulatorOptions,
  startZaiApiSimulator,
  type ZaiApiSimulator,
} from '../../support/zai-api/simulator.ts';
import { createGate } from '../../support/zai-web/gate.ts';
import type { HttpAnswer, Scenario } from '../../support/zai-web/scenario.ts';
import { closedOrigin } from '../zai-web/make-exchange.ts';
import { makeApiExchange } from './make-exchange.ts';

const NEVER = new AbortController().signal;

function exchangeWith(simulator: ZaiApiSimulator, account: Partial<KeyAccount> = {}): ApiExchange {
  const secret = simulator.addKey(account);
  return makeApiExchange({ baseUrl: simulator.baseUrl, credential: { secret } });
}

async function failureOf(exchange: ApiExchange) {
  const opened = await openApiReply(exchange, NEVER);
  if (opened.ok) throw new Error('the reply was opened');
  return opened.failure;
}

async function failureAfter(options: SimulatorOptions, account: Partial<KeyAccount> = {}) {
  await using simulator = await startZaiApiSimulator(options);
  return await failureOf(exchangeWith(simulator, account));
}

const answered = (answer: Partial<HttpAnswer>): { script: Scenario } => ({
  script: { answer: { status: 200, headers: {}, body: '', ...answer } },
});

describe('a reply', () => {
  test('is handed over as it comes', async () => {
    await using simulator = await startZaiApiSimulator({
      script: plainAnswer('你好 🌍', { pieces: 1 }),
    });
    const opened = await openApiReply(exchangeWith(simulator), NEVER);
    const text = opened.ok ? await new Response(opened.value).text() : '';
    expect(text).toMatch(/^data: \{.+"content":"你好 🌍".+\n\ndata: .+\n\ndata: \[DONE\]\n\n$/);
  });

  test('is taken when it does not say what type it is of', async () => {
    await using simulator = await startZaiApiSimulator(answered({ body: 'data: {}\n\n' }));
    expect((await openApiReply(exchangeWith(simulator), NEVER)).ok).toBe(true);
  });

  test('goes through the proxy that is set', async () => {
    await using proxy = await startZaiApiSimulator();
    const secret = proxy.addKey();
    const baseUrl = 'http://api.invalid/api/paas/v4';
    const exchange = makeApiExchange({ baseUrl, proxyUrl: proxy.origin, credential: { secret } });
    const { ok } = await openApiReply(exchange, NEVER);
    expect([ok, proxy.requests[0]?.headers.host]).toEqual([true, 'api.invalid']);
  });
});

describe('the state of a key', () => {
  test.each<[string, Partial<KeyAccount>, UpstreamFailureKind, string]>([
    ['expired', { expired: true }, 'credential-rejected', '1003'],
    ['locked', { locked: true }, 'account-blocked', '1112'],
    ['without balance', { balance: 0 }, 'insufficient-balance', '1113'],
    ['of the Coding Plan', { plan: 'coding' }, 'insufficient-balance', '1113'],
    ['without permission', { forbiddenModels: ['glm-4.6'] }, 'permission-denied', '1220'],
    ['at its concurrency', { concurrency: 0 }, 'rate-limited', '1302'],
    ['without quota', { quotaResetsAt: '2026-01-01 00:00:00' }, 'quota-exhausted', '1308'],
  ])('%s is known', async (_, account, kind, upstreamCode) => {
    expect(await failureAfter({}, account)).toMatchObject({ kind, upstreamCode });
  });

  test('says how long to wait', async () => {
    const limited = await failureAfter({}, { rateLimitedSeconds: 9 });
    const exhausted = await failureAfter({}, { quotaResetsAt: '2999-01-01 00:00:00' });
    expect([limited.retryAfterMs, (exhausted.retryAfterMs ?? 0) > 1e12]).toEqual([9_000, true]);
  });
});

describe('a failure', () => {
  test.each<[string, SimulatorOptions, UpstreamFailureKind, number]>([
    ['of HTTP', { script: apiError(1305) }, 'model-overloaded', 429],
    ['inside a 200 of JSON', { script: errorInside200(1301) }, 'content-filtered', 200],
    ['to stream', { script: wholeCompletion('Hello.') }, 'broken-stream', 200],
    ['to exist', { models: [] }, 'model-not-found', 400],
    ['of a redirect', answered({ status: 307, headers: { location: '/x' } }), 'unavailable', 307],
    [
      'of a firewall',
      answered({ status: 403, headers: { 'content-type': 'text/html' }, body: '<html>' }),
      'address-blocked',
      403,
    ],
  ])('%s is a value', async (_, options, kind, status) => {
    expect(await failureAfter(options)).toMatchObject({ kind, status });
  });

  test('of a key that nobody knows is one of the credential', async () => {
    await using simulator = await startZaiApiSimulator();
    const exchange = makeApiExchange({ baseUrl: simulator.baseUrl });
    expect(await failureOf(exchange)).toMatchObject({ kind: 'credential-rejected', status: 401 });
  });

  test('of a wrong base URL is not one of the model', async () => {
    await using simulator = await startZaiApiSimulator();
    const exchange = { ...exchangeWith(simulator), baseUrl: simulator.origin };
    expect(await failureOf(exchange)).toMatchObject({ kind: 'unavailable', status: 404 });
  });

  test('never repeats the key, not even when the service does', async () => {
    const secret = 'a-key-of-no-known-form';
    const body = `no ${secret}`;
    const [plain, json] = await Promise.all([
      failureAfter(answered({ status: 500, body }), { secret }),
      failureAfter(answered({ status: 500, body: JSON.stringify({ error: body }) }), { secret }),
    ]);
    expect([plain?.message, json?.message]).toEqual([
      'The API failed to serve the request: no [credential]',
      'The API failed to serve the request: no [credential]',
    ]);
  });

  test('to connect names the host and the cause only', async () => {
    const baseUrl = `${await closedOrigin()}/v1`;
    expect(await failureOf(makeApiExchange({ baseUrl }))).toMatchObject({
      kind: 'unreachable',
      message: `${new URL(baseUrl).host} could not be reached (ECONNREFUSED).`,
    });
  });

  test('is a connection closed without an answer', async () => {
    const { kind } = await failureAfter({ script: { closeBeforeHeaders: true } });
    expect(kind).toBe('unreachable');
  });
});

describe('an abort', () => {
  test('before the answer closes the connection and rejects with its reason', async () => {
    const gate = createGate();
    const script = { ...plainAnswer('late'), hangBeforeHeaders: gate };
    await using simulator = await startZaiApiSimulator({ script });
    const controller = new AbortController();
    const opening = openApiReply(exchangeWith(simulator), controller.signal);
    const caught = opening.catch((error: unknown) => error);
    await gate.reached;
    controller.abort();
    await simulator.waitFor(({ closedByClient }) => closedByClient.length === 1);
    expect(await caught).toBe(controller.signal.reason);
  });

  test('while the body is being read closes the connection', async () => {
    const gate = createGate();
    await using simulator = await startZaiApiSimulator({ script: answerHeldAt(gate, 'a', 'b') });
    const controller = new AbortController();
    const opened = await openApiReply(exchangeWith(simulator), controller.signal);
    if (!opened.ok) throw new Error(opened.failure.message);
    await opened.value.getReader().read();
    controller.abort();
    await simulator.waitFor(({ closedByClient }) => closedByClient.length === 1);
  });
});
