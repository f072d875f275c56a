import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseError } from '../../src/db/database-error.ts';
import { inspectDatabase } from '../../src/db/inspect-database.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('a database that is not there is none, and is not made', () => {
  using folder = temporaryFolder();
  expect([inspectDatabase(join(folder.path, 'a.db')), readdirSync(folder.path)]).toEqual([
    null,
    [],
  ]);
});

test('an empty file is a database that nobody has used', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'a.db');
  writeFileSync(path, '');
  expect(inspectDatabase(path)).toBeNull();
});

test('a database in use is looked at and not changed', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'a.db');
  using inUse = openDatabase(path);
  inUse.run(
    "INSERT INTO credentials (upstream, id, kind, user_id, added_at) VALUES ('x','y','z','',1)",
  );
  chmodSync(path, 0o640);
  using found = inspectDatabase(path);
  expect(found).toMatchObject({ faults: [], sizeBytes: expect.any(Number) });
  expect(found?.schemaVersion).toBe(found?.newestVersion as number);
  expect(found?.database.query('SELECT id FROM credentials').all()).toEqual([{ id: 'y' }]);
  expect(() => found?.database.run('DELETE FROM credentials')).toThrow('readonly');
  expect(statSync(path).mode & 0o777).toBe(0o640);
});

test('the schema of an older release stays as it is', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'a.db');
  const older = new Database(path, { create: true });
  older.run('CREATE TABLE requests (id TEXT)');
  older.run('PRAGMA user_version = 1');
  older.close();
  for (let look = 0; look < 2; look += 1) {
    using found = inspectDatabase(path);
    expect(found?.schemaVersion).toBe(1);
  }
});

test('what is wrong with the file is told', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'a.db');
  const broken = new Database(path, { create: true });
  broken.run('CREATE TABLE t (a TEXT)');
  broken.run('INSERT INTO t VALUES (hex(randomblob(30000)))');
  broken.close();
  const bytes = readFileSync(path);
  // The third page goes on with the row, and names the page that goes on with it: now there is none.
  writeFileSync(path, bytes.fill(0, 2 * 4096, 2 * 4096 + 4));
  using found = inspectDatabase(path);
  expect(found?.faults).toEqual([expect.stringMatching(/overflow list/)]);
});

test('a file that is no database is an error for the operator', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'a.db');
  writeFileSync(path, 'something else, and quite some of it');
  expect(() => inspectDatabase(path)).toThrow(DatabaseError);
});
