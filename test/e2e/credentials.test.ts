import { describe, expect, test } from 'bun:test';
import { ask, failed, served } from '../support/ask.ts';
import { postChat } from '../support/post-chat.ts';
import { settledChats } from '../support/settled-chats.ts';
import type { TestGateway } from '../support/start-gateway.ts';
import { until } from '../support/until.ts';
import { healthsOf } from '../support/web-pool.ts';
import { withAccounts } from '../support/with-accounts.ts';
import { withGateway } from '../support/with-gateway.ts';
import { chatCallsOf, completionsOf, tokensUsed } from '../support/zai-web/completions-of.ts';
import { plainAnswer } from '../support/zai-web/scenarios/answers.ts';
import { statusErrors } from '../support/zai-web/scenarios/failures.ts';
import { inTurn } from '../support/zai-web/scenarios/in-turn.ts';
import type { ZaiWebSimulator } from '../support/zai-web/simulator.ts';

const ANSWER = plainAnswer('Hello.');
const NO_GUESTS = { ANONYMOUS_MODE: 'false' };

/** An account whose token has expired since the operator copied it. */
function addDeadAccount(simulator: ZaiWebSimulator): string {
  const token = simulator.addAccount();
  simulator.revokeToken(token);
  return token;
}

/** What a chat is refused with: the status, the error's message, and when to come back. */
async function refusalOf(gateway: TestGateway) {
  const response = await postChat(gateway);
  const { error } = (await response.json()) as { error: { message: string; code: string } };
  const { message, code } = error;
  return { status: response.status, code, message, wait: response.headers.get('retry-after') };
}

const exhausted = { status: 502, code: 'upstream_credentials_exhausted' };

describe('a token that is dead when the gateway starts', () => {
  test('is never used', () => {
    const tokens: string[] = [];
    const env = (simulator: ZaiWebSimulator) => {
      tokens.push(addDeadAccount(simulator), simulator.addAccount());
      return { ...NO_GUESTS, ZAI_TOKENS: tokens.join(',') };
    };
    return withGateway({ script: ANSWER, env }, async ({ gateway, simulator }) => {
      const replies = [await ask(gateway), await ask(gateway)];
      const [, alive = ''] = tokens;
      expect([replies, tokensUsed(simulator)]).toEqual([
        [served(1, 'Hello.'), served(1, 'Hello.')],
        [alive, alive],
      ]);
    });
  });

  test('makes way for a guest when there is no other', () =>
    withGateway(
      { script: ANSWER, env: (simulator) => ({ ZAI_TOKENS: addDeadAccount(simulator) }) },
      async ({ gateway, simulator }) => {
        expect([await ask(gateway), simulator.guests.length]).toEqual([served(1, 'Hello.'), 1]);
      },
    ));

  test('is why no chat is served when there is nothing else; then the operator is told what to do', () => {
    const env = (simulator: ZaiWebSimulator) => ({
      ...NO_GUESTS,
      ZAI_TOKENS: `${addDeadAccount(simulator)},${addDeadAccount(simulator)}`,
    });
    return withGateway({ env }, async ({ gateway, simulator }) => {
      const message =
        'chat.z.ai rejects every account token of the gateway: renew ZAI_TOKENS, or allow guests with ANONYMOUS_MODE=true.';
      expect(await refusalOf(gateway)).toEqual({ ...exhausted, message, wait: null });
      expect(chatCallsOf(simulator)).toEqual([]);
      expect((await gateway.fetch('/ready')).status).toBe(503);
      expect(settledChats(gateway)).toMatchObject([{ attempts: 0, upstream: null }]);
    });
  });
});

describe('an account that the service rejects while it is used', () => {
  test.each([true, false])('makes way for the next, and rests (stream: %p)', (stream) =>
    withAccounts(2, { script: ANSWER }, async ({ gateway, simulator, tokens }) => {
      const [dead = '', alive = ''] = tokens;
      simulator.revokeToken(dead);
      const attempts: (string | null)[] = [];
      for (let i = 0; i < 3; i += 1) {
        const response = await postChat(gateway, { stream });
        await response.text();
        attempts.push(response.headers.get('x-attempts'));
      }
      expect([attempts, tokensUsed(simulator), healthsOf(gateway)]).toEqual([
        ['2', '1', '1'],
        [dead, alive, alive, alive],
        ['cooling: credential-rejected', 'healthy'],
      ]);
    }),
  );

  test('makes way for a guest when there is no other', () =>
    withAccounts(
      1,
      { script: ANSWER, env: { ANONYMOUS_MODE: 'true' } },
      async ({ gateway, simulator, tokens }) => {
        simulator.revokeToken(tokens[0] ?? '');
        expect([await ask(gateway), await ask(gateway)]).toEqual([
          served(2, 'Hello.'),
          served(1, 'Hello.'),
        ]);
        expect(simulator.guests).toHaveLength(1);
      },
    ));

  test('is why the chat fails when it was the last, with when it is tried again', () =>
    withAccounts(1, {}, async ({ gateway, simulator, tokens }) => {
      simulator.revokeToken(tokens[0] ?? '');
      const reason = "Z.ai refused the gateway's credential: Your session has expired.";
      const later = expect.stringMatching(
        /^None of the gateway's credentials can be used for the next 1 s\. Z\.ai refused/,
      );
      // With no other account a rejection that may be a mistake is a pause.
      const wait = '1';
      expect([await refusalOf(gateway), await refusalOf(gateway)]).toEqual([
        { ...exhausted, message: reason, wait },
        { ...exhausted, message: later, wait },
      ]);
      expect(completionsOf(simulator)).toHaveLength(1);
      expect((await gateway.fetch('/ready')).status).toBe(503);
      expect(settledChats(gateway).map(({ attempts }) => attempts)).toEqual([1, 0]);
    }));
});

test('a guest that the upstream rejects is given up for a new one', () =>
  withGateway({ script: ANSWER, env: { ZAI_TOKENS: '' } }, async ({ gateway, simulator }) => {
    await ask(gateway);
    const [first = ''] = tokensUsed(simulator);
    simulator.revokeToken(first);
    const replies = [await ask(gateway), await ask(gateway)];
    expect(replies).toEqual([served(2, 'Hello.'), served(1, 'Hello.')]);
    const [, , second = ''] = tokensUsed(simulator);
    expect(tokensUsed(simulator)).toEqual([first, first, second, second]);
    expect(second).not.toBe(first);
  }));

describe('a busy account (429)', () => {
  test('makes way for the next, and is used again when its pause is over', () =>
    withAccounts(
      2,
      { script: inTurn(statusErrors[429](), ANSWER) },
      async ({ gateway, simulator, tokens }) => {
        const [busy = '', free = ''] = tokens;
        const replies = [await ask(gateway), await ask(gateway)];
        await until(() => healthsOf(gateway)[0]?.startsWith('probing') ?? false);
        replies.push(await ask(gateway));
        expect([replies, tokensUsed(simulator), healthsOf(gateway)]).toEqual([
          [served(2, 'Hello.'), served(1, 'Hello.'), served(1, 'Hello.')],
          [busy, free, free, busy],
          ['healthy', 'healthy'],
        ]);
      },
    ));

  test('is what clients are told of while it is the only one, with the upstream’s retry-after', () =>
    withAccounts(1, { script: statusErrors[429](7) }, async ({ gateway, simulator }) => {
      const limited = { status: 429, code: 'upstream_rate_limited', message: expect.any(String) };
      const refusals = [await refusalOf(gateway), await refusalOf(gateway)];
      expect(refusals).toEqual(Array(2).fill({ ...limited, wait: '7' }));
      expect([tokensUsed(simulator).length, healthsOf(gateway)]).toEqual([
        1,
        ['cooling: rate-limited'],
      ]);
      expect([await ask(gateway)]).toEqual([failed(0, 429, 'upstream_rate_limited')]);
    }));
});

test('without a credential the gateway says so, in its answers and in /ready', () =>
  withGateway({ env: { ...NO_GUESTS, ZAI_TOKENS: '' } }, async ({ gateway, simulator }) => {
    const message =
      'The gateway has no chat.z.ai credential: set ZAI_TOKENS, or allow guests with ANONYMOUS_MODE=true.';
    expect(await refusalOf(gateway)).toEqual({ ...exhausted, message, wait: null });
    const ready = await gateway.fetch('/ready');
    expect([ready.status, await ready.json()]).toMatchObject([
      503,
      { status: 'not ready', checks: { upstream: false, accepting: true } },
    ]);
    expect(simulator.requests).toEqual([]);
  }));
