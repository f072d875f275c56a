import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { watchTokenFile } from '../../src/credentials/token-file.ts';
import { createManualSchedule } from '../stats/manual-schedule.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { makeJwt } from '../upstream/zai-web/make-exchange.ts';

const token = (id: string) => makeJwt({ id });
const [ALICE, BOB] = [token('alice'), token('bob')];

let folder: ReturnType<typeof temporaryFolder>;
let path: string;

beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.path, 'tokens.txt');
});
afterEach(() => folder[Symbol.dispose]());

/** Watches `path`; `look` lets the time between two looks pass. */
function watch(options: { isExpected?: boolean } = {}) {
  const timers = createManualSchedule();
  const reads: string[][] = [];
  const logged: [string, object][] = [];
  const watching = watchTokenFile({
    path,
    isExpected: options.isExpected ?? true,
    schedule: timers.schedule,
    onAccounts: (accounts) => reads.push(accounts.map(({ userId }) => userId)),
    log: {
      info: () => undefined,
      warn: (fields, message) => logged.push([message, fields]),
    },
  });
  const look = (times = 1) => {
    for (let i = 0; i < times; i += 1) timers.fire();
  };
  return { reads, logged, look, timers, watching };
}

describe('the token file', () => {
  test('is read at once', () => {
    writeFileSync(path, `\uFEFF${ALICE}\n`);
    const { reads, logged } = watch();
    expect([reads, logged]).toEqual([[['alice']], []]);
  });

  test('is not read again while it stays the same', () => {
    writeFileSync(path, ALICE);
    const { reads, look } = watch();
    look(10);
    expect(reads).toHaveLength(1);
  });

  test('is read again within 2 s of a change', () => {
    writeFileSync(path, ALICE);
    const { reads, look, timers } = watch();
    writeFileSync(path, `${ALICE}\n${BOB}`);
    look(2);
    expect(reads).toEqual([['alice'], ['alice', 'bob']]);
    // Two looks, and the time that may pass before the first.
    expect(timers.delays().every((delayMs) => 3 * delayMs <= 2_000)).toBe(true);
  });

  test('is read when another takes its place, of the same size and age', () => {
    writeFileSync(path, ALICE);
    const { reads, look } = watch();
    writeFileSync(`${path}.new`, token('alike'));
    renameSync(`${path}.new`, path);
    look(2);
    expect(reads).toEqual([['alice'], ['alike']]);
  });

  test('is left alone while somebody writes it', () => {
    writeFileSync(path, ALICE);
    const { reads, look } = watch();
    writeFileSync(path, '');
    look();
    writeFileSync(path, BOB);
    look();
    expect(reads).toEqual([['alice']]);
    look();
    expect(reads).toEqual([['alice'], ['bob']]);
  });

  test('means no tokens when it is emptied', () => {
    writeFileSync(path, ALICE);
    const { reads, look } = watch();
    writeFileSync(path, '# none\n');
    look(2);
    expect(reads).toEqual([['alice'], []]);
  });

  test('keeps its tokens when it is gone, and is read when it comes back', () => {
    writeFileSync(path, ALICE);
    const { reads, logged, look } = watch();
    rmSync(path);
    look(5);
    expect([reads, logged.map(([message]) => message)]).toEqual([
      [['alice']],
      ['the token file is gone; its tokens are kept until a restart'],
    ]);
    writeFileSync(path, BOB);
    look(2);
    expect(reads).toEqual([['alice'], ['bob']]);
  });

  test('may come later; its absence is worth a word when it was named', () => {
    const named = watch();
    const unnamed = watch({ isExpected: false });
    expect([named.logged.map(([message]) => message), unnamed.logged]).toEqual([
      ['there is no token file'],
      [],
    ]);
    writeFileSync(path, ALICE);
    unnamed.look(2);
    expect([named.reads, unnamed.reads]).toEqual([[], [['alice']]]);
  });

  test('that can’t be read keeps what it held before', () => {
    writeFileSync(path, ALICE);
    const { reads, logged, look } = watch();
    rmSync(path);
    mkdirSync(path);
    look(2);
    expect([reads, logged.map(([message]) => message)]).toEqual([
      [['alice']],
      ['the token file could not be read; what it held before is kept'],
    ]);
  });

  test('that has nothing but what can be no tokens keeps what it held before', () => {
    writeFileSync(path, ALICE);
    const { reads, look } = watch();
    writeFileSync(path, 'saved as something else\n');
    look(2);
    expect(reads).toEqual([['alice']]);
  });

  test('is read up to 16 MiB; a larger one is something else, and keeps what it held before', () => {
    const maxBytes = 16 * 1024 * 1024;
    writeFileSync(path, ALICE);
    const { reads, logged, look } = watch();
    writeFileSync(path, `${BOB}\n#`);
    truncateSync(path, maxBytes);
    look(2);
    truncateSync(path, maxBytes + 1);
    look(2);
    expect([reads, logged]).toEqual([
      [['alice'], ['bob']],
      [
        [
          'the token file could not be read; what it held before is kept',
          { path, err: new Error(`it is larger than ${maxBytes} bytes`) },
        ],
      ],
    ]);
  });

  test('has what can be no token logged by its lines, never by its content', () => {
    writeFileSync(path, `${ALICE}\nnonsense\n`);
    const { logged } = watch();
    expect(logged).toEqual([
      [
        'the token file has lines that hold no token of a chat.z.ai account',
        { path, lines: [2], count: 1 },
      ],
    ]);
  });

  test('is not looked at any more after disposal', () => {
    writeFileSync(path, ALICE);
    const { timers, watching } = watch();
    watching[Symbol.dispose]();
    expect(timers.delays()).toEqual([]);
  });
});
