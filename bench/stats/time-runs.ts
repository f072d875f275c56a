import { median } from '../report/median.ts';

/** How long `work` takes, in ms, when it has been done before. */
export function timeRuns(work: () => void, runs: number): { medianMs: number; worstMs: number } {
  work();
  const times = Array.from({ length: runs }, () => {
    const startedAt = performance.now();
    work();
    return performance.now() - startedAt;
  });
  return { medianMs: median(times), worstMs: Math.max(...times) };
}
