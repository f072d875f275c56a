import { describe, expect, test } from 'bun:test';
import { ask, failed, served } from '../../support/ask.ts';
import { postChat } from '../../support/post-chat.ts';
import { readStream } from '../../support/read-stream.ts';
import type { TestGateway } from '../../support/start-gateway.ts';
import { until } from '../../support/until.ts';
import { healthsOf, webPool } from '../../support/web-pool.ts';
import { withAccounts } from '../../support/with-accounts.ts';
import { completionsOf, tokensUsed } from '../../support/zai-web/completions-of.ts';
import { createGate } from '../../support/zai-web/gate.ts';
import { answerHeldAt, plainAnswer } from '../../support/zai-web/scenarios/answers.ts';
import { captcha, statusErrors } from '../../support/zai-web/scenarios/failures.ts';

const ANSWER = plainAnswer('Hello.');
const HEALTHY = ['healthy', 'healthy', 'healthy'];
/** Short, and no retry-after that would say otherwise. */
const SOON = { UPSTREAM_RECOVERY_TIMEOUT: '300ms' };

const brakeOf = (gateway: TestGateway) => webPool(gateway).brake.state;

function untilBrakeIs(gateway: TestGateway, state: string): Promise<void> {
  return until(() => brakeOf(gateway) === state);
}

describe('when every account is throttled at once', () => {
  const busy = failed(0, 429, 'upstream_rate_limited');

  test('nobody is cooled, the brake opens, one request probes, and all are served again', () =>
    withAccounts(3, { script: statusErrors[429](), env: SOON }, async ({ gateway, simulator }) => {
      const refused = await Promise.all(Array.from({ length: 12 }, () => ask(gateway)));
      expect(refused.map(({ status, code }) => [status, code])).toEqual(
        Array(12).fill([429, 'upstream_rate_limited']),
      );
      expect([brakeOf(gateway), healthsOf(gateway)]).toEqual(['open', HEALTHY]);

      const asked = completionsOf(simulator).length;
      expect(await ask(gateway)).toEqual(busy);
      expect(completionsOf(simulator)).toHaveLength(asked);

      await untilBrakeIs(gateway, 'half-open');
      const gate = createGate();
      simulator.script({ ...ANSWER, hangBeforeHeaders: gate });
      const probe = ask(gateway);
      await simulator.waitFor(() => completionsOf(simulator).length === asked + 1);
      expect(await Promise.all([ask(gateway), ask(gateway)])).toEqual([busy, busy]);
      gate.open();
      expect(await probe).toEqual(served(1, 'Hello.'));

      const later = await Promise.all(Array.from({ length: 12 }, () => ask(gateway)));
      expect(later).toEqual(Array(12).fill(served(1, 'Hello.')));
      expect([brakeOf(gateway), healthsOf(gateway)]).toEqual(['closed', HEALTHY]);
      expect(completionsOf(simulator)).toHaveLength(asked + 1 + 12);
      expect(new Set(tokensUsed(simulator).slice(-12)).size).toBe(3);
    }));

  test('the soonest retry-after is how long it lasts, and clients are told', () => {
    const waits = [9, 5, 7];
    const script = () => statusErrors[429](waits.shift() ?? 9);
    return withAccounts(3, { script }, async ({ gateway }) => {
      const first = await postChat(gateway, { stream: false });
      const second = await postChat(gateway, { stream: false });
      await Promise.all([first.text(), second.text()]);
      // The brake opens on the second of three; the third is not asked any more.
      expect([first, second].map(({ headers }) => headers.get('retry-after'))).toEqual(['5', '5']);
      expect([waits, brakeOf(gateway), healthsOf(gateway)]).toEqual([[7], 'open', HEALTHY]);
    });
  });

  test('the first part of the probe’s reply opens the road, not its end', () => {
    const gate = createGate();
    return withAccounts(
      3,
      { script: statusErrors[429](), env: SOON },
      async ({ gateway, simulator }) => {
        await ask(gateway);
        await untilBrakeIs(gateway, 'half-open');
        simulator.script(answerHeldAt(gate, 'long ', 'reply'));
        const probe = await postChat(gateway);
        simulator.script(ANSWER);
        expect(await ask(gateway)).toEqual(served(1, 'Hello.'));
        gate.open();
        expect(readStream(await probe.text())).toMatchObject({ text: 'long reply', done: true });
      },
    );
  });
});

describe('when the service wants a human at a browser', () => {
  test('three that are told so are enough: the next are not sent, and no account pays for it', () =>
    withAccounts(3, { script: captcha(), env: SOON }, async ({ gateway, simulator }) => {
      const told = (attempts: number) => failed(attempts, 503, 'upstream_verification_required');
      const replies = [];
      for (let i = 0; i < 5; i += 1) replies.push(await ask(gateway));
      expect(replies).toEqual([told(1), told(1), told(1), told(0), told(0)]);
      expect([completionsOf(simulator).length, healthsOf(gateway)]).toEqual([3, HEALTHY]);

      await untilBrakeIs(gateway, 'half-open');
      expect([await ask(gateway), await ask(gateway)]).toEqual([told(1), told(0)]);
      expect([brakeOf(gateway), healthsOf(gateway)]).toEqual(['open', HEALTHY]);

      simulator.script(ANSWER);
      await untilBrakeIs(gateway, 'half-open');
      expect([await ask(gateway), brakeOf(gateway)]).toEqual([served(1, 'Hello.'), 'closed']);
    }));
});

test('an account’s pause ends with one probe, which its first part confirms', () => {
  const gate = createGate();
  return withAccounts(1, { script: statusErrors[429]() }, async ({ gateway, simulator }) => {
    await ask(gateway);
    await until(() => healthsOf(gateway)[0]?.startsWith('probing') ?? false);
    const begun = createGate();
    simulator.script({ ...answerHeldAt(gate, 'long ', 'reply'), hangBeforeHeaders: begun });
    const probe = postChat(gateway);
    await simulator.waitFor(() => completionsOf(simulator).length === 2);
    simulator.script(ANSWER);
    const others = [ask(gateway), ask(gateway)];
    begun.open();
    const first = await probe;
    expect(await Promise.all(others)).toEqual([served(1, 'Hello.'), served(1, 'Hello.')]);
    gate.open();
    expect(readStream(await first.text())).toMatchObject({ text: 'long reply', done: true });
  });
});
