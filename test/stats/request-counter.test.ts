import { describe, expect, test } from 'bun:test';
import { RequestCounter } from '../../src/stats/request-counter.ts';
import { createManualSchedule } from './manual-schedule.ts';

function setUp(uncounted: number) {
  const timers = createManualSchedule();
  const warnings: string[] = [];
  const rollups = {
    uncounted,
    isBroken: false,
    countMore(limit: number) {
      if (rollups.isBroken) throw new Error('locked');
      const counted = Math.min(limit, rollups.uncounted);
      rollups.uncounted -= counted;
      return counted;
    },
  };
  const log = { warn: (_: object, message: string) => warnings.push(message) };
  const counter = new RequestCounter({ rollups, log, schedule: timers.schedule });
  const fire = () => {
    timers.fire();
    return [rollups.uncounted, ...timers.delays()];
  };
  return { counter, rollups, timers, warnings, fire };
}

describe('the request counter', () => {
  test('counts soon after the start, then every ten seconds', () => {
    const { rollups, timers, fire } = setUp(3);
    const steps = [timers.delays(), fire()];
    rollups.uncounted = 4;
    steps.push(fire());
    expect(steps).toEqual([[0], [0, 10_000], [0, 10_000]]);
  });

  test('leaves the thread free between the batches of a large number', () => {
    const { fire } = setUp(1_200);
    expect([fire(), fire(), fire()]).toEqual([
      [700, 50],
      [200, 50],
      [0, 10_000],
    ]);
  });

  test('counts at once for whoever asks, but not without end', () => {
    const few = setUp(501);
    few.counter.catchUp();
    const many = setUp(1_000_000);
    many.counter.catchUp();
    expect([few.rollups.uncounted, many.rollups.uncounted]).toEqual([0, 998_000]);
  });

  test('fails nobody, says once that it fails, and goes on when it can', () => {
    const { counter, rollups, warnings, fire } = setUp(3);
    rollups.isBroken = true;
    counter.catchUp();
    const steps = [fire()];
    rollups.isBroken = false;
    steps.push(fire());
    rollups.isBroken = true;
    counter.catchUp();
    const message = 'requests could not be counted; they will be, later';
    expect({ steps, warnings }).toEqual({
      steps: [
        [3, 10_000],
        [0, 10_000],
      ],
      warnings: [message, message],
    });
  });

  test('ends when it is disposed of', () => {
    const { counter, timers, fire } = setUp(0);
    fire();
    counter[Symbol.dispose]();
    expect(timers.delays()).toEqual([]);
  });
});
