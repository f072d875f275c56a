import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { FairQueue } from '../../src/admission/fair-queue.ts';
import { bestMs } from '../support/best-ms.ts';

/** A queue in which each of `names` waits, in their order; a name begins with its key. */
function queueOf(names: string): FairQueue<string> {
  const queue = new FairQueue<string>();
  for (const name of names.split(' ')) join(queue, name);
  return queue;
}

function join(queue: FairQueue<string>, name: string): () => void {
  return queue.push(name.charAt(0), name);
}

function drain(queue: FairQueue<string>): string {
  return Array.from({ length: queue.size }, () => queue.shift()).join(' ');
}

describe('the order of turns', () => {
  test.each([
    ['of one key: first come, first served', 'a1 a2 a3', 'a1 a2 a3'],
    ['of several keys: one each', 'a1 a2 a3 b1 b2 c1', 'a1 b1 c1 a2 b2 a3'],
    ['does not depend on how they came', 'b1 a1 b2 c1 a2 a3', 'b1 a1 c1 b2 a2 a3'],
  ])('%s', (_case, joining, served) => {
    expect(drain(queueOf(joining))).toBe(served);
  });

  test('a key that comes anew goes before the one that had the last turn', () => {
    const queue = queueOf('a1 a2 a3');
    const first = queue.shift();
    join(queue, 'b1');
    join(queue, 'c1');
    expect([first, drain(queue)]).toEqual(['a1', 'b1 c1 a2 a3']);
  });

  test('and so it does when that turn took no waiting', () => {
    const queue = new FairQueue<string>();
    queue.servedAtOnce('a');
    join(queue, 'a1');
    join(queue, 'b1');
    expect(drain(queue)).toBe('b1 a1');
  });

  test('a key that always comes anew gets every second turn, and no more', () => {
    const queue = queueOf('a1 a2 a3');
    const served: (string | null)[] = [];
    for (const name of ['b1', 'b2', 'b3']) {
      join(queue, name);
      served.push(queue.shift(), queue.shift());
    }
    expect(served).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3']);
  });

  test('leaving from the middle changes nothing for the others', () => {
    const queue = queueOf('a1 b1');
    const leaving = [join(queue, 'a2'), join(queue, 'c1')];
    join(queue, 'a3');
    for (const leave of leaving) leave();
    expect([queue.size, drain(queue), queue.shift()]).toEqual([3, 'a1 b1 a3', null]);
  });
});

describe('making room', () => {
  test.each([
    ['the longest line gives up its last', 'a1 a2 b1', 'c', 'a2'],
    ['also for a key that has waiters', 'a1 a2 a3 b1', 'b', 'a3'],
    ['of two longest lines the one that grew last', 'a1 a2 b1 b2', 'c', 'b2'],
    ['but a line never gets shorter than the newcomer’s own', 'a1 a2 b1', 'b', null],
    ['nor for itself', 'a1 a2 b1', 'a', null],
    ['nor when every key has one', 'a1 b1', 'c', null],
    ['nor when nobody waits', 'a1', 'c', null],
  ])('%s', (_case, joining, key, displaced) => {
    expect(queueOf(joining).displaceFor(key)).toBe(displaced);
  });

  test('goes on until all have the same', () => {
    const queue = queueOf('a1 a2 a3 a4 a5 a6');
    const displaced = ['b1', 'b2', 'c1', 'b3', 'c2', 'c3'].map((name) => {
      const gone = queue.displaceFor(name.charAt(0));
      if (gone !== null) join(queue, name);
      return gone;
    });
    expect([displaced, drain(queue)]).toEqual([
      ['a6', 'a5', 'a4', null, 'a3', null],
      'a1 b1 c1 a2 b2 c2',
    ]);
  });
});

interface Waiter {
  key: string;
  leave: () => void;
  /** Keys that were served while it was the first of its line. */
  passedBy: Set<string>;
}

/** A queue beside a slow and plain account of who waits in it. */
function createModel() {
  const queue = new FairQueue<Waiter>();
  const lines = new Map<string, Waiter[]>(['a', 'b', 'c', 'd'].map((key) => [key, []]));
  const lineOf = (key: string) => lines.get(key) ?? [];
  const heads = () => [...lines.values()].flatMap(([head]) => head ?? []);
  return {
    join(key: string) {
      const waiter: Waiter = { key, leave: () => {}, passedBy: new Set() };
      waiter.leave = queue.push(key, waiter);
      lineOf(key).push(waiter);
    },
    leave(key: string, place: number) {
      lineOf(key).splice(place, 1)[0]?.leave();
    },
    displace(key: string) {
      const most = Math.max(...[...lines.values()].map(({ length }) => length));
      const displaced = queue.displaceFor(key);
      expect(displaced !== null).toBe(most >= lineOf(key).length + 2);
      if (displaced === null) return;
      expect(lineOf(displaced.key)).toHaveLength(most);
      expect(lineOf(displaced.key).pop()).toBe(displaced);
    },
    serve() {
      const served = queue.shift();
      if (served === null) return expect(heads()).toEqual([]);
      expect(lineOf(served.key).shift()).toBe(served);
      for (const head of heads()) {
        if (head.key === served.key) continue;
        expect(head.passedBy).not.toContain(served.key);
        head.passedBy.add(served.key);
      }
    },
    expectSize: () => expect(queue.size).toBe([...lines.values()].flat().length),
  };
}

const keys = fc.constantFrom('a', 'b', 'c', 'd');
const steps = fc.array(
  fc.oneof(
    { arbitrary: fc.tuple(fc.constant('join'), keys), weight: 3 },
    { arbitrary: fc.tuple(fc.constantFrom('leave', 'displace', 'serve'), keys), weight: 3 },
  ),
  { maxLength: 60 },
);

test('whatever happens, nobody is passed by one key twice, nor by a later one of its own', () => {
  fc.assert(
    fc.property(steps, fc.nat(2), (taken, place) => {
      const model = createModel();
      for (const [step, key] of taken) {
        if (step === 'join') model.join(key);
        else if (step === 'leave') model.leave(key, place);
        else if (step === 'displace') model.displace(key);
        else model.serve();
        model.expectSize();
      }
    }),
  );
});

test.each([
  ['one key', 1],
  ['many keys', Number.POSITIVE_INFINITY],
])(
  'ten times the waiters, of %s, cost ten times as much and not a hundred times',
  (_whose, keys) => {
    const work = (waiters: number) => () => {
      const queue = new FairQueue<number>();
      const keyOf = (index: number) => String(index % Math.min(keys, waiters / 2));
      const leaving = Array.from({ length: waiters }, (_, index) =>
        queue.push(keyOf(index), index),
      );
      for (let index = 0; index < waiters; index += 4) leaving[index]?.();
      for (let index = 0; index < waiters / 4; index += 1) {
        queue.displaceFor('newcomer');
        queue.shift();
      }
      while (queue.shift() !== null);
    };
    bestMs(work(6_000)); // compiled by then
    expect(bestMs(work(60_000)) / bestMs(work(6_000))).toBeLessThan(40);
  },
);
