/** Calls back once after a delay in ms; the result cancels that. Injectable for tests. */
export type Schedule = (callback: () => void, delayMs: number) => () => void;

/**
 * With the runtime's timer, which does not keep the process alive. A delay of 0 is the end of the
 * event loop's turn: a timer of 0 ms would come a millisecond later, and cost more.
 */
export const scheduleTimeout: Schedule = (callback, delayMs) => {
  if (delayMs === 0) {
    const immediate = setImmediate(callback);
    immediate.unref();
    return () => clearImmediate(immediate);
  }
  const timer = setTimeout(callback, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
};
