import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseError } from '../../src/db/database-error.ts';
import { openDatabase } from '../../src/db/open-database.ts';

/** The schema version of this release. */
const LATEST = 4;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'glm-gateway-db-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function openingError(path: string): Error {
  try {
    openDatabase(path).close();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('opening succeeded');
}

describe('opening the database', () => {
  test('creates the folders and the file, and sets the connection up', () => {
    using database = openDatabase(join(folder, 'a', 'b', 'gateway.db'));
    const pragma = (name: string) => Object.values(database.query(`PRAGMA ${name}`).get() ?? {})[0];
    expect({
      journal: pragma('journal_mode'),
      synchronous: pragma('synchronous'),
      foreignKeys: pragma('foreign_keys'),
      busyMs: pragma('busy_timeout'),
      version: pragma('user_version'),
    }).toEqual({ journal: 'wal', synchronous: 1, foreignKeys: 1, busyMs: 250, version: LATEST });
  });

  describe.if(process.platform !== 'win32')('keeps it to its owner:', () => {
    const modes = () =>
      Object.fromEntries(
        readdirSync(folder).map((name) => [
          name,
          (statSync(join(folder, name)).mode & 0o777).toString(8),
        ]),
      );

    test('the file, and what SQLite puts beside it', () => {
      using database = openDatabase(join(folder, 'gateway.db'));
      database.run('CREATE TABLE written (x)');
      expect(modes()).toEqual({
        'gateway.db': '600',
        'gateway.db-shm': '600',
        'gateway.db-wal': '600',
      });
    });

    test('a file that others could read is closed to them', () => {
      const path = join(folder, 'gateway.db');
      openDatabase(path).close();
      chmodSync(path, 0o644);
      openDatabase(path).close();
      expect(modes()).toEqual({ 'gateway.db': '600' });
    });
  });

  test('keeps what an earlier run has written', () => {
    const path = join(folder, 'gateway.db');
    {
      using database = openDatabase(path);
      database.run('CREATE TABLE kept (x)');
      database.run('INSERT INTO kept VALUES (7)');
    }
    using database = openDatabase(path);
    expect(database.query('SELECT x FROM kept').all()).toEqual([{ x: 7 }]);
  });

  test('names the file and the reason when the folder cannot be made', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const path = join(file, 'gateway.db');
    const error = openingError(path);
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error.message).toStartWith(`Cannot use the database ${path}: `);
    expect(error.message).toMatch(/ENOTDIR|EEXIST/);
  });

  test('names the file and the reason when the path is a folder', () => {
    expect(openingError(folder).message).toBe(
      `Cannot use the database ${folder}: unable to open database file`,
    );
  });

  test('names the file and the reason when it is no database', () => {
    const path = join(folder, 'notes.txt');
    writeFileSync(path, 'not a database, but longer than its header would be '.repeat(10));
    expect(openingError(path).message).toBe(
      `Cannot use the database ${path}: file is not a database`,
    );
  });

  test('refuses a database that a newer release has written', () => {
    const path = join(folder, 'gateway.db');
    {
      using database = openDatabase(path);
      database.run('PRAGMA user_version = 99');
    }
    const error = openingError(path);
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error.message).toBe(
      `Cannot use the database ${path}: it has schema version 99 and this release knows ${LATEST}; ` +
        'run the newer release, or choose another DATABASE_PATH.',
    );
  });

  test('works for several processes that start at once', async () => {
    const modulePath = join(import.meta.dir, '../../src/db/open-database.ts');
    const program = `
      const { openDatabase } = await import(${JSON.stringify(modulePath)});
      openDatabase(${JSON.stringify(join(folder, 'gateway.db'))}).close();`;
    const processes = Array.from({ length: 3 }, () =>
      Bun.spawn([process.execPath, '-e', program], { stderr: 'pipe' }),
    );
    const results = processes.map(async ({ exited, stderr }) => [
      await exited,
      await new Response(stderr).text(),
    ]);
    expect(await Promise.all(results)).toEqual(processes.map(() => [0, '']));
  });
});
