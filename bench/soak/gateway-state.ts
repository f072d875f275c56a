import { Database } from 'bun:sqlite';
import { readdirSync } from 'node:fs';
import { readProcessTree } from '../measure/process-tree.ts';

/** What a process holds. */
export interface Holdings {
  rssMb: number;
  /** Open file descriptors, sockets included. */
  files: number;
}

/** Reads it from /proc. */
export function readHoldings(pid: number): Holdings {
  const { rssBytes } = readProcessTree(pid);
  return { rssMb: Math.round(rssBytes / 2 ** 20), files: readdirSync(`/proc/${pid}/fd`).length };
}

/** A settled request, as the gateway has recorded it. */
export interface RecordedRequest {
  id: string;
  outcome: string;
  attempts: number;
}

/** Every request that the gateway has recorded. */
export function readRecords(databasePath: string): RecordedRequest[] {
  const database = new Database(databasePath, { readonly: true });
  try {
    return database.query<RecordedRequest, []>('SELECT id, outcome, attempts FROM requests').all();
  } finally {
    database.close();
  }
}
