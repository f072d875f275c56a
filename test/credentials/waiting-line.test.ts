import { expect, test } from 'bun:test';
import { WaitingLine } from '../../src/credentials/waiting-line.ts';

const NEVER = new AbortController().signal;

/** A line for seats: a wish is a name, and `free` seats are taken by whoever is asked. */
function makeLine({ free = 0, nextChanceMs = null as number | null } = {}) {
  const room = { free, nextChanceMs, asked: [] as string[], served: [] as string[] };
  const naps: { ms: number; wake: () => void; isCancelled: boolean }[] = [];
  const line = new WaitingLine<string, string>({
    answer(name) {
      room.asked.push(name);
      if (room.free === 0) return null;
      room.free -= 1;
      room.served.push(name);
      return name.toUpperCase();
    },
    kindOf: (name) => name.slice(0, 1),
    nextChanceMs: () => room.nextChanceMs,
    schedule(wake, ms) {
      const nap = { ms, wake, isCancelled: false };
      naps.push(nap);
      return () => {
        nap.isCancelled = true;
      };
    },
  });
  return { line, room, naps };
}

test('an answer that is there comes at once', async () => {
  const { line, naps } = makeLine({ free: 1, nextChanceMs: 5 });
  expect([await line.ask('a', NEVER), naps]).toEqual(['A', []]);
});

test('those who wait are served in the order in which they came, as many as there is room for', async () => {
  const { line, room } = makeLine();
  const asked = ['a', 'b', 'c'].map((name) => line.ask(name, NEVER));
  room.free = 2;
  line.serve();
  const first = await Promise.all(asked.slice(0, 2));
  room.free = 1;
  line.serve();
  expect([first, await asked[2]]).toEqual([['A', 'B'], 'C']);
});

test('who comes late is asked after those who wait, even when only time has made room', async () => {
  const { line, room } = makeLine();
  const waiting = line.ask('early', NEVER);
  room.free = 2;
  expect([await line.ask('late', NEVER), await waiting, room.served]).toEqual([
    'LATE',
    'EARLY',
    ['early', 'late'],
  ]);
});

test('of those who wish the same, only the first who has to wait is asked for', () => {
  const { line, room } = makeLine();
  for (const name of ['a1', 'a2', 'a3', 'b1', 'b2']) void line.ask(name, NEVER);
  room.asked.length = 0;
  room.free = 1;
  line.serve();
  expect(room.asked).toEqual(['a1', 'a2', 'b1']);
});

test('who aborts leaves at once, and takes nothing', async () => {
  const { line, room } = makeLine();
  const leaver = new AbortController();
  const left = line.ask('a', leaver.signal).catch((reason: unknown) => reason);
  const stayed = line.ask('b', NEVER);
  leaver.abort('left');
  room.free = 1;
  line.serve();
  expect([await left, await stayed, room.served]).toEqual(['left', 'B', ['b']]);
});

test('who has left before asking is not asked for', async () => {
  const { line, room } = makeLine({ free: 1 });
  const left = await line.ask('a', AbortSignal.abort('left')).catch((reason: unknown) => reason);
  expect([left, room.served]).toEqual(['left', []]);
});

test('time is waited for as long as somebody waits', async () => {
  const { line, room, naps } = makeLine({ nextChanceMs: 50 });
  const asked = line.ask('a', NEVER);
  room.free = 1;
  naps.at(-1)?.wake();
  const answer = await asked;
  const pending = naps.filter(({ isCancelled }) => !isCancelled).length;
  expect([answer, naps[0]?.ms, pending, naps.at(-1)?.isCancelled]).toEqual(['A', 50, 0, true]);
});

test('nobody waits for time after the last one has left', () => {
  const { line, naps } = makeLine({ nextChanceMs: 50 });
  const leaver = new AbortController();
  const left = line.ask('a', leaver.signal);
  leaver.abort('left');
  expect(naps.map(({ isCancelled }) => isCancelled)).toEqual([true]);
  return expect(left).rejects.toBe('left');
});
