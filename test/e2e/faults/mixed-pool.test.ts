import { expect, setDefaultTimeout, test } from 'bun:test';
import { mapLimited } from '../../../src/lib/map-limited.ts';
import { postChat } from '../../support/post-chat.ts';
import { readStream } from '../../support/read-stream.ts';
import type { TestGateway } from '../../support/start-gateway.ts';
import { until } from '../../support/until.ts';
import { healthsOf, webPool } from '../../support/web-pool.ts';
import { withAccounts } from '../../support/with-accounts.ts';
import { completionsOf } from '../../support/zai-web/completions-of.ts';
import { createGate, type Gate } from '../../support/zai-web/gate.ts';
import type { Scenario } from '../../support/zai-web/scenario.ts';
import { statusErrors } from '../../support/zai-web/scenarios/failures.ts';
import { pacedAnswer } from '../../support/zai-web/scenarios/paced-answer.ts';
import type { ZaiWebSimulator } from '../../support/zai-web/simulator.ts';

// Five hundred chats, and three seconds of waiting among them.
setDefaultTimeout(60_000);

const CHATS = 500;
const AT_ONCE = 20;
const THROTTLED_SECONDS = 3;
/** So that all of them together take longer than the throttling. */
const REPLY = pacedAnswer(10, 16);
const TEXT = Array.from({ length: 10 }, (_, i) => `word ${i + 1}, `).join('');

/** What an account answers to its uses, the first of which is use 1, so many ms after that one. */
type Behaviour = (use: number, ageMs: number) => Scenario;

const healthy: Behaviour = () => REPLY;
const dying: Behaviour = (use) => (use < 20 ? REPLY : statusErrors[401]());
const recovering: Behaviour = (_use, ageMs) => (ageMs < 300 ? statusErrors[401]() : REPLY);
/** Once it serves again, its replies wait at the gate. */
const throttled =
  (gate: Gate): Behaviour =>
  (_use, ageMs) => {
    if (ageMs < THROTTLED_SECONDS * 1_000) return statusErrors[429](THROTTLED_SECONDS);
    return { ...REPLY, hangBeforeHeaders: gate };
  };

/** Lets each account behave in its own way. */
function scriptAccounts(
  simulator: ZaiWebSimulator,
  behaviours: ReadonlyMap<string, Behaviour>,
): void {
  const uses = new Map<string, { count: number; since: number }>();
  simulator.script(({ recorded }) => {
    const token = recorded.query.token ?? '';
    const use = uses.get(token) ?? { count: 0, since: performance.now() };
    use.count += 1;
    uses.set(token, use);
    return behaviours.get(token)?.(use.count, performance.now() - use.since) ?? REPLY;
  });
}

async function chat(gateway: TestGateway) {
  const response = await postChat(gateway);
  const { text, finishReasons, error, done } = readStream(await response.text());
  const reply = { status: response.status, text, finishReasons, error, done };
  return { reply, attempts: Number(response.headers.get('x-attempts')) };
}

const WHOLE = { status: 200, text: TEXT, finishReasons: ['stop'], error: null, done: true };

test('500 chats over two accounts that die, one throttled, one that recovers: none is lost', () =>
  withAccounts(
    5,
    { env: { TOKEN_RECOVERY_TIMEOUT: '500ms' } },
    async ({ gateway, simulator, tokens }) => {
      const gate = createGate();
      const behaviours = [dying, throttled(gate), healthy, recovering, dying];
      const byToken = tokens.map((token, i): [string, Behaviour] => [
        token,
        behaviours[i] ?? healthy,
      ]);
      scriptAccounts(simulator, new Map(byToken));
      const usesOfThrottled = () =>
        completionsOf(simulator).filter(({ query }) => query.token === tokens[1]);
      const chatting = mapLimited(Array(CHATS).fill(gateway), AT_ONCE, chat);

      await gate.reached;
      const [asked, probes] = [completionsOf(simulator).length, usesOfThrottled().length];
      await simulator.waitFor(() => completionsOf(simulator).length >= asked + 2 * AT_ONCE);
      // Others come and go, and nobody joins the probe before it is known to be served.
      expect(usesOfThrottled()).toHaveLength(probes);
      gate.open();

      const chats = await chatting;
      expect(chats.map(({ reply }) => reply)).toEqual(Array(CHATS).fill(WHOLE));
      expectOneProbe(usesOfThrottled().map(({ receivedAt }) => receivedAt));
      await until(() => webPool(gateway).inFlight.size === 0);
      expect(healthsOf(gateway)).toEqual(['out', 'healthy', 'healthy', 'healthy', 'out']);
      const attempts = chats.reduce((sum, each) => sum + each.attempts, 0);
      expectSameCounts(gateway, attempts);
      expect(completionsOf(simulator)).toHaveLength(attempts);
    },
  ));

/** Those under way when it was throttled, then nobody for as long as it asked, then the probe. */
function expectOneProbe(times: readonly number[]): void {
  const waits = times.map((time, i) => time - (times[i - 1] ?? time));
  const probe = waits.findIndex((wait) => wait > 1_000);
  expect(probe).toBeWithin(1, AT_ONCE / 2);
  expect(waits[probe]).toBeGreaterThan(THROTTLED_SECONDS * 1_000 - 200);
}

/** What the accounts were used for, by the gateway's own count. */
function expectSameCounts(gateway: TestGateway, attempts: number): void {
  const counts = webPool(gateway)
    .statuses()
    .map((status) => status.counts);
  const [completed, failed] = (['completed', 'failed'] as const).map((outcome) =>
    counts.reduce((sum, each) => sum + each[outcome], 0),
  );
  expect({ completed, failed }).toEqual({ completed: CHATS, failed: attempts - CHATS });
  expect(counts.map((count) => count.failed > 0)).toEqual([true, true, false, true, true]);
}
