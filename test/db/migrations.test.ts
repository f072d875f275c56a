import { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { DatabaseError } from '../../src/db/database-error.ts';
import { migrate } from '../../src/db/migrations.ts';

function version(database: Database): unknown {
  return database.query('PRAGMA user_version').get();
}

function tables(database: Database): string[] {
  const rows = database.query<{ name: string }, []>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
  );
  return rows.all().map(({ name }) => name);
}

describe('migrations', () => {
  test('run once each, in order, every statement of them', () => {
    using database = new Database(':memory:');
    const first = 'CREATE TABLE a (x); INSERT INTO a VALUES (1)';
    migrate(database, [first]);
    migrate(database, [first, 'CREATE TABLE b AS SELECT x + 1 AS y FROM a']);
    migrate(database, [first, 'CREATE TABLE b AS SELECT x + 1 AS y FROM a']);
    expect([
      version(database),
      database.query('SELECT x FROM a').all(),
      database.query('SELECT y FROM b').all(),
    ]).toEqual([{ user_version: 2 }, [{ x: 1 }], [{ y: 2 }]]);
  });

  test('leave nothing behind when they fail, and keep those before', () => {
    using database = new Database(':memory:');
    const broken = ['CREATE TABLE a (x)', 'CREATE TABLE b (x); INSERT INTO nowhere VALUES (1)'];
    expect(() => migrate(database, broken)).toThrow('nowhere');
    expect([version(database), tables(database)]).toEqual([{ user_version: 1 }, ['a']]);
  });

  test('do not touch a database from a newer release', () => {
    using database = new Database(':memory:');
    database.run('PRAGMA user_version = 3');
    expect(() => migrate(database, ['CREATE TABLE a (x)'])).toThrow(DatabaseError);
    expect([version(database), tables(database)]).toEqual([{ user_version: 3 }, []]);
  });

  test('build the schema of this release', () => {
    using database = new Database(':memory:');
    migrate(database);
    expect([version(database), tables(database)]).toEqual([
      { user_version: 4 },
      ['counted_requests', 'credential_health', 'credentials', 'kept_since', 'requests', 'rollups'],
    ]);
  });
});
