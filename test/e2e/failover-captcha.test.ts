import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { outcomeOf } from '../support/outcome-of.ts';
import { postChat } from '../support/post-chat.ts';
import { settledChats } from '../support/settled-chats.ts';
import type { TestGateway } from '../support/start-gateway.ts';
import { until } from '../support/until.ts';
import { withApiGateway } from '../support/with-api-gateway.ts';
import { withGateway } from '../support/with-gateway.ts';
import { plainAnswer as apiAnswer } from '../support/zai-api/scenarios/answers.ts';
import { completionsOf } from '../support/zai-web/completions-of.ts';
import { createGate } from '../support/zai-web/gate.ts';
import { answerHeldAt, plainAnswer } from '../support/zai-web/scenarios/answers.ts';
import { captcha } from '../support/zai-web/scenarios/failures.ts';

// A thousand requests take their time on a busy machine.
setDefaultTimeout(60_000);

const REQUESTS = 1_000;
const AT_ONCE = 5;
/** As many failures as make the brake open. */
const ENOUGH = 3;

const BOTH = {
  script: apiAnswer('Hello.', { pieces: 1 }),
  web: { script: captcha() },
  env: { UPSTREAMS: 'zai-web,zai-api', LOG_LEVEL: 'info' },
};

/** Sends so many chats, some at once; how many each upstream has served. */
async function sendMany(gateway: TestGateway, count: number): Promise<Record<string, number>> {
  const served: Record<string, number> = {};
  let left = count;
  const client = async () => {
    for (; left > 0; ) {
      left -= 1;
      const { text, upstream } = await outcomeOf(gateway, { stream: true });
      const whose = text === 'Hello.' ? String(upstream) : 'nobody';
      served[whose] = (served[whose] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  return served;
}

/** Resolves when the web upstream's brake lets a request through to find out. */
function untilProbeIsDue({ services }: TestGateway): Promise<void> {
  return until(() => services.upstreams.web?.credentials.brake.state === 'half-open');
}

describe('while the web chat answers with captchas only,', () => {
  test('the API serves a thousand requests, and less than one in a hundred is tried on the web', () =>
    withApiGateway(BOTH, async ({ gateway, web }) => {
      expect(await sendMany(gateway, REQUESTS)).toEqual({ 'zai-api': REQUESTS });
      expect(completionsOf(web).length).toBeLessThan(REQUESTS / 100);
      const attempts = settledChats(gateway).map((chat) => Number(chat.attempts) - 1);
      expect(attempts.reduce((sum, wasted) => sum + wasted)).toBe(completionsOf(web).length);
    }));

  test('a request that is not tried there says in its record why', () =>
    withApiGateway(BOTH, async ({ gateway, web }) => {
      for (let i = 0; i < ENOUGH; i += 1) await outcomeOf(gateway);
      expect(await outcomeOf(gateway)).toMatchObject({ upstream: 'zai-api', attempts: '1' });
      expect([settledChats(gateway).at(-1), completionsOf(web).length]).toMatchObject([
        { failures: ['zai-web:verification-required'] },
        ENOUGH,
      ]);
    }));

  test('the gateway is ready, and says which upstream is not', () =>
    withApiGateway(BOTH, async ({ gateway }) => {
      for (let i = 0; i < ENOUGH; i += 1) await outcomeOf(gateway);
      const response = await gateway.fetch('/ready');
      expect([response.status, await response.json()]).toMatchObject([
        200,
        {
          upstreams: {
            'zai-api': { ready: true },
            'zai-web': { ready: false, code: 'upstream_verification_required' },
          },
        },
      ]);
    }));
});

describe('when its time is over, the web chat', () => {
  const env = { ...BOTH.env, UPSTREAM_RECOVERY_TIMEOUT: '300ms' };

  test('gets one request that finds out, while the others go to the API', () =>
    withApiGateway({ ...BOTH, env }, async ({ gateway, web }) => {
      for (let i = 0; i < ENOUGH; i += 1) await outcomeOf(gateway);
      await untilProbeIsDue(gateway);
      const gate = createGate();
      web.script(answerHeldAt(gate, 'Hel', 'lo.'));
      const probe = outcomeOf(gateway);
      await gate.reached;
      expect(await sendMany(gateway, 20)).toEqual({ 'zai-api': 20 });
      expect(completionsOf(web)).toHaveLength(ENOUGH + 1);
      gate.open();
      expect(await probe).toMatchObject({ upstream: 'zai-web', text: 'Hello.', attempts: '1' });
      web.script(plainAnswer('Hello.'));
      expect(await sendMany(gateway, 20)).toEqual({ 'zai-web': 20 });
    }));

  test('is left alone again when it fails that one, which the API then serves', () =>
    withApiGateway({ ...BOTH, env }, async ({ gateway, web }) => {
      for (let i = 0; i < ENOUGH; i += 1) await outcomeOf(gateway);
      await untilProbeIsDue(gateway);
      expect(await outcomeOf(gateway)).toMatchObject({ upstream: 'zai-api', attempts: '2' });
      expect(await outcomeOf(gateway)).toMatchObject({ upstream: 'zai-api', attempts: '1' });
      expect(completionsOf(web)).toHaveLength(ENOUGH + 1);
    }));
});

test('with no other upstream, clients and /ready are told what an operator can do', () =>
  withGateway({ script: captcha() }, async ({ gateway, simulator }) => {
    const refused = async () => {
      const response = await postChat(gateway);
      const { error } = (await response.json()) as { error: object };
      return { status: response.status, ...error };
    };
    const expected = {
      status: 503,
      code: 'upstream_verification_required',
      message: expect.stringContaining('its operator can set ZAI_API_KEYS'),
    };
    for (let i = 0; i < ENOUGH + 2; i += 1) expect(await refused()).toMatchObject(expected);
    expect(completionsOf(simulator)).toHaveLength(ENOUGH);
    const ready = await gateway.fetch('/ready');
    const { status: _, ...reason } = expected;
    expect([ready.status, await ready.json()]).toMatchObject([
      503,
      { status: 'not ready', upstreams: { 'zai-web': { ready: false, ...reason } } },
    ]);
  }));
