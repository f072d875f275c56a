import { expect, test } from 'bun:test';
import { mapLimited } from '../../src/lib/map-limited.ts';

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));

test('results come in the order of the items, whatever the order in which they are ready', async () => {
  const gates = [1, 2, 3].map(() => Promise.withResolvers<void>());
  const mapped = mapLimited([0, 1, 2], 3, async (index) => {
    await gates[index]?.promise;
    return index * 10;
  });
  for (const gate of gates.toReversed()) {
    gate.resolve();
    await turn();
  }
  expect(await mapped).toEqual([0, 10, 20]);
});

test('no more than the limit are under way, and as many as the limit are', async () => {
  let underWay = 0;
  let most = 0;
  await mapLimited(
    Array.from({ length: 20 }, (_, index) => index),
    4,
    async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await turn();
      underWay -= 1;
    },
  );
  expect([most, underWay]).toEqual([4, 0]);
});

test('nothing comes to nothing', async () => {
  expect(await mapLimited([], 4, () => Promise.reject(new Error('called')))).toEqual([]);
});

test('the first that fails is what it fails with, and no more are begun', async () => {
  const begun: number[] = [];
  const mapped = mapLimited([1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item);
    await turn();
    if (item === 1) throw new Error('one');
  });
  expect(mapped).rejects.toThrow('one');
  await mapped.catch(() => undefined);
  for (let i = 0; i < 5; i += 1) await turn();
  expect(begun).toEqual([1, 2]);
});
