import type { Database } from 'bun:sqlite';
import { DatabaseError } from './database-error.ts';

/**
 * The schema's history: migration n brings a database from version n - 1 to n. Add to the end; one
 * that has been released is never edited, since databases out there have run it.
 */
const MIGRATIONS: readonly string[] = [
  // No unique id: a client may send the same x-request-id twice.
  `CREATE TABLE requests (
     id TEXT NOT NULL,
     started_at INTEGER NOT NULL,
     model TEXT NOT NULL,
     upstream TEXT,
     stream INTEGER NOT NULL,
     status INTEGER NOT NULL,
     outcome TEXT NOT NULL,
     error_code TEXT,
     attempts INTEGER NOT NULL,
     prompt_tokens INTEGER,
     completion_tokens INTEGER,
     reasoning_tokens INTEGER,
     cached_tokens INTEGER,
     first_byte_ms REAL,
     duration_ms REAL NOT NULL,
     client_address TEXT,
     user_agent TEXT,
     edit_conflicts INTEGER NOT NULL
   );
   CREATE INDEX requests_by_start ON requests (started_at);`,

  // secret: only of those that came through the API; the others' is in their setting or file.
  // A deleted one keeps its row, without the secret, so that neither brings it back.
  `CREATE TABLE credentials (
     upstream TEXT NOT NULL,
     id TEXT NOT NULL,
     kind TEXT NOT NULL,
     user_id TEXT NOT NULL,
     secret TEXT,
     added_at INTEGER NOT NULL,
     checked_at INTEGER,
     disabled INTEGER NOT NULL DEFAULT 0,
     deleted_at INTEGER,
     completed INTEGER NOT NULL DEFAULT 0,
     failed INTEGER NOT NULL DEFAULT 0,
     cancelled INTEGER NOT NULL DEFAULT 0,
     last_used_at INTEGER,
     PRIMARY KEY (upstream, id)
   );
   CREATE TABLE credential_health (
     upstream TEXT NOT NULL,
     credential_id TEXT NOT NULL,
     model TEXT NOT NULL,
     health TEXT NOT NULL,
     updated_at INTEGER NOT NULL,
     PRIMARY KEY (upstream, credential_id, model),
     FOREIGN KEY (upstream, credential_id) REFERENCES credentials (upstream, id)
   );`,

  // What failed before a request was served or given up: `zai-web:rate-limited zai-api:unavailable`.
  `ALTER TABLE requests ADD COLUMN failures TEXT;`,

  // Requests are made anew, with a number of their own that a VACUUM leaves as it is.
  // story: how its attempts went, as JSON. The index by start has all that a list can be filtered by;
  // requests_imperfect has what an operator looks for, and costs a request that went well nothing.
  // rollups: facet says which columns of the key are told apart; the others are ''. counted_requests:
  // those up to this one are in the rollups. kept_since: from when on nothing has been deleted.
  `CREATE TABLE requests_anew (
     row_id INTEGER PRIMARY KEY,
     id TEXT NOT NULL,
     started_at INTEGER NOT NULL,
     method TEXT NOT NULL,
     path TEXT NOT NULL,
     client_key_id TEXT,
     model TEXT NOT NULL,
     model_is_public INTEGER NOT NULL,
     upstream TEXT,
     stream INTEGER NOT NULL,
     status INTEGER NOT NULL,
     outcome TEXT NOT NULL,
     error_code TEXT,
     attempts INTEGER NOT NULL,
     failures TEXT,
     queue_ms REAL,
     prompt_tokens INTEGER,
     completion_tokens INTEGER,
     reasoning_tokens INTEGER,
     cached_tokens INTEGER,
     first_byte_ms REAL,
     duration_ms REAL NOT NULL,
     client_address TEXT,
     user_agent TEXT,
     edit_conflicts INTEGER NOT NULL,
     story TEXT
   );
   INSERT INTO requests_anew
     SELECT rowid, id, started_at, 'POST', '/v1/chat/completions', NULL, model,
       upstream IS NOT NULL, upstream, stream, status, outcome, error_code, attempts, failures, NULL,
       prompt_tokens, completion_tokens, reasoning_tokens, cached_tokens, first_byte_ms, duration_ms,
       client_address, user_agent, edit_conflicts, NULL
     FROM requests;
   DROP TABLE requests;
   ALTER TABLE requests_anew RENAME TO requests;
   CREATE INDEX requests_by_id ON requests (id);
   CREATE INDEX requests_by_start ON requests (
     started_at, row_id, status, outcome, model, upstream, client_key_id
   );
   CREATE INDEX requests_imperfect ON requests (
     started_at, row_id, status, outcome, model, upstream, client_key_id
   ) WHERE status <> 200 OR outcome <> 'completed';
   CREATE TABLE rollups (
     resolution TEXT NOT NULL,
     facet TEXT NOT NULL,
     bucket INTEGER NOT NULL,
     model TEXT NOT NULL,
     upstream TEXT NOT NULL,
     outcome TEXT NOT NULL,
     error_code TEXT NOT NULL,
     client_key_id TEXT NOT NULL,
     requests INTEGER NOT NULL,
     attempts INTEGER NOT NULL,
     prompt_tokens INTEGER,
     completion_tokens INTEGER,
     reasoning_tokens INTEGER,
     cached_tokens INTEGER,
     edit_conflicts INTEGER NOT NULL,
     first_bytes INTEGER NOT NULL,
     first_byte_ms REAL NOT NULL,
     duration_ms REAL NOT NULL,
     first_byte_times BLOB NOT NULL,
     duration_times BLOB NOT NULL,
     PRIMARY KEY (
       resolution, facet, bucket, model, upstream, outcome, error_code, client_key_id
     )
   ) WITHOUT ROWID;
   CREATE TABLE counted_requests (up_to_row_id INTEGER NOT NULL);
   INSERT INTO counted_requests VALUES (0);
   CREATE TABLE kept_since (resolution TEXT PRIMARY KEY, since INTEGER NOT NULL) WITHOUT ROWID;`,
];

/** The version that this release's migrations end at. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * Brings the schema up to date. The version is SQLite's `user_version`, which is part of the
 * transaction; each migration locks before it reads the version, so that of several processes that
 * start at once one does the work and the others see it done.
 *
 * @throws DatabaseError when a newer release has written the database.
 */
export function migrate(database: Database, migrations: readonly string[] = MIGRATIONS): void {
  const applyNext = database.transaction(() => {
    const version = readSchemaVersion(database);
    if (version > migrations.length) {
      throw new DatabaseError(
        `it has schema version ${version} and this release knows ${migrations.length}; ` +
          'run the newer release, or choose another DATABASE_PATH.',
      );
    }
    const next = migrations[version];
    if (next === undefined) return false;
    database.run(next);
    database.run(`PRAGMA user_version = ${version + 1}`);
    return true;
  });
  while (applyNext.immediate()) {
    // Each migration is a transaction of its own: an interrupted start goes on where it stopped.
  }
}

/** How many migrations a database has behind it. */
export function readSchemaVersion(database: Database): number {
  const row = database.query<{ user_version: number }, []>('PRAGMA user_version').get();
  return row?.user_version ?? 0;
}
