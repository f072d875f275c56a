import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../src/db/open-database.ts';
import { examineDatabase } from '../../src/doctor/examine-database.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** `state subject: detail` of each finding, and whether requests could be served. */
function examine(databasePath: string) {
  const { section, servable } = examineDatabase({ databasePath });
  const lines = section.findings.map(
    ({ state, subject, detail }) => `${state} ${subject}: ${detail}`,
  );
  return { lines, servable };
}

function withVersion(path: string, version: number): string {
  openDatabase(path).close();
  using database = new Database(path);
  database.run(`PRAGMA user_version = ${version}`);
  return path;
}

test('a database that is not there yet can be made, with its folders', () => {
  using folder = temporaryFolder();
  expect(examine(join(folder.path, 'a/b/c.db'))).toEqual({
    lines: [expect.stringContaining('ok file: ')],
    servable: true,
  });
});

test('a database whose folder would have to be a file can not be made', () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, 'a'), 'x');
  expect(examine(join(folder.path, 'a/b.db')).servable).toBe(false);
});

test('a database of an older release will be brought up to date', () => {
  using folder = temporaryFolder();
  expect(examine(withVersion(join(folder.path, 'a.db'), 1))).toEqual({
    lines: [
      expect.stringContaining('ok file: '),
      expect.stringMatching(/ok schema: version 1; the next start brings it to \d+/),
      'ok integrity: sound',
    ],
    servable: true,
  });
});

test('a database of a newer release can not be used', () => {
  using folder = temporaryFolder();
  expect(examine(withVersion(join(folder.path, 'a.db'), 9_999))).toMatchObject({
    lines: expect.arrayContaining([expect.stringContaining('failed schema: version 9999')]),
    servable: false,
  });
});

test('a database in memory keeps nothing', () => {
  expect(examine(':memory:')).toEqual({
    lines: ['warning file: in memory: nothing is kept'],
    servable: true,
  });
});
