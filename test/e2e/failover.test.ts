import { describe, expect, test } from 'bun:test';
import type { UpstreamId } from '../../src/upstream-id.ts';
import { openDeafPort } from '../support/deaf-port.ts';
import { type ChatOutcome, outcomeOf } from '../support/outcome-of.ts';
import { postChat } from '../support/post-chat.ts';
import { readStream } from '../support/read-stream.ts';
import { settledChats } from '../support/settled-chats.ts';
import { withApiGateway } from '../support/with-api-gateway.ts';
import * as api from '../support/zai-api/scenarios/answers.ts';
import * as apiFailures from '../support/zai-api/scenarios/failures.ts';
import { completionsOf } from '../support/zai-web/completions-of.ts';
import { createGate } from '../support/zai-web/gate.ts';
import type { Scenario } from '../support/zai-web/scenario.ts';
import * as web from '../support/zai-web/scenarios/answers.ts';
import * as webFailures from '../support/zai-web/scenarios/failures.ts';
import { addressOf, BREAKDOWNS } from './upstream-breakdowns.ts';

/** No pauses, and nobody but the one credential of each upstream. */
const ENV = { MAX_RETRIES: '0', ANONYMOUS_MODE: 'false' };

const ANSWERS: Record<UpstreamId, Scenario> = {
  'zai-web': web.plainAnswer('Hello.'),
  'zai-api': api.plainAnswer('Hello.'),
};

/** Scripts of both upstreams: `script` for the first, an answer by default, and one for the other. */
function stageOf(first: UpstreamId, script: Scenario | undefined, other?: Scenario) {
  const second = otherThan(first);
  const scripts = {
    ...ANSWERS,
    [first]: script ?? ANSWERS[first],
    [second]: other ?? ANSWERS[second],
  };
  return {
    script: scripts['zai-api'],
    web: { script: scripts['zai-web'] },
    env: { ...ENV, UPSTREAMS: `${first},${second}` },
  };
}

function otherThan(upstream: UpstreamId): UpstreamId {
  return upstream === 'zai-web' ? 'zai-api' : 'zai-web';
}

function served(upstream: UpstreamId, attempts: number): ChatOutcome {
  return { status: 200, upstream, attempts: String(attempts), text: 'Hello.', code: null };
}

const ORDERS = ['zai-web', 'zai-api'] as const;

describe.each(ORDERS)('when %s comes first and does not serve,', (first) => {
  const second = otherThan(first);

  describe.each([true, false])('the other serves the chat (stream: %p):', (stream) => {
    test.each(BREAKDOWNS[first].map((row) => [row.what, row] as const))('%s', (_, breakdown) => {
      const { script, env = {}, attempts = 1, kind } = breakdown;
      const stage = stageOf(first, script);
      return withApiGateway({ ...stage, env: { ...stage.env, ...env } }, async ({ gateway }) => {
        expect(await outcomeOf(gateway, { stream })).toEqual(served(second, attempts + 1));
        const [chat] = settledChats(gateway);
        const failures = chat?.failures as string[];
        expect(chat).toMatchObject({ upstream: second, outcome: 'completed', errorCode: null });
        expect([...new Set(failures)]).toEqual([`${first}:${kind}`]);
      });
    });
  });

  test('both failing is told as the last attempt had it, and the record has both', () => {
    const [one, other] = [BREAKDOWNS[first][0], BREAKDOWNS[second][0]];
    return withApiGateway(stageOf(first, one?.script, other?.script), async ({ gateway }) => {
      expect(await outcomeOf(gateway)).toMatchObject({
        status: 503,
        upstream: second,
        attempts: '2',
      });
      expect(settledChats(gateway)).toMatchObject([
        { failures: [`${first}:${one?.kind}`, `${second}:${other?.kind}`], outcome: 'failed' },
      ]);
    });
  });
});

const AFTER_TEXT: Record<UpstreamId, Scenario> = {
  'zai-web': webFailures.errorAfterText('Hel', 'FRONTEND_CAPTCHA_REQUIRED', 'Please verify.'),
  'zai-api': apiFailures.errorInStream(1305, 'Hel'),
};

describe.each(ORDERS)('a failure of %s behind the first part', (first) => {
  test('ends the stream with an error frame, and the other is not asked', () =>
    withApiGateway(stageOf(first, AFTER_TEXT[first]), async ({ gateway, api, web }) => {
      expect(await outcomeOf(gateway, { stream: true })).toEqual({
        status: 200,
        upstream: first,
        attempts: '1',
        text: 'Hel',
        code: first === 'zai-web' ? 'upstream_verification_required' : 'upstream_model_overloaded',
      });
      expect(completionsOf(web).length + api.requests.length).toBe(1);
    }));

  test('is nothing to a whole reply, which the other begins anew', () =>
    withApiGateway(stageOf(first, AFTER_TEXT[first]), async ({ gateway }) => {
      expect(await outcomeOf(gateway)).toEqual(served(otherThan(first), 2));
    }));
});

const WRONG: [UpstreamId, string, Scenario, number, string][] = [
  [
    'zai-web',
    'a request that is wrong',
    webFailures.errorInside200(400, 'too long'),
    400,
    'upstream_rejected_request',
  ],
  [
    'zai-web',
    'blocked content',
    webFailures.errorInside200(400, 'sensitive words'),
    400,
    'content_filter',
  ],
  [
    'zai-api',
    'a request that is wrong',
    apiFailures.apiError(1214),
    400,
    'upstream_rejected_request',
  ],
  ['zai-api', 'blocked content', apiFailures.apiError(1301), 400, 'content_filter'],
  [
    'zai-api',
    'blocked content in the stream',
    apiFailures.errorInStream(1301),
    400,
    'content_filter',
  ],
];

test.each(WRONG)(
  'what is the request’s own fault does not travel: %s, %s',
  (first, _, script, status, code) =>
    withApiGateway(stageOf(first, script), async ({ gateway, api, web }) => {
      expect(await outcomeOf(gateway)).toEqual({
        status,
        upstream: first,
        attempts: '1',
        text: null,
        code,
      });
      expect(completionsOf(web).length + api.requests.length).toBe(1);
    }),
);

describe('the name of a model says who may serve it:', () => {
  test.each([
    ['zai-web/GLM-4.6', 'zai-web'],
    ['zai-api/GLM-4.6', 'zai-api'],
    ['GLM-5.1', 'zai-api'],
  ] as const)('%s is asked of %s alone', (model, upstream) =>
    withApiGateway(stageOf('zai-web', undefined), async ({ gateway }) => {
      expect(await outcomeOf(gateway, { model })).toEqual(served(upstream, 1));
      expect(settledChats(gateway)).toMatchObject([{ failures: [] }]);
    }),
  );

  test('one that is to be served by an upstream that fails does not travel', () =>
    withApiGateway(stageOf('zai-web', webFailures.captcha()), async ({ gateway, api }) => {
      expect(await outcomeOf(gateway, { model: 'zai-web/GLM-4.6' })).toMatchObject({
        status: 503,
        upstream: 'zai-web',
        code: 'upstream_verification_required',
      });
      expect(api.requests).toEqual([]);
    }));

  test('an alias may choose the upstream', () => {
    const stage = stageOf('zai-web', undefined);
    const env = { ...stage.env, MODEL_ALIASES: 'claude-*=zai-api/GLM-4.7' };
    return withApiGateway({ ...stage, env }, async ({ gateway, api }) => {
      expect(await outcomeOf(gateway, { model: 'claude-opus' })).toEqual(served('zai-api', 1));
      expect(api.requests).toMatchObject([{ body: { model: 'glm-4.7' } }]);
    });
  });
});

test('several choices travel each for itself, and all are answered', () =>
  withApiGateway(stageOf('zai-web', webFailures.captcha()), async ({ gateway, api }) => {
    expect(await outcomeOf(gateway, { n: 3 })).toMatchObject({ status: 200, upstream: 'zai-api' });
    expect(api.requests).toHaveLength(3);
  }));

test('a stream whose response has begun by then goes on with the other', () => {
  const gate = createGate();
  const stage = stageOf('zai-web', { ...webFailures.captcha(), hangBeforeHeaders: gate });
  return withApiGateway({ ...stage, keepAliveMs: 20 }, async ({ gateway }) => {
    const response = await postChat(gateway);
    gate.open();
    expect(readStream(await response.text())).toMatchObject({
      text: 'Hello.',
      finishReasons: ['stop'],
      error: null,
      done: true,
    });
    expect(settledChats(gateway)).toMatchObject([
      { upstream: 'zai-api', attempts: 2, failures: ['zai-web:verification-required'] },
    ]);
  });
});

test('the web chat serves when nobody takes the connection to the API', async () => {
  using deaf = await openDeafPort();
  const stage = stageOf('zai-api', undefined);
  const timeouts = { CONNECT_TIMEOUT: '300ms', ...addressOf('zai-api', deaf.origin) };
  await withApiGateway({ ...stage, env: { ...stage.env, ...timeouts } }, async ({ gateway }) => {
    expect(await outcomeOf(gateway)).toEqual(served('zai-web', 2));
    expect(settledChats(gateway)).toMatchObject([{ failures: ['zai-api:connect-timeout'] }]);
  });
});
