import { describe, expect, test } from 'bun:test';
import OpenAI from 'openai';
import { chatBody } from '../support/chat-body.ts';
import { postChat } from '../support/post-chat.ts';
import { readStream } from '../support/read-stream.ts';
import { settledChats } from '../support/settled-chats.ts';
import { streamData } from '../support/stream-data.ts';
import { withGateway } from '../support/with-gateway.ts';
import { jsonAnswer } from '../support/zai-web/answers.ts';
import { completionsOf } from '../support/zai-web/completions-of.ts';
import { createGate, type Gate } from '../support/zai-web/gate.ts';
import type { Scenario, Step } from '../support/zai-web/scenario.ts';
import { plainAnswer } from '../support/zai-web/scenarios/answers.ts';
import { captcha, statusErrors } from '../support/zai-web/scenarios/failures.ts';
import { delta, usageFrame } from '../support/zai-web/scenarios/frames.ts';
import { hugeFrame } from '../support/zai-web/scenarios/oddities.ts';
import { SIGNALS, TOO_LARGE_FRAME_BYTES } from '../support/zai-web/signals.ts';

const SHAPES = [
  ['stream', true],
  ['whole', false],
] as const;

/** No second attempt: what the first one says is what the client is told. */
const ONE_ATTEMPT = { MAX_RETRIES: '0' };

const CAPTCHA = 'FRONTEND_CAPTCHA_REQUIRED';
describe.each(SHAPES)('before the first part, a failure is an HTTP status (%s):', (_, stream) => {
  test.each(SIGNALS.map((row) => [row.signal, row] as const))('%s', (_signal, row) =>
    withGateway({ script: row.script, env: ONE_ATTEMPT }, async ({ gateway }) => {
      const response = await postChat(gateway, { stream }, { 'x-request-id': 'the-request' });
      const { status, code, type = 'server_error', retryAfter = null } = row;
      expect({
        status: response.status,
        body: await response.json(),
        requestId: response.headers.get('x-request-id'),
        attempts: response.headers.get('x-attempts'),
        upstream: response.headers.get('x-upstream'),
        retryAfter: response.headers.get('retry-after'),
        challenge: response.headers.get('www-authenticate'),
      }).toEqual({
        status,
        body: { error: { message: expect.stringMatching(/\w+/), type, param: null, code } },
        requestId: 'the-request',
        attempts: '1',
        upstream: 'zai-web',
        retryAfter,
        challenge: null,
      });
      expect(settledChats(gateway)).toMatchObject([
        { requestId: 'the-request', status, errorCode: code, outcome: 'failed', attempts: 1 },
      ]);
    }),
  );

  test('an upstream that nobody answers for', () => {
    // A port that was free a moment ago, and that nobody listens on now.
    const listener = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
    const API_ENDPOINT = `http://127.0.0.1:${listener.port}/api/v2/chat/completions`;
    listener.stop(true);
    return withGateway({ env: { ...ONE_ATTEMPT, API_ENDPOINT } }, async ({ gateway }) => {
      const response = await postChat(gateway, { stream });
      expect([response.status, await response.json()]).toMatchObject([
        502,
        { error: { code: 'upstream_unreachable' } },
      ]);
    });
  });

  test('an upstream that is silent', () => {
    const script = { ...plainAnswer('never'), hangBeforeHeaders: createGate() };
    const env = { ...ONE_ATTEMPT, FIRST_BYTE_TIMEOUT: '50ms' };
    return withGateway({ script, env }, async ({ gateway }) => {
      const response = await postChat(gateway, { stream });
      expect([response.status, await response.json()]).toMatchObject([
        504,
        { error: { code: 'upstream_first_byte_timeout' } },
      ]);
    });
  });

  test('a chat that could not be created', () =>
    withGateway({ env: ONE_ATTEMPT }, async ({ gateway, simulator }) => {
      simulator.scriptCall('/api/v1/chats/new', statusErrors[405]());
      const response = await postChat(gateway, { stream, model: 'GLM-4.7' });
      expect([response.status, await response.json()]).toMatchObject([
        503,
        { error: { code: 'upstream_address_blocked' } },
      ]);
    }));

  test('a guest who was not let in', () =>
    withGateway({ env: { ...ONE_ATTEMPT, ZAI_TOKENS: '' } }, async ({ gateway, simulator }) => {
      simulator.scriptCall('/api/v1/auths/', statusErrors[405]());
      const response = await postChat(gateway, { stream });
      expect([response.status, await response.json()]).toMatchObject([
        503,
        { error: { code: 'upstream_address_blocked' } },
      ]);
      expect(settledChats(gateway)).toMatchObject([{ upstream: null, attempts: 0, status: 503 }]);
    }));
});

/** A reply that begins, waits until the client has that, and then ends badly. */
function beginThen(...bad: readonly Step[]): (gate: Gate) => Scenario {
  return (gate) => ({ steps: [delta('answer', 'Hello '), { waitFor: gate }, ...bad] });
}

const errorStep = (code: string | number): Step => ({
  frame: { error: { code, detail: 'It went wrong.' } },
});

describe('after the first part, a failure is', () => {
  test.each<[string, (gate: Gate) => Scenario, string]>([
    ['the upstream’s error', beginThen(errorStep('OOPS')), 'upstream_unavailable'],
    ['a captcha', beginThen(errorStep(CAPTCHA)), 'upstream_verification_required'],
    ['a dead credential', beginThen(errorStep('INVALID_TOKEN')), 'upstream_credentials_exhausted'],
    ['too many requests', beginThen(errorStep(429)), 'upstream_rate_limited'],
    ['an error after the usage', beginThen(usageFrame(), errorStep(500)), 'upstream_unavailable'],
    ['a lost connection', beginThen({ break: true }), 'upstream_broken_stream'],
    ['a close without usage or done', beginThen(), 'upstream_broken_stream'],
    [
      'a close in the middle of text that came after usage',
      beginThen(usageFrame(), delta('answer', 'x')),
      'upstream_broken_stream',
    ],
    [
      'a frame over the limit',
      beginThen(...hugeFrame(TOO_LARGE_FRAME_BYTES).steps),
      'upstream_frame_too_large',
    ],
  ])('an error frame, and neither a finish reason nor [DONE]: %s', (_case, scenario, code) => {
    const gate = createGate();
    return withGateway({ script: scenario(gate) }, async ({ gateway, simulator }) => {
      const response = await postChat(gateway, { stream_options: { include_usage: true } });
      gate.open();
      const body = await response.text();

      expect(readStream(body)).toMatchObject({ finishReasons: [], error: { code }, done: false });
      expect(readStream(body).text).toStartWith('Hello ');
      const isError = (data: unknown) =>
        typeof data === 'object' && data !== null && 'error' in data;
      const error = { message: expect.any(String), type: expect.any(String), param: null, code };
      const data = streamData(body);
      expect([data.at(-1), data.filter(isError).length]).toEqual([{ error }, 1]);
      expect([response.status, completionsOf(simulator).length]).toEqual([200, 1]);
      expect(settledChats(gateway)).toMatchObject([
        { status: 200, outcome: 'failed', errorCode: code, attempts: 1, stream: true },
      ]);
    });
  });

  test('an error frame when the upstream falls silent', () => {
    const scenario = beginThen()(createGate());
    return withGateway({ script: scenario, env: { IDLE_TIMEOUT: '50ms' } }, async ({ gateway }) => {
      const body = await (await postChat(gateway)).text();
      expect(readStream(body)).toMatchObject({
        text: 'Hello ',
        finishReasons: [],
        error: { code: 'upstream_idle_timeout' },
        done: false,
      });
    });
  });

  test('raised by the official client, with its code', () => {
    const gate = createGate();
    return withGateway({ script: beginThen(errorStep(CAPTCHA))(gate) }, async ({ gateway }) => {
      const request = JSON.parse(chatBody()) as OpenAI.ChatCompletionCreateParamsStreaming;
      const stream = await gateway.openai.chat.completions.create(request);
      gate.open();
      const raised = await Array.fromAsync(stream).catch((error) => error);
      expect(raised).toBeInstanceOf(OpenAI.APIError);
      expect(raised).toMatchObject({ code: 'upstream_verification_required' });
    });
  });

  test.each([
    ['the upstream’s error', errorStep('OOPS'), 503, 'upstream_unavailable'],
    ['a lost connection', { break: true } as const, 502, 'upstream_broken_stream'],
    ['a close without usage or done', delta('answer', 'x'), 502, 'upstream_broken_stream'],
  ])(
    'still an HTTP status for a whole reply, of which nothing is shown: %s',
    (_case, step, status, code) => {
      const gate = createGate();
      gate.open();
      const script = beginThen(usageFrame(), step)(gate);
      return withGateway({ script, env: ONE_ATTEMPT }, async ({ gateway }) => {
        const response = await postChat(gateway, { stream: false });
        const error = { message: expect.any(String), type: 'server_error', param: null, code };
        expect([response.status, await response.json()]).toEqual([status, { error }]);
        expect(settledChats(gateway)).toMatchObject([{ status, outcome: 'failed', stream: false }]);
      });
    },
  );
});

test('when the response had to begin before the first part, a failure is an error frame', () => {
  const gate = createGate();
  const script = { ...captcha(), hangBeforeHeaders: gate };
  return withGateway({ script, keepAliveMs: 20 }, async ({ gateway }) => {
    const response = await postChat(gateway);
    gate.open();
    expect(readStream(await response.text())).toMatchObject({
      text: '',
      finishReasons: [],
      error: { code: 'upstream_verification_required' },
      done: false,
    });
    expect(settledChats(gateway)).toMatchObject([{ status: 200, outcome: 'failed' }]);
  });
});

test('what the upstream says is passed on, without the credential it repeats', () =>
  withGateway({ env: ONE_ATTEMPT }, async ({ gateway, simulator }) => {
    simulator.script(({ recorded }) => ({
      answer: jsonAnswer({ detail: `quota of ${recorded.query.token} is used up` }, 500),
    }));
    const response = await postChat(gateway);
    expect(await response.json()).toMatchObject({
      error: { message: 'Z.ai failed to serve the request: quota of [credential] is used up' },
    });
  }));
