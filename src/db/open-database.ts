import { Database } from 'bun:sqlite';
import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseError } from './database-error.ts';
import { migrate } from './migrations.ts';

/** Another process may be migrating: at a start there is time to wait for it. */
const OPENING_BUSY_MS = 5_000;
/** SQLite waits on the calling thread, and from then on that thread carries every stream. */
const RUNNING_BUSY_MS = 250;

/** SQLite's name for a database without a file. */
const IN_MEMORY = ':memory:';

/**
 * Opens the SQLite database, with its schema up to date; creates the file and its folder when they
 * are missing. The caller closes it.
 *
 * The file is for its owner alone (mode 0600), since it holds credentials; one that others could
 * read is closed to them. SQLite gives the files beside it (`-wal`, `-shm`) the same mode.
 *
 * A statement that meets another process's lock fails after 250 ms with SQLITE_BUSY; writers keep
 * what they have and try again later.
 *
 * @throws DatabaseError when the path can't be written, the file is no database, or a newer release
 *   has written it.
 */
export function openDatabase(path: string): Database {
  let database: Database | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (path !== IN_MEMORY) keepToOwner(path);
    database = new Database(path, { create: true, strict: true });
    configure(database);
    migrate(database);
    database.run(`PRAGMA busy_timeout = ${RUNNING_BUSY_MS}`);
    return database;
  } catch (error) {
    database?.close();
    const reason = error instanceof Error ? error.message : String(error);
    const message = `Cannot use the database ${resolve(path)}: ${reason}`;
    throw new DatabaseError(message, { cause: error });
  }
}

function configure(database: Database): void {
  // First, since the switch to WAL already needs a lock that another starting process may hold.
  database.run(`PRAGMA busy_timeout = ${OPENING_BUSY_MS}`);
  database.run('PRAGMA journal_mode = WAL');
  // In WAL mode a power cut may cost the last transactions but never the database's integrity.
  database.run('PRAGMA synchronous = NORMAL');
  database.run('PRAGMA foreign_keys = ON');
  // A secret that is deleted is to be gone from the file, and not only from the rows.
  database.run('PRAGMA secure_delete = FAST');
}

/** Before SQLite opens it: whoever had the file open by then would keep it. */
function keepToOwner(path: string): void {
  createIfMissing(path);
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isFile() && (found.mode & 0o077) !== 0) closeToOthers(file);
  }
}

function createIfMissing(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch {
    // It is there; or the path is wrong, of which SQLite will tell.
  }
}

function closeToOthers(file: string): void {
  try {
    chmodSync(file, 0o600);
  } catch {
    // A file system without modes, or somebody else's file: who may read it was decided elsewhere.
  }
}
