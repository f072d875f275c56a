import { describe, expect, test } from 'bun:test';
import { ask, failed, served } from '../support/ask.ts';
import { postChat } from '../support/post-chat.ts';
import { readStream } from '../support/read-stream.ts';
import { settledChats } from '../support/settled-chats.ts';
import { withGateway } from '../support/with-gateway.ts';
import { completionsOf, tokensUsed } from '../support/zai-web/completions-of.ts';
import { createGate } from '../support/zai-web/gate.ts';
import { plainAnswer } from '../support/zai-web/scenarios/answers.ts';
import {
  captcha,
  errorAfterText,
  errorInside200,
  statusErrors,
} from '../support/zai-web/scenarios/failures.ts';
import { inTurn } from '../support/zai-web/scenarios/in-turn.ts';
import type { ZaiWebSimulator } from '../support/zai-web/simulator.ts';

const ANSWER = plainAnswer('Hello.');

describe('a front-end version that is too old (426)', () => {
  const visits = ({ requests }: ZaiWebSimulator) =>
    requests.filter(({ path }) => path === '/').length;

  test('is learned anew, and the chat is tried again with it', () =>
    withGateway({ script: ANSWER }, async ({ gateway, simulator }) => {
      expect(await ask(gateway)).toEqual(served(1, 'Hello.'));
      simulator.feVersion = 'prod-fe-1.0.100';
      expect([await ask(gateway), await ask(gateway)]).toEqual([
        served(2, 'Hello.'),
        served(1, 'Hello.'),
      ]);
      expect(visits(simulator)).toBe(2);
    }));

  test('is learned once for all chats that meet it together', () =>
    withGateway({ script: ANSWER }, async ({ gateway, simulator }) => {
      await ask(gateway);
      const gate = createGate();
      const path = '/api/v2/chat/completions';
      simulator.scriptCall(path, { ...statusErrors[426](), hangBeforeHeaders: gate });
      const replies = Array.from({ length: 5 }, () => ask(gateway));
      await simulator.waitFor(() => completionsOf(simulator).length === 1 + 5);
      simulator.scriptCall(path, null);
      simulator.feVersion = 'prod-fe-1.1.0';
      gate.open();
      expect(await Promise.all(replies)).toEqual(Array(5).fill(served(2, 'Hello.')));
      expect(visits(simulator)).toBe(2);
    }));

  test('is learned also when the operator has set it', () =>
    withGateway(
      { script: ANSWER, env: { ZAI_FE_VERSION: 'prod-fe-1.0.9' } },
      async ({ gateway, simulator }) => {
        expect([await ask(gateway), visits(simulator)]).toEqual([served(2, 'Hello.'), 1]);
      },
    ));

  test('is the answer when there is no newer one to learn', () =>
    withGateway({ script: statusErrors[426]() }, async ({ gateway, simulator }) => {
      expect(await ask(gateway)).toEqual(failed(1, 502, 'upstream_client_outdated'));
      expect([visits(simulator), completionsOf(simulator).length]).toEqual([2, 1]);
    }));
});

describe('a failure that may pass', () => {
  test.each([
    ['a 500', statusErrors[500]()],
    ['an error inside a 200', errorInside200('OOPS', 'Try again.')],
    ['an empty reply', { steps: [{ frame: { done: true } }] }],
    ['a connection that closes', { closeBeforeHeaders: true as const }],
  ])('is tried again: %s', (_case, failure) =>
    withGateway({ script: inTurn(failure, ANSWER) }, async ({ gateway, simulator }) => {
      expect(await ask(gateway)).toEqual(served(2, 'Hello.'));
      const [first, second] = tokensUsed(simulator);
      expect(first).toBe(second as string);
    }),
  );

  test.each([
    ['0', 1],
    ['1', 2],
    ['2', 3],
  ])('is tried again no more than MAX_RETRIES=%s times', (MAX_RETRIES, attempts) =>
    withGateway(
      { script: statusErrors[500](), env: { MAX_RETRIES } },
      async ({ gateway, simulator }) => {
        expect(await ask(gateway)).toEqual(failed(attempts, 503, 'upstream_unavailable'));
        expect(completionsOf(simulator)).toHaveLength(attempts);
        expect(settledChats(gateway)).toMatchObject([{ attempts, outcome: 'failed', status: 503 }]);
      },
    ),
  );

  test('is told as the last attempt had it', () =>
    withGateway(
      { script: inTurn(statusErrors[500](), captcha()), env: { MAX_RETRIES: '5' } },
      async ({ gateway, simulator }) => {
        expect(await ask(gateway)).toEqual(failed(2, 503, 'upstream_verification_required'));
        expect(completionsOf(simulator)).toHaveLength(2);
      },
    ));

  test('costs a stream nothing, even when its response had begun by then', () => {
    const gate = createGate();
    const script = inTurn({ ...statusErrors[500](), hangBeforeHeaders: gate }, ANSWER);
    return withGateway({ script, keepAliveMs: 20 }, async ({ gateway, simulator }) => {
      const response = await postChat(gateway);
      gate.open();
      expect(readStream(await response.text())).toMatchObject({
        text: 'Hello.',
        finishReasons: ['stop'],
        error: null,
        done: true,
      });
      expect(completionsOf(simulator)).toHaveLength(2);
    });
  });
});

describe('no other attempt is made', () => {
  test.each([
    ['a captcha', captcha(), 503],
    ['a firewall', statusErrors[405](), 503],
    ['a request that is wrong', errorInside200(400, 'too long'), 400],
    ['a model that is gone', errorInside200('MODEL_NOT_FOUND', 'gone'), 404],
  ])('for %s', (_case, script, status) =>
    withGateway({ script }, async ({ gateway, simulator }) => {
      expect(await ask(gateway)).toMatchObject({ status });
      expect(completionsOf(simulator)).toHaveLength(1);
    }),
  );

  test('once a part of the reply has gone to the client', () =>
    withGateway(
      { script: inTurn(errorAfterText('Hel', 500, 'Oops.'), ANSWER) },
      async ({ gateway, simulator }) => {
        const response = await postChat(gateway);
        expect(readStream(await response.text())).toMatchObject({ text: 'Hel', done: false });
        expect(completionsOf(simulator)).toHaveLength(1);
      },
    ));

  test('but a whole reply of which nothing has gone out is begun again', () =>
    withGateway(
      { script: inTurn(errorAfterText('Hel', 500, 'Oops.'), ANSWER) },
      async ({ gateway }) => {
        expect(await ask(gateway)).toEqual(served(2, 'Hello.'));
      },
    ));
});
