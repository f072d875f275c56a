import { Database } from 'bun:sqlite';
import { expect, setDefaultTimeout, test } from 'bun:test';
import { join } from 'node:path';
import { type ReadReply, readChat, startLoad } from '../support/chat-load.ts';
import { spawnGateway } from '../support/gateway-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createGate } from '../support/zai-web/gate.ts';
import { answerHeldAt } from '../support/zai-web/scenarios/answers.ts';
import { inTurn } from '../support/zai-web/scenarios/in-turn.ts';
import { pacedAnswer } from '../support/zai-web/scenarios/paced-answer.ts';
import { startZaiWebSimulator } from '../support/zai-web/simulator.ts';

// Hundreds of chats, and processes that start and end, take their time on a busy machine.
setDefaultTimeout(60_000);

const CLIENTS = 30;
const REPLY = pacedAnswer(5, 4);

/** What is in the database when its gateway is gone: the ids of the chats, sorted. */
function readRecords(path: string) {
  using database = new Database(path);
  const idsWhere = (condition: string) =>
    database
      .query<{ id: string }, []>(`SELECT id FROM requests WHERE ${condition} ORDER BY id`)
      .all()
      .map(({ id }) => id);
  return {
    integrity: database.query('PRAGMA integrity_check').values().flat(),
    ids: idsWhere('true'),
    completed: idsWhere("outcome = 'completed'"),
  };
}

function idsOf(replies: readonly ReadReply[]): string[] {
  return replies.map(({ requestId }) => requestId).toSorted();
}

test('SIGKILL under load: the database opens clean, and all whose end a client has seen are recorded', async () => {
  using data = temporaryFolder();
  const path = join(data.path, 'gateway.db');
  await using simulator = await startZaiWebSimulator({ script: REPLY });
  await using gateway = await spawnGateway(simulator, { DATABASE_PATH: path });
  const load = startLoad(gateway, CLIENTS);
  await load.untilRead(300);
  const seen = idsOf(load.replies);
  // The turn in which the last of them was settled is over when another chat has come and gone.
  await readChat(gateway);
  await simulator.waitFor(({ openStreams }) => openStreams > 0);
  gateway.kill('SIGKILL');
  await Promise.all([gateway.exited, load.over]);

  const { integrity, ids } = readRecords(path);
  const recorded = new Set(ids);
  expect(integrity).toEqual(['ok']);
  expect(seen.filter((id) => !recorded.has(id))).toEqual([]);
  expect(recorded.size).toBe(ids.length);
});

test('SIGTERM under load: every chat ends as it should, and is recorded', async () => {
  using data = temporaryFolder();
  const path = join(data.path, 'gateway.db');
  const gate = createGate();
  const script = inTurn(answerHeldAt(gate, 'before ', 'after'), REPLY);
  await using simulator = await startZaiWebSimulator({ script });
  await using gateway = await spawnGateway(simulator, { DATABASE_PATH: path });
  const longest = readChat(gateway);
  await gate.reached;
  const load = startLoad(gateway, CLIENTS);
  await load.untilRead(150);
  gateway.kill('SIGTERM');
  await gateway.logged('draining');
  gate.open();
  const replies = [await longest, ...(await load.over)];
  expect(await gateway.exited).toBe(0);

  const { ids, completed } = readRecords(path);
  const served = replies.filter(({ reading }) => reading?.done && reading.error === null);
  expect(idsOf(served)).toEqual(completed);
  // The rest came too late, and was told so.
  const refused = replies.filter((reply) => !served.includes(reply));
  expect(refused.filter(({ status }) => status !== 503)).toEqual([]);
  expect(ids).toEqual(expect.arrayContaining(idsOf(refused)));
});

test('two gateways write to one database under load, and no record is lost or doubled', async () => {
  using data = temporaryFolder();
  const path = join(data.path, 'gateway.db');
  const env = { DATABASE_PATH: path, WORKERS: '1' };
  await using simulator = await startZaiWebSimulator({ script: REPLY });
  await using one = await spawnGateway(simulator, { ...env, SERVICE_NAME: 'one' });
  await using two = await spawnGateway(simulator, { ...env, SERVICE_NAME: 'two' });
  const gateways = [one, two];
  const loads = gateways.map((gateway) => startLoad(gateway, CLIENTS));
  await Promise.all(loads.map((load) => load.untilRead(300)));
  const replies = await Promise.all(loads.map((load) => load.stop()));
  for (const gateway of gateways) gateway.kill('SIGTERM');
  expect(await Promise.all(gateways.map(({ exited }) => exited))).toEqual([0, 0]);

  const { integrity, ids } = readRecords(path);
  expect(integrity).toEqual(['ok']);
  expect(ids).toEqual(idsOf(replies.flat()));
});
