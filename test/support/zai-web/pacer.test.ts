import { expect, test } from 'bun:test';
import { createPacer } from './pacer.ts';

/** Resolves with the times of the first `count` calls. */
function callTimes(pacer: ReturnType<typeof createPacer>, count: number, intervalMs: number) {
  const { promise, resolve } = Promise.withResolvers<number[]>();
  const times: number[] = [];
  pacer.start(() => {
    times.push(performance.now());
    if (times.length < count) return true;
    resolve(times);
    return false;
  }, intervalMs);
  return promise;
}

test('a job is called at its interval until it returns false', async () => {
  const pacer = createPacer();
  const startedAt = performance.now();
  const times = await callTimes(pacer, 5, 20);
  expect(times).toHaveLength(5);
  expect((times.at(-1) ?? 0) - startedAt).toBeGreaterThanOrEqual(80);
});

test('an interval shorter than a tick keeps its rate by several calls a tick', async () => {
  const startedAt = performance.now();
  const times = await callTimes(createPacer(), 50, 1);
  expect((times.at(-1) ?? 0) - startedAt).toBeGreaterThanOrEqual(49);
  expect(new Set(times.map((time) => Math.floor((time - startedAt) / 5))).size).toBeLessThan(50);
});

test('calls that a stall delayed are made up for', async () => {
  const pacer = createPacer();
  const startedAt = performance.now();
  const calls = callTimes(pacer, 10, 10);
  while (performance.now() - startedAt < 120);
  const times = await calls;
  expect((times[9] ?? 0) - (times[0] ?? 0)).toBeLessThan(90);
});

test('jobs of different intervals go on side by side, and a pacer can start again', async () => {
  const pacer = createPacer();
  const both = await Promise.all([callTimes(pacer, 3, 7), callTimes(pacer, 2, 15)]);
  const again = await callTimes(pacer, 2, 5);
  expect([...both, again].map((times) => times.length)).toEqual([3, 2, 2]);
});

test('the calls of a slot come in a burst, or strung out when that is asked for', async () => {
  const spans = [false, true].map(async (spread) => {
    // Long, so that neither a busy machine nor the border of a slot looks like the other case.
    const pacer = createPacer({ slotMs: 500, spread });
    const firstCalls = Array.from({ length: 5 }, () => callTimes(pacer, 1, 500));
    const times = (await Promise.all(firstCalls)).flat();
    return Math.max(...times) - Math.min(...times) >= 199;
  });
  expect(await Promise.all(spans)).toEqual([false, true]);
});

test('a stopped pacer calls nobody', async () => {
  const pacer = createPacer();
  let calls = 0;
  pacer.start(() => {
    calls += 1;
    return true;
  }, 1);
  pacer.stop();
  await callTimes(pacer, 2, 10);
  expect(calls).toBe(0);
});
