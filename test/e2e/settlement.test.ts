import { describe, expect, test } from 'bun:test';
import { expectKeptSecrets } from '../support/expect-kept-secrets.ts';
import { postChat } from '../support/post-chat.ts';
import { settledChats } from '../support/settled-chats.ts';
import { ADMIN_KEY, type TestGateway } from '../support/start-gateway.ts';
import { withGateway } from '../support/with-gateway.ts';
import { jsonAnswer } from '../support/zai-web/answers.ts';
import { plainAnswer } from '../support/zai-web/scenarios/answers.ts';
import { captcha, errorAfterText, statusErrors } from '../support/zai-web/scenarios/failures.ts';
import { inTurn } from '../support/zai-web/scenarios/in-turn.ts';
import type { ZaiWebSimulator } from '../support/zai-web/simulator.ts';

interface Totals {
  requests: number;
  prompt_tokens: number | null;
}

async function readStats(gateway: TestGateway, query = '') {
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  const response = await gateway.fetch(`/v1/stats${query}`, { headers });
  return (await response.json()) as {
    total: Totals;
    by_model: (Totals & { model: string })[];
    by_outcome: (Totals & { outcome: string })[];
    by_upstream: (Totals & { upstream: string | null })[];
  };
}

async function chat(gateway: TestGateway, fields: Record<string, unknown>): Promise<void> {
  await (await postChat(gateway, fields)).text();
}

const tokens = {
  promptTokens: 12,
  completionTokens: 34,
  reasoningTokens: 5,
  cachedTokens: 4,
};
const noTokens = {
  promptTokens: null,
  completionTokens: null,
  reasoningTokens: null,
  cachedTokens: null,
};

describe('each chat has one line in the log, and nothing else has one', () => {
  const line = {
    level: 'info',
    requestId: expect.stringMatching(/^req_/),
    model: 'GLM-4.6',
    upstream: 'zai-web',
    stream: true,
    status: 200,
    outcome: 'completed',
    errorCode: null,
    attempts: 1,
    failures: [],
    ...tokens,
    clientAddress: '127.0.0.1',
    userAgent: expect.stringContaining('Bun/'),
    editConflicts: 0,
  };

  test.each([
    ['a stream', plainAnswer('Hi.'), {}, {}],
    ['a whole reply', plainAnswer('Hi.'), { stream: false }, { stream: false }],
    [
      'a second attempt',
      inTurn(statusErrors[429](), plainAnswer('Hi.')),
      {},
      { attempts: 2, failures: ['zai-web:rate-limited'] },
    ],
    [
      'a stream that fails before its first part',
      captcha(),
      {},
      {
        status: 503,
        outcome: 'failed',
        errorCode: 'upstream_verification_required',
        failures: ['zai-web:verification-required'],
        error: expect.stringContaining('a human at a browser'),
        ...noTokens,
      },
    ],
    [
      'a stream that fails after it',
      errorAfterText('Hi', 'OOPS', 'It broke.'),
      {},
      {
        status: 200,
        outcome: 'failed',
        errorCode: 'upstream_unavailable',
        failures: ['zai-web:unavailable'],
        error: 'Z.ai failed to serve the request: It broke.',
        ...noTokens,
      },
    ],
    [
      'an unknown model',
      plainAnswer('Hi.'),
      { model: 'gpt-4o' },
      {
        model: 'gpt-4o',
        upstream: null,
        status: 404,
        outcome: 'failed',
        errorCode: 'model_not_found',
        error: expect.stringContaining('gpt-4o'),
        attempts: 0,
        ...noTokens,
      },
    ],
  ])('%s', (_case, script, fields, expected) =>
    withGateway({ script }, async ({ gateway }) => {
      await chat(gateway, fields);
      expect(settledChats(gateway)).toEqual([{ ...line, ...expected }]);
    }),
  );

  test('but not what never became a chat', () =>
    withGateway({}, async ({ gateway }) => {
      await chat(gateway, { messages: [] });
      await (await postChat(gateway, {}, { authorization: 'Bearer sk-wrong' })).text();
      await (await gateway.fetch('/v1/chat/completions', { method: 'POST', body: '{' })).text();
      await gateway.openai.models.list();
      expect(settledChats(gateway)).toEqual([]);
      expect((await readStats(gateway)).total.requests).toBe(0);
    }));
});

test('the line says how long the first byte and all of it took', () =>
  withGateway({}, async ({ gateway }) => {
    await chat(gateway, {});
    const settled = gateway.log.find(({ msg }) => msg === 'chat settled');
    const [firstByteMs, durationMs] = [Number(settled?.firstByteMs), Number(settled?.durationMs)];
    expect(firstByteMs).toBeGreaterThanOrEqual(0);
    expect(durationMs).toBeGreaterThanOrEqual(firstByteMs);
  }));

describe('the statistics', () => {
  test('sum up the chats by model, upstream and outcome, just settled ones included', () =>
    withGateway({}, async ({ gateway, simulator }) => {
      await chat(gateway, { model: 'glm-4.7' });
      await chat(gateway, { model: 'GLM-4.7', stream: false });
      await chat(gateway, { model: 'glm-5' });
      await chat(gateway, { model: 'gpt-4o' });
      simulator.script(captcha());
      await chat(gateway, { model: 'glm-5' });

      const { total, by_model, by_outcome, by_upstream } = await readStats(gateway);
      expect({
        total: [total.requests, total.prompt_tokens],
        models: by_model.map((entry) => [entry.model, entry.requests, entry.prompt_tokens]),
        outcomes: by_outcome.map((entry) => [entry.outcome, entry.requests]),
        upstreams: by_upstream.map((entry) => [entry.upstream, entry.requests]),
      }).toEqual({
        total: [5, 36],
        models: [
          ['GLM-4.7', 2, 24],
          ['GLM-5', 2, 12],
          ['unknown', 1, null],
        ],
        outcomes: [
          ['completed', 3],
          ['failed', 2],
        ],
        upstreams: [
          ['zai-web', 4],
          [null, 1],
        ],
      });
    }));

  test('are of the range that was asked for', () =>
    withGateway({}, async ({ gateway }) => {
      await chat(gateway, {});
      const [before, since] = [
        await readStats(gateway, '?to=2026-01-01T00:00:00Z'),
        await readStats(gateway, `?from=${Date.now() - 60_000}`),
      ];
      expect([before.total.requests, since.total.requests]).toEqual([0, 1]);
    }));
});

describe('at debug level, no line has a secret or a prompt', () => {
  const prompt = 'what-only-the-user-may-know';
  const answer = 'what-only-the-model-has-said';
  const messages = [
    { role: 'system', content: `${prompt}, from the system` },
    { role: 'user', content: [{ type: 'text', text: prompt }] },
  ];
  const echoesToken = (simulator: ZaiWebSimulator) =>
    simulator.script(({ recorded }) => ({
      answer: jsonAnswer({ detail: `no: ${recorded.headers.authorization}` }, 500),
    }));

  test.each([
    ['an account', {}],
    ['a guest', { ZAI_TOKENS: '' }],
  ])('of chats with %s, whether they succeed or fail', (_who, env) =>
    withGateway({ env: { ...env, MAX_RETRIES: '1' } }, async ({ gateway, simulator }) => {
      simulator.script(plainAnswer(answer));
      await gateway.openai.models.list();
      await chat(gateway, { messages, model: 'GLM-4.7' });
      await chat(gateway, { messages, stream: false });
      simulator.script(errorAfterText(answer, 500, 'broken'));
      await chat(gateway, { messages });
      echoesToken(simulator);
      await chat(gateway, { messages });
      simulator.script({ closeBeforeHeaders: true });
      await chat(gateway, { messages });
      simulator.scriptCall('/api/v1/chats/new', statusErrors[500]());
      await chat(gateway, { messages, model: 'GLM-4.7' });
      await chat(gateway, { messages: [...messages, { role: prompt }] });

      expect(settledChats(gateway)).toHaveLength(6);
      expectKeptSecrets(gateway, simulator, [prompt, answer]);
    }),
  );

  test('of entries of ZAI_TOKENS that are no tokens', () =>
    withGateway({ env: { ZAI_TOKENS: 'pasted-by-mistake' } }, async ({ gateway, simulator }) => {
      expect(gateway.log).toMatchObject([{ level: 'warn', position: 1 }]);
      expectKeptSecrets(gateway, simulator, ['pasted-by-mistake']);
    }));
});
