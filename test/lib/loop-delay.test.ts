import { expect, test } from 'bun:test';
import { LoopWatch } from '../../src/lib/loop-delay.ts';

/** Until the loop has been looked at again. */
async function untilSeen(watch: LoopWatch) {
  for (;;) {
    const delay = watch.read();
    if (delay.maxMs > 0) return delay;
    await new Promise((resolve) => void setTimeout(resolve, 1));
  }
}

function hold(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test('a loop that was held is seen to have been late, once', async () => {
  using watch = new LoopWatch();
  await untilSeen(watch);
  hold(150);
  const { p50Ms, p99Ms, maxMs } = await untilSeen(watch);
  expect(maxMs).toBeGreaterThan(100);
  expect(p99Ms).toBeGreaterThanOrEqual(p50Ms);
  expect(watch.read()).toEqual({ p50Ms: 0, p99Ms: 0, maxMs: 0 });
});
