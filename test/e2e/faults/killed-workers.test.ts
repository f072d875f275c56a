import { expect, setDefaultTimeout, test } from 'bun:test';
import { readRawBody, sendRawChat } from '../../support/raw-chat.ts';
import { readStream, type StreamReading } from '../../support/read-stream.ts';
import type { TestGateway } from '../../support/start-gateway.ts';
import { until } from '../../support/until.ts';
import { healthsOf, webPool } from '../../support/web-pool.ts';
import { withAccounts } from '../../support/with-accounts.ts';
import { createGate } from '../../support/zai-web/gate.ts';
import { answerHeldAt } from '../../support/zai-web/scenarios/answers.ts';
import { pacedAnswer } from '../../support/zai-web/scenarios/paced-answer.ts';

// Thousands of streams take their time on a busy machine.
setDefaultTimeout(60_000);

const STREAMS = 200;
const KILLS = 10;
const TWO_WORKERS = { WORKERS: '2' };

/** Numbers from 0 to `below` that look random and are the same in each run. */
function createDice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

interface Killer {
  /** The threads that have not been killed. */
  alive(): Worker[];
  /** Kills one of them as a crash does, without a word. Resolves when it is gone. */
  killOne(): Promise<void>;
}

function once(target: EventTarget, event: string): Promise<unknown> {
  return new Promise((resolve) => void target.addEventListener(event, resolve, { once: true }));
}

function createKiller({ workers }: TestGateway, dice: (below: number) => number): Killer {
  const killed = new Set<Worker>();
  const alive = () => workers.filter((worker) => !killed.has(worker));
  return {
    alive,
    async killOne() {
      // With none left, the next stream starts one.
      await until(() => alive().length > 0);
      const victim = alive()[dice(alive().length)];
      if (victim === undefined) return;
      killed.add(victim);
      const gone = once(victim, 'close');
      victim.terminate();
      await gone;
    },
  };
}

/** Sends one chat and reads its stream, which always comes to an end. */
async function chat(gateway: TestGateway): Promise<StreamReading> {
  using client = await sendRawChat(gateway);
  return readStream(await readRawBody(client));
}

const summary = ({ text, finishReasons, error, done }: StreamReading) => ({
  text,
  finishReasons,
  error: error?.code ?? null,
  done,
});

test('a worker that is killed fails its own streams, each with an error frame, and no other', () =>
  withAccounts(1, { env: TWO_WORKERS }, async ({ gateway, simulator }) => {
    const { streamPool } = gateway.services;
    const killer = createKiller(gateway, createDice(1));
    const whole = { text: 'before after', finishReasons: ['stop'], error: null, done: true };
    const broken = { text: 'before ', finishReasons: [], error: 'worker_crashed', done: false };
    // Six, since a worker that dies again and again is replaced later and later.
    for (let round = 0; round < 6; round += 1) {
      await until(() => killer.alive().length === 2);
      const gate = createGate();
      simulator.script(answerHeldAt(gate, 'before ', 'after'));
      const clients = await Promise.all(
        Array.from({ length: STREAMS }, () => sendRawChat(gateway)),
      );
      await Promise.all(clients.map((client) => client.until('before ')));

      await killer.killOne();
      const survivors = streamPool.activeStreams;
      expect(survivors).toBe(STREAMS / 2);
      await simulator.waitFor(() => simulator.openStreams === survivors);
      gate.open();
      const replies = (await Promise.all(clients.map(readRawBody))).map(readStream).map(summary);
      expect(replies.toSorted((one, other) => Number(other.done) - Number(one.done))).toEqual([
        ...Array(survivors).fill(whole),
        ...Array(STREAMS - survivors).fill(broken),
      ]);
      for (const client of clients) client.destroy();
    }
    expect([healthsOf(gateway), webPool(gateway).brake.state]).toEqual([['healthy'], 'closed']);
  }));

test('ten workers killed at any moment: each reply is whole, or breaks off with an error frame', () =>
  // A chat may meet several deaths before its first part, and is not to fail for that here.
  withAccounts(
    1,
    { env: { ...TWO_WORKERS, MAX_RETRIES: '10' } },
    async ({ gateway, simulator }) => {
      simulator.script(pacedAnswer(5, 20));
      const whole = Array.from({ length: 5 }, (_, i) => `word ${i + 1}, `).join('');
      const replies: StreamReading[] = [];
      let isOver = false;
      const load = Array.from({ length: STREAMS }, async () => {
        while (!isOver) replies.push(await chat(gateway));
      });
      const dice = createDice(2);
      const killer = createKiller(gateway, dice);
      for (let kills = 0; kills < KILLS; kills += 1) {
        const enough = replies.length + 10 + dice(100);
        await until(() => replies.length >= enough);
        await killer.killOne();
      }
      isOver = true;
      await Promise.all(load);

      const wrong = replies
        .map(summary)
        .filter(({ text, finishReasons, error, done }) =>
          done
            ? text !== whole || finishReasons.join() !== 'stop' || error !== null
            : !whole.startsWith(text) || finishReasons.length > 0 || error !== 'worker_crashed',
        );
      expect(wrong).toEqual([]);
      const broken = replies.filter(({ done }) => !done).length;
      expect(broken).toBeWithin(KILLS, KILLS * STREAMS);
      expect([healthsOf(gateway), webPool(gateway).brake.state]).toEqual([['healthy'], 'closed']);
    },
  ));
