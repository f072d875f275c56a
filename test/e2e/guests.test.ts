import { describe, expect, test } from 'bun:test';
import { chatBody } from '../support/chat-body.ts';
import { postChat } from '../support/post-chat.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { withGateway } from '../support/with-gateway.ts';
import { tokensUsed } from '../support/zai-web/completions-of.ts';
import { createGate } from '../support/zai-web/gate.ts';
import { answerHeldAt, plainAnswer } from '../support/zai-web/scenarios/answers.ts';
import { startZaiWebSimulator, type ZaiWebSimulator } from '../support/zai-web/simulator.ts';

const GUESTS_ONLY = { ZAI_TOKENS: '', GUEST_POOL_SIZE: '1' };

const opening = (content: string) => [
  { role: 'system', content: 'Be kind.' },
  { role: 'user', content },
];
const laterTurn = [
  { role: 'assistant', content: 'Hi.' },
  { role: 'user', content: 'How are you?' },
];

/** Asks as the client of a key; returns the status. */
async function ask(gateway: TestGateway, messages: unknown[], key = 'alice'): Promise<number> {
  const headers = { authorization: `Bearer ${key}` };
  const response = await postChat(gateway, { stream: false, messages }, headers);
  await response.text();
  return response.status;
}

/** Which guest each completion was asked for with, numbered as they came up. */
function guestNumbers(simulator: ZaiWebSimulator): number[] {
  const tokens = tokensUsed(simulator);
  const order = [...new Set(tokens)];
  return tokens.map((token) => order.indexOf(token));
}

describe('a guest', () => {
  const env = { ...GUESTS_ONLY, API_KEYS: 'alice,bob' };

  test('stays with its conversation, and serves no other', () =>
    withGateway({ env }, async ({ gateway, simulator }) => {
      await ask(gateway, opening('Hello'));
      await ask(gateway, opening('Something else'));
      await ask(gateway, [...opening('Hello'), ...laterTurn]);
      await ask(gateway, [...opening('Something else'), ...laterTurn]);
      expect(guestNumbers(simulator)).toEqual([0, 1, 0, 1]);
    }));

  test('is not shared by two clients, though they say the same', () =>
    withGateway({ env }, async ({ gateway, simulator }) => {
      for (const key of ['alice', 'bob', 'alice']) await ask(gateway, opening('Hello'), key);
      expect(guestNumbers(simulator)).toEqual([0, 1, 0]);
    }));

  test('that has too much to do is helped by another one of the same conversation', () => {
    const gate = createGate();
    const scripts = [answerHeldAt(gate, 'one ', 'two'), plainAnswer('three')];
    const script = () => scripts.shift() ?? plainAnswer('four');
    return withGateway({ env, guestConcurrency: 1, script }, async ({ gateway, simulator }) => {
      const chat = gateway.fetch('/v1/chat/completions', {
        method: 'POST',
        headers: { authorization: 'Bearer alice' },
        body: chatBody({ stream: false, n: 2, messages: opening('Hello') }),
      });
      await simulator.waitFor(() => scripts.length === 0);
      gate.open();
      const { choices } = (await (await chat).json()) as {
        choices: { message: { content: string } }[];
      };
      const texts = choices.map(({ message }) => message.content);
      expect([texts.toSorted(), guestNumbers(simulator)]).toEqual([
        ['one two', 'three'],
        [0, 0, 1],
      ]);
    });
  });

  test('whose token the service has forgotten is replaced within the request', () =>
    withGateway({ env }, async ({ gateway, simulator }) => {
      const statuses = [await ask(gateway, opening('Hello'))];
      simulator.revokeToken(tokensUsed(simulator)[0] ?? '');
      statuses.push(await ask(gateway, opening('Hello')), await ask(gateway, opening('Hello')));
      expect([statuses, guestNumbers(simulator)]).toEqual([
        [200, 200, 200],
        [0, 0, 1, 1],
      ]);
    }));
});

describe('spare guests', () => {
  test('are there from the start when there is no account', () =>
    withGateway({ env: { ZAI_TOKENS: '', GUEST_POOL_SIZE: '2' } }, async ({ simulator }) => {
      await simulator.waitFor(({ guests }) => guests.length === 2);
    }));

  test('are not asked for while accounts serve', () =>
    withGateway({ env: { GUEST_POOL_SIZE: '2' } }, async ({ gateway, simulator }) => {
      await (await postChat(gateway)).text();
      expect(simulator.guests).toEqual([]);
    }));
});

test('when the gateway stops, its guests leave no chats behind', async () => {
  await using simulator = await startZaiWebSimulator();
  {
    await using gateway = await startGateway(simulator, {
      env: { ...GUESTS_ONLY, API_KEYS: 'alice' },
    });
    for (const words of ['one', 'two', 'three']) await ask(gateway, opening(words));
    await simulator.waitFor(({ guests }) => guests.length === 4);
  }
  expect(simulator.guests.map(({ chats, deletions }) => [chats, deletions])).toEqual([
    [1, 1],
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
});
