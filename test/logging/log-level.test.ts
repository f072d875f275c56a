import { expect, test } from 'bun:test';
import { createLogger } from '../../src/lib/log.ts';
import { LogLevel } from '../../src/logging/log-level.ts';
import { createManualSchedule } from '../stats/manual-schedule.ts';

function createLevel() {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line).msg) };
  const log = createLogger({ level: 'info', format: 'json', destination });
  const timers = createManualSchedule();
  const { schedule } = timers;
  const level = new LogLevel({ log, configured: 'info', schedule, now: () => 1_000 });
  /** What of a debug and an info line is written. */
  const heard = () => {
    const before = lines.length;
    log.debug('debug');
    log.info('info');
    return lines.slice(before);
  };
  return { level, lines, timers, heard };
}

test('before a change the level is the configured one', () => {
  const { level, heard } = createLevel();
  expect(level.status).toEqual({ level: 'info', configured: 'info', untilMs: null });
  expect(heard()).toEqual(['info']);
});

test('a change counts at once, and until the next one', () => {
  const { level, timers, heard } = createLevel();
  level.set('debug', null);
  expect(level.status).toEqual({ level: 'debug', configured: 'info', untilMs: null });
  expect([heard(), timers.delays()]).toEqual([['debug', 'info'], []]);
  level.set('warn', null);
  expect(heard()).toEqual([]);
});

test('a change for a while is undone when that is over', () => {
  const { level, timers, heard } = createLevel();
  level.set('debug', 5_000);
  expect([level.status.untilMs, timers.delays()]).toEqual([6_000, [5_000]]);
  timers.fire();
  expect(level.status).toEqual({ level: 'info', configured: 'info', untilMs: null });
  expect(heard()).toEqual(['info']);
});

test('a later change is not undone by an earlier one', () => {
  const { level, timers } = createLevel();
  level.set('debug', 5_000);
  level.set('error', null);
  expect([level.status.level, timers.delays()]).toEqual(['error', []]);
});

test('a change is in the log, also one that silences it or ends its silence', () => {
  const { level, lines } = createLevel();
  level.set('silent', null);
  level.set('info', null);
  expect(lines).toEqual(['log level changed', 'log level changed']);
});

test('when the gateway closes, nothing waits', () => {
  const { level, timers } = createLevel();
  level.set('debug', 5_000);
  level[Symbol.dispose]();
  expect(timers.delays()).toEqual([]);
});
