import { describe, expect, test } from 'bun:test';
import { ask, failed, served } from '../../support/ask.ts';
import { postChat } from '../../support/post-chat.ts';
import { readStream } from '../../support/read-stream.ts';
import { healthsOf, webPool } from '../../support/web-pool.ts';
import { withAccounts } from '../../support/with-accounts.ts';
import { withGateway } from '../../support/with-gateway.ts';
import { tokensUsed } from '../../support/zai-web/completions-of.ts';
import type { Scenario } from '../../support/zai-web/scenario.ts';
import { plainAnswer } from '../../support/zai-web/scenarios/answers.ts';
import {
  captcha,
  errorAfterText,
  errorInside200,
  statusErrors,
} from '../../support/zai-web/scenarios/failures.ts';
import { inTurn } from '../../support/zai-web/scenarios/in-turn.ts';
import type { ZaiWebSimulator } from '../../support/zai-web/simulator.ts';

const ANSWER = plainAnswer('Hello.');
const CAPTCHA = 'FRONTEND_CAPTCHA_REQUIRED';
const GUESTS_ONLY = { ZAI_TOKENS: '' };

/** What a signal says of the credential that met it, and the account's health afterwards. */
const REJECTED = 'cooling: credential-rejected';
const UNVERIFIED = 'cooling: account-verification-required';
const BUSY = 'cooling: rate-limited';
const UNHARMED = 'healthy';

/** The credentials that completions were asked for with, numbered as they came up. */
function credentialsUsed(simulator: ZaiWebSimulator): number[] {
  const tokens = tokensUsed(simulator);
  const order = [...new Set(tokens)];
  return tokens.map((token) => order.indexOf(token));
}

/** A guest that is replaced has its chats deleted; one that stays keeps them. */
async function expectFarewell(simulator: ZaiWebSimulator, isReplaced: boolean): Promise<void> {
  if (isReplaced) await simulator.waitFor(({ guests }) => guests[0]?.deletions === 1);
  expect(simulator.guests.map(({ deletions }) => deletions)).toEqual(isReplaced ? [1, 0] : [0]);
}

describe('in place of the first part', () => {
  const inside = (code: string | number, detail: string) => errorInside200(code, detail);
  const page = statusErrors[405]();
  const rows: [signal: string, Scenario, refusal: [number, string] | null, health: string][] = [
    ['401', statusErrors[401](), null, REJECTED],
    ['INVALID_TOKEN', inside('INVALID_TOKEN', 'Your session has expired.'), null, REJECTED],
    ['VERIFICATION_REQUIRED', inside('VERIFICATION_REQUIRED', 'Verify.'), null, UNVERIFIED],
    ['429', statusErrors[429](), null, BUSY],
    ['429 with retry-after', statusErrors[429](7), null, BUSY],
    ['429 inside a 200', inside(429, 'slow down'), null, BUSY],
    ['"concurrency" behind a 400', inside(400, 'concurrency limit reached'), null, BUSY],
    ['"too many requests" behind a 400', inside(400, 'Too many requests'), null, BUSY],
    ['"并发" behind a 400', inside(400, '您的并发数过高'), null, BUSY],
    ['426', statusErrors[426](), [502, 'upstream_client_outdated'], UNHARMED],
    ['405 with a page', page, [503, 'upstream_address_blocked'], UNHARMED],
    [CAPTCHA, captcha(), [503, 'upstream_verification_required'], UNHARMED],
    ['MODEL_NOT_FOUND', inside('MODEL_NOT_FOUND', 'gone'), [404, 'model_not_found'], UNHARMED],
  ];

  test.each(rows)('%s, an account is judged and its chat goes on', (_, failure, refusal, health) =>
    withAccounts(2, { script: inTurn(failure, ANSWER) }, async ({ gateway, simulator }) => {
      const reply = await ask(gateway);
      expect({
        reply,
        used: credentialsUsed(simulator),
        healths: healthsOf(gateway),
        brake: webPool(gateway).brake,
      }).toEqual({
        reply: refusal ? failed(1, ...refusal) : served(2, 'Hello.'),
        used: refusal ? [0] : [0, 1],
        healths: [health, 'healthy'],
        brake: { state: 'closed' },
      });
    }),
  );

  test.each(rows)('%s, a guest is judged and its chat goes on', (_, failure, refusal) =>
    withGateway(
      { script: inTurn(failure, ANSWER), env: GUESTS_ONLY },
      async ({ gateway, simulator }) => {
        const replies = [await ask(gateway), await ask(gateway)];
        expect({
          replies,
          used: credentialsUsed(simulator),
          brake: webPool(gateway).brake,
        }).toEqual({
          replies: [refusal ? failed(1, ...refusal) : served(2, 'Hello.'), served(1, 'Hello.')],
          used: refusal ? [0, 0] : [0, 1, 1],
          brake: { state: 'closed' },
        });
        await expectFarewell(simulator, refusal === null);
      },
    ),
  );
});

describe('after the first part', () => {
  const rows: [code: string | number, detail: string, told: string, health: string][] = [
    ['INVALID_TOKEN', 'Expired.', 'upstream_credentials_exhausted', REJECTED],
    [401, 'Expired.', 'upstream_credentials_exhausted', REJECTED],
    ['VERIFICATION_REQUIRED', 'Verify.', 'upstream_credentials_exhausted', UNVERIFIED],
    [429, 'slow down', 'upstream_rate_limited', BUSY],
    [400, 'concurrency limit reached', 'upstream_rate_limited', BUSY],
    [400, 'Too many requests', 'upstream_rate_limited', BUSY],
    [400, '您的并发数过高', 'upstream_rate_limited', BUSY],
    [426, 'client version check failed', 'upstream_client_outdated', UNHARMED],
    [405, 'Not allowed.', 'upstream_address_blocked', UNHARMED],
    [CAPTCHA, 'Please verify.', 'upstream_verification_required', UNHARMED],
    ['MODEL_NOT_FOUND', 'gone', 'model_not_found', UNHARMED],
  ];
  const interrupted = (told: string) => ({
    status: 200,
    attempts: '1',
    upstream: 'zai-web',
    text: 'Hel',
    finishReasons: [],
    code: told,
    done: false,
  });

  async function readBroken(response: Response) {
    const { text, finishReasons, error, done } = readStream(await response.text());
    const { status, headers } = response;
    const [attempts, upstream] = [headers.get('x-attempts'), headers.get('x-upstream')];
    return { status, attempts, upstream, text, finishReasons, code: error?.code, done };
  }

  test.each(rows)(
    '%p (%s) ends the stream, and an account is judged',
    (code, detail, told, health) =>
      withAccounts(
        2,
        { script: inTurn(errorAfterText('Hel', code, detail), ANSWER) },
        async ({ gateway, simulator }) => {
          expect(await readBroken(await postChat(gateway))).toEqual(interrupted(told));
          expect({
            used: credentialsUsed(simulator),
            healths: healthsOf(gateway),
            brake: webPool(gateway).brake,
          }).toEqual({ used: [0], healths: [health, 'healthy'], brake: { state: 'closed' } });
        },
      ),
  );

  test.each(rows)('%p (%s) ends the stream, and a guest is judged', (code, detail, told, health) =>
    withGateway(
      { script: inTurn(errorAfterText('Hel', code, detail), ANSWER), env: GUESTS_ONLY },
      async ({ gateway, simulator }) => {
        expect(await readBroken(await postChat(gateway))).toEqual(interrupted(told));
        expect(await ask(gateway)).toEqual(served(1, 'Hello.'));
        const isReplaced = health !== UNHARMED;
        expect([credentialsUsed(simulator), webPool(gateway).brake]).toEqual([
          isReplaced ? [0, 1] : [0, 0],
          { state: 'closed' },
        ]);
        await expectFarewell(simulator, isReplaced);
      },
    ),
  );
});
