import { Database } from 'bun:sqlite';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { DatabaseError } from './database-error.ts';

/** A gateway of this name runs on this folder already. The message is for the operator. */
export class InstanceLockedError extends Error {
  override readonly name = 'InstanceLockedError';
}

interface InstanceLockOptions {
  /** Setting `SERVICE_NAME`: a file's name, without its ending. */
  serviceName: string;
  /** Setting `DATABASE_PATH`; its folder is what is locked. */
  databasePath: string;
}

/** A process that is just starting or ending keeps the file for less than this. */
const BUSY_MS = 250;

/** A connection that nobody refers to is closed by the garbage collector, and its lock is gone. */
const held = new Set<Database>();

/**
 * Makes this process the one gateway of its name on the folder of its database, until the result is
 * disposed of or the process ends, however it ends.
 *
 * The lock is one of the operating system, on `<service name>.lock`: SQLite takes and keeps it. It
 * dies with its process, so there is nothing stale to judge; a pid proves nothing where each
 * container has a process 1. Whose it is stands beside it in `<service name>.pid`: the pid, and the
 * host on the second line. A database in memory (`:memory:`) is nobody else's and takes no lock.
 *
 * @throws InstanceLockedError when another process has it, DatabaseError when the files can't be
 * written.
 */
export function lockInstance({ serviceName, databasePath }: InstanceLockOptions): Disposable {
  if (databasePath === ':memory:') return { [Symbol.dispose]() {} };
  const folder = resolve(dirname(databasePath));
  const lockPath = join(folder, `${serviceName}.lock`);
  const pidPath = join(folder, `${serviceName}.pid`);
  let database: Database | undefined;
  try {
    mkdirSync(folder, { recursive: true });
    database = new Database(lockPath, { create: true });
    database.run(`PRAGMA busy_timeout = ${BUSY_MS}`);
    database.run('BEGIN EXCLUSIVE');
    writeFileSync(pidPath, `${process.pid}\n${hostname()}\n`);
  } catch (error) {
    database?.close();
    throw isBusy(error) ? lockedError(lockPath, pidPath) : lockFailure(lockPath, error);
  }
  return holdLock(database, pidPath);
}

/**
 * Who runs as the gateway of this name on the folder of this database, for an operator to read: `pid
 * 12 on my-host`; null when nobody does. Keeps no one out.
 *
 * @throws DatabaseError when the lock can't be read.
 */
export function findRunningInstance({
  serviceName,
  databasePath,
}: InstanceLockOptions): string | null {
  const folder = resolve(dirname(databasePath));
  const lockPath = join(folder, `${serviceName}.lock`);
  if (databasePath === ':memory:' || !existsSync(lockPath)) return null;
  try {
    using database = new Database(lockPath, { readonly: true });
    // Reads nothing that matters; whoever has the lock keeps readers out too.
    database.query('SELECT count(*) FROM sqlite_master').get();
    return null;
  } catch (error) {
    if (isBusy(error)) return describeHolder(join(folder, `${serviceName}.pid`));
    throw lockFailure(lockPath, error);
  }
}

function holdLock(database: Database, pidPath: string): Disposable {
  held.add(database);
  return {
    [Symbol.dispose]() {
      if (!held.delete(database)) return;
      // The pid goes first: once the lock is free, the file may be another's.
      rmSync(pidPath, { force: true });
      database.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY';
}

function lockedError(lockPath: string, pidPath: string): InstanceLockedError {
  return new InstanceLockedError(
    `Another gateway with this SERVICE_NAME and data directory is running: ${describeHolder(pidPath)} ` +
      `holds ${lockPath}. Stop that one, or give this one another SERVICE_NAME, or a DATABASE_PATH in ` +
      'another directory.',
  );
}

function describeHolder(pidPath: string): string {
  const [pid, host] = readLines(pidPath);
  return pid && host ? `pid ${pid} on ${host}` : `a process that has not written ${pidPath} yet`;
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return []; // Not there yet, or not ours to read: the lock counts, this is only to be told.
  }
}

function lockFailure(lockPath: string, error: unknown): DatabaseError {
  const reason = error instanceof Error ? error.message : String(error);
  return new DatabaseError(`Cannot lock ${lockPath}: ${reason}`, { cause: error });
}
