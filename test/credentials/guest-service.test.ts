import { expect, test } from 'bun:test';
import { mintGuest } from '../../src/credentials/mint-guest.ts';
import type { UpstreamResult } from '../../src/upstream/upstream-result.ts';
import { deleteChats } from '../../src/upstream/zai-web/delete-chats.ts';
import { draftCompletion, sendDraft } from '../support/zai-web/correct-request.ts';
import { createGate } from '../support/zai-web/gate.ts';
import { answerHeldAt } from '../support/zai-web/scenarios/answers.ts';
import {
  type SimulatorOptions,
  startZaiWebSimulator,
  type ZaiWebSimulator,
} from '../support/zai-web/simulator.ts';
import { startGuests } from './start-guests.ts';

/** A pool whose guests are those of a simulated service. */
async function startService(options: SimulatorOptions) {
  const simulator = await startZaiWebSimulator(options);
  const site = { baseUrl: simulator.origin, userAgent: 'Mozilla/5.0 (test)', proxyUrl: null };
  const guests = startGuests({
    mint: (signal) => mintGuest(site, signal),
    deleteChats: ({ secret }, signal) => deleteChats(site, secret, signal),
  });
  return { simulator, ...guests, [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose]() };
}

function granted<Value>(result: UpstreamResult<Value> | null): Value {
  if (result?.ok !== true) throw new Error(`no value: ${JSON.stringify(result)}`);
  return result.value;
}

async function chat({ origin }: ZaiWebSimulator, guest: { secret: string; userId: string }) {
  return sendDraft(draftCompletion({ origin, token: guest.secret, userId: guest.userId }));
}

test('a guest that is throttled beside another request is followed by a second one', async () => {
  const script = answerHeldAt(createGate(), 'a', 'b');
  await using service = await startService({ guestConcurrency: 1, script });
  const { simulator, ask, pool } = service;
  const [first, same] = [granted(await ask('a')), granted(await ask('a'))];
  const statuses = [await chat(simulator, first), await chat(simulator, same)];
  pool.settle(same.id, 'pause');
  const second = granted(await ask('a', new Set([same.id])));
  statuses.push(await chat(simulator, second));
  expect({
    same: same.id === first.id,
    statuses: statuses.map(({ status }) => status),
    guests: pool.statuses(),
  }).toMatchObject({
    same: true,
    statuses: [200, 429, 200],
    guests: [
      { id: first.id, role: 'bound', inFlight: 1 },
      { id: second.id, role: 'bound', inFlight: 1 },
    ],
  });
});

test('a guest that has too many chats is replaced, and leaves none behind', async () => {
  await using service = await startService({ guestChatLimit: 1 });
  const { simulator, ask, pool } = service;
  const statuses: number[] = [];
  for (const use of ['completed', 'pause', 'completed'] as const) {
    const guest = granted(await ask('a'));
    const { status } = await chat(simulator, guest);
    statuses.push(status);
    pool.settle(guest.id, use);
  }
  await pool[Symbol.asyncDispose]();
  expect({ statuses, guests: simulator.guests }).toMatchObject({
    statuses: [200, 429, 200],
    guests: [
      { chats: 1, deletions: 1 },
      { chats: 1, deletions: 1 },
    ],
  });
});
