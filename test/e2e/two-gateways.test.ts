import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { ask, served } from '../support/ask.ts';
import { askTokenPool } from '../support/ask-token-pool.ts';
import { expectNothingLeft } from '../support/expect-nothing-left.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { completionsOf, tokensUsed } from '../support/zai-web/completions-of.ts';
import { plainAnswer } from '../support/zai-web/scenarios/answers.ts';
import { statusErrors } from '../support/zai-web/scenarios/failures.ts';
import { startZaiWebSimulator, type ZaiWebSimulator } from '../support/zai-web/simulator.ts';

const ANSWER = plainAnswer('Hello.');

interface Stage {
  one: TestGateway;
  other: TestGateway;
  simulator: ZaiWebSimulator;
}

/** Two gateways with one database, without tokens of their own. */
async function withTwo(run: (stage: Stage) => Promise<void>): Promise<void> {
  using folder = temporaryFolder();
  await using simulator = await startZaiWebSimulator({ script: ANSWER });
  const env = {
    ZAI_TOKENS: '',
    ANONYMOUS_MODE: 'false',
    DATABASE_PATH: join(folder.path, 'gateway.db'),
  };
  await using one = await startGateway(simulator, { env });
  await using other = await startGateway(simulator, { env });
  await run({ one, other, simulator });
  for (const gateway of [one, other]) await expectNothingLeft(gateway, simulator);
}

const tokensOf = async (gateway: TestGateway) =>
  (await askTokenPool(gateway, 'GET', 'tokens')).body.data;

async function add(gateway: TestGateway, simulator: ZaiWebSimulator, userId: string) {
  const token = simulator.addAccount({ userId });
  const { id } = (await askTokenPool(gateway, 'POST', 'tokens', { token })).body;
  return { id, token };
}

test('a token that one adds is used by the other, and one that it deletes is not', () =>
  withTwo(async ({ one, other, simulator }) => {
    const { id, token } = await add(one, simulator, 'alice');
    let reply = await ask(other);
    while (reply.status !== 200) reply = await ask(other);
    expect([reply, tokensUsed(simulator)]).toEqual([served(1, 'Hello.'), [token]]);

    await askTokenPool(other, 'DELETE', `tokens/${id}`);
    while ((await ask(one)).status === 200);
    expect([await tokensOf(one), await tokensOf(other)]).toEqual([[], []]);
  }));

test('what one disables the other does not use', () =>
  withTwo(async ({ one, other, simulator }) => {
    const { id } = await add(one, simulator, 'alice');
    while ((await ask(other)).status !== 200);
    await askTokenPool(one, 'PATCH', `tokens/${id}`, { disabled: true });
    while ((await ask(other)).status === 200);
    expect((await ask(one)).status).toBe(502);
  }));

test('under load of both, every use is counted once', () =>
  withTwo(async ({ one, other, simulator }) => {
    await add(one, simulator, 'alice');
    await add(other, simulator, 'bob');
    let asked = 0;
    simulator.script(() => {
      asked += 1;
      return asked % 10 === 0 ? statusErrors[500]() : ANSWER;
    });
    const clients = [one, other].flatMap((gateway) => Array(8).fill(gateway));
    const replies = await Promise.all(
      clients.map(async (gateway) => {
        const statuses: number[] = [];
        for (let i = 0; i < 25; i += 1) statuses.push((await ask(gateway)).status);
        return statuses;
      }),
    );
    const servedCount = replies.flat().filter((status) => status === 200).length;
    // Each tells the other what it has not saved yet.
    await tokensOf(one);
    await tokensOf(other);
    for (const gateway of [one, other]) {
      const counts = (await tokensOf(gateway)).map(
        ({ counts }: { counts: { completed: number; failed: number } }) => counts,
      );
      const sum = (name: 'completed' | 'failed') =>
        counts.reduce((total: number, one: Record<string, number>) => total + (one[name] ?? 0), 0);
      expect({ completed: sum('completed'), all: sum('completed') + sum('failed') }).toEqual({
        completed: servedCount,
        all: completionsOf(simulator).length,
      });
    }
    expect(servedCount).toBeGreaterThan(0);
  }));
