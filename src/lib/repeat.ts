import { type Schedule, scheduleTimeout } from './schedule.ts';

/**
 * Calls back every `intervalMs`, counted from the end of a call, until the result is disposed. Does
 * not keep the process alive.
 */
export function repeat(
  callback: () => void,
  intervalMs: number,
  schedule: Schedule = scheduleTimeout,
): Disposable {
  let cancel = schedule(run, intervalMs);

  function run(): void {
    cancel = schedule(run, intervalMs);
    callback();
  }

  return { [Symbol.dispose]: () => cancel() };
}
