import type { Database } from 'bun:sqlite';
import type { Resolution } from './rollup-key.ts';

/** From when on everything is there that was counted, by what it is counted in; Unix ms. */
export type KeptSince = Readonly<Record<'request' | Resolution, number>>;

/**
 * Remembers how far the retention has come. It is in the database, since other gateways that share
 * it, with settings of their own, have to know which of the numbers are complete.
 */
export interface KeptSinceStore {
  read(): KeptSince;
  /** In the transaction that deletes what is before `sinceMs`; never goes back. */
  raise(resolution: keyof KeptSince, sinceMs: number): void;
}

interface Row {
  resolution: keyof KeptSince;
  since: number;
}

/** Makes the store of an opened database, which stays the caller's to close. */
export function createKeptSinceStore(database: Database): KeptSinceStore {
  const read = database.prepare<Row, []>('SELECT resolution, since FROM kept_since');
  const raise = database.prepare(`
    INSERT INTO kept_since (resolution, since) VALUES ($resolution, $since)
    ON CONFLICT DO UPDATE SET since = max(since, excluded.since)`);
  return {
    read() {
      const kept = { request: 0, minute: 0, '5min': 0, hour: 0, day: 0 };
      for (const { resolution, since } of read.all()) kept[resolution] = since;
      return kept;
    },
    raise: (resolution, since) => void raise.run({ resolution, since }),
  };
}
