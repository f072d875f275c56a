import type { Schedule } from '../../src/lib/schedule.ts';

interface ManualSchedule {
  schedule: Schedule;
  /** The delays of the callbacks that wait, in ms. */
  delays(): number[];
  /** Calls what waits at this moment, and no more. */
  fire(): void;
}

/** Timers that fire when a test says so. */
export function createManualSchedule(): ManualSchedule {
  const waiting = new Set<{ callback: () => void; delayMs: number }>();
  return {
    schedule(callback, delayMs) {
      const entry = { callback, delayMs };
      waiting.add(entry);
      return () => waiting.delete(entry);
    },
    delays: () => [...waiting].map(({ delayMs }) => delayMs),
    fire() {
      const due = [...waiting];
      waiting.clear();
      for (const { callback } of due) callback();
    },
  };
}
