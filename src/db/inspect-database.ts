import { Database } from 'bun:sqlite';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseError } from './database-error.ts';
import { readSchemaVersion, SCHEMA_VERSION } from './migrations.ts';

/** A database that is only looked at. Disposal closes it. */
export interface InspectedDatabase extends Disposable {
  /** It can't be written through this. */
  readonly database: Database;
  readonly sizeBytes: number;
  readonly schemaVersion: number;
  /** The version of this release, which an older database gets when a gateway starts. */
  readonly newestVersion: number;
  /** What SQLite finds wrong with the file; empty when it is sound. */
  readonly faults: readonly string[];
}

/** Whoever writes to it is done within this. */
const BUSY_MS = 2_000;

/**
 * Opens a database to look at it, also one that a gateway is using; null when there is none yet. It
 * changes nothing: neither the schema nor the mode of the file.
 *
 * @throws DatabaseError when the file is no database, or can't be read.
 */
export function inspectDatabase(path: string): InspectedDatabase | null {
  const found = statSync(path, { throwIfNoEntry: false });
  // One in memory begins anew with each process, and an empty file is one that nobody has used.
  if (found === undefined || found.size === 0) return null;
  let database: Database | undefined;
  try {
    database = new Database(path, { readonly: true, strict: true });
    database.run(`PRAGMA busy_timeout = ${BUSY_MS}`);
    return describe(database, found.size);
  } catch (error) {
    database?.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new DatabaseError(`Cannot read the database ${resolve(path)}: ${reason}`, {
      cause: error,
    });
  }
}

function describe(database: Database, sizeBytes: number): InspectedDatabase {
  const rows = database.query<{ quick_check: string }, []>('PRAGMA quick_check').all();
  return {
    database,
    sizeBytes,
    schemaVersion: readSchemaVersion(database),
    newestVersion: SCHEMA_VERSION,
    faults: rows.map((row) => row.quick_check).filter((finding) => finding !== 'ok'),
    [Symbol.dispose]: () => database.close(),
  };
}
