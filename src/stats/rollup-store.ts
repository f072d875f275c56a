import type { Database } from 'bun:sqlite';
import { COUNTED_COLUMNS, type CountedRow, toCountedRequest } from './counted-row.ts';
import { createKeptSinceStore, type KeptSince } from './kept-since-store.ts';
import { type CountedRequest, RequestSums, type StoredSums } from './request-sums.ts';
import {
  FACETS,
  type Facet,
  RESOLUTION_MS,
  RESOLUTIONS,
  type Resolution,
  type RollupKey,
  rollupKeyOf,
} from './rollup-key.ts';
import type { TimeRange } from './time-range.ts';

/** One row of the rollups: the requests of one key that began within one stretch of time. */
interface Rollup extends RollupKey, StoredSums {
  /** When the stretch begins; Unix ms. */
  bucket: number;
}

/** Requests counted by minute, five minutes, hour and day. Every method throws SQLite's errors. */
export interface RollupStore {
  /**
   * Counts at most `limit` of the stored requests that are not counted yet; returns how many it
   * counted. What is counted is kept with the counts, in one transaction: whoever is killed, and
   * however many gateways share the database, each request is counted once.
   */
  countMore(limit: number): number;
  /** Of all stretches that begin in the range. */
  read(resolution: Resolution, facet: Facet, range: TimeRange): Rollup[];
  keptSince(): KeptSince;
  /** Deletes at most `limit` rows of before `beforeMs`; returns how many it deleted. */
  deleteBefore(resolution: Resolution, beforeMs: number, limit: number): number;
}

const KEY = `resolution = $resolution AND facet = $facet AND bucket = $bucket AND model = $model
  AND upstream = $upstream AND outcome = $outcome AND error_code = $errorCode
  AND client_key_id = $clientKeyId`;

const TIMES = `
  SELECT first_byte_times AS firstByteTimes, duration_times AS durationTimes
  FROM rollups WHERE ${KEY}`;

/** Sums are added up; histograms, which SQLite can't add, come merged. */
const ADD = `
  INSERT INTO rollups VALUES (
    $resolution, $facet, $bucket, $model, $upstream, $outcome, $errorCode, $clientKeyId,
    $requests, $attempts, $promptTokens, $completionTokens, $reasoningTokens, $cachedTokens,
    $editConflicts, $firstBytes, $firstByteMs, $durationMs, $firstByteTimes, $durationTimes
  ) ON CONFLICT DO UPDATE SET
    requests = requests + excluded.requests,
    attempts = attempts + excluded.attempts,
    ${['prompt_tokens', 'completion_tokens', 'reasoning_tokens', 'cached_tokens']
      .map((sum) => `${sum} = coalesce(${sum} + excluded.${sum}, ${sum}, excluded.${sum}),`)
      .join('\n    ')}
    edit_conflicts = edit_conflicts + excluded.edit_conflicts,
    first_bytes = first_bytes + excluded.first_bytes,
    first_byte_ms = first_byte_ms + excluded.first_byte_ms,
    duration_ms = duration_ms + excluded.duration_ms,
    first_byte_times = excluded.first_byte_times,
    duration_times = excluded.duration_times`;

const READ = `
  SELECT bucket, model, upstream, outcome, error_code AS errorCode,
    client_key_id AS clientKeyId, requests, attempts, prompt_tokens AS promptTokens,
    completion_tokens AS completionTokens, reasoning_tokens AS reasoningTokens,
    cached_tokens AS cachedTokens, edit_conflicts AS editConflicts, first_bytes AS firstBytes,
    first_byte_ms AS firstByteMs, duration_ms AS durationMs,
    first_byte_times AS firstByteTimes, duration_times AS durationTimes
  FROM rollups
  WHERE resolution = $resolution AND facet = $facet AND bucket >= $fromMs AND bucket < $toMs`;

const PROGRESS = `
  SELECT up_to_row_id AS upToRowId, (SELECT max(row_id) FROM requests) AS lastRowId
  FROM counted_requests`;

const UNCOUNTED = `
  SELECT row_id AS rowId, ${COUNTED_COLUMNS} FROM requests
  WHERE row_id > $upToRowId ORDER BY row_id LIMIT $limit`;

const DELETE_BEFORE = `
  DELETE FROM rollups
  WHERE (resolution, facet, bucket, model, upstream, outcome, error_code, client_key_id) IN (
    SELECT resolution, facet, bucket, model, upstream, outcome, error_code, client_key_id
    FROM rollups WHERE resolution = $resolution AND facet = $facet AND bucket < $beforeMs
    ORDER BY bucket LIMIT $limit
  )`;

/** Makes the store of an opened database, which stays the caller's to close. */
export function createRollupStore(database: Database): RollupStore {
  const read = database.prepare<Rollup, [Params]>(READ);
  const deleteBefore = database.prepare(DELETE_BEFORE);
  const keptSince = createKeptSinceStore(database);
  const deleteAll = database.transaction(
    (resolution: Resolution, beforeMs: number, limit: number) => {
      keptSince.raise(resolution, beforeMs);
      return FACETS.reduce((deleted, facet) => {
        const left = limit - deleted;
        return deleted + deleteBefore.run({ resolution, facet, beforeMs, limit: left }).changes;
      }, 0);
    },
  );
  return {
    countMore: prepareCounting(database),
    read: (resolution, facet, { fromMs, toMs }) => read.all({ resolution, facet, fromMs, toMs }),
    keptSince: keptSince.read,
    deleteBefore: (...asked) => deleteAll.immediate(...asked),
  };
}

function prepareCounting(database: Database): RollupStore['countMore'] {
  const progress = database.prepare<Progress, []>(PROGRESS);
  const uncounted = database.prepare<CountedRow & { rowId: number }, [Params]>(UNCOUNTED);
  const advance = database.prepare('UPDATE counted_requests SET up_to_row_id = $rowId');
  const addTo = prepareAdding(database);
  const countSome = database.transaction((limit: number) => {
    const { upToRowId } = progress.get() ?? NO_PROGRESS;
    const requests = uncounted.all({ upToRowId, limit }).map(toCountedRequest);
    for (const { place, counted } of placesOf(requests)) addTo(place, counted);
    const last = requests.at(-1);
    if (last !== undefined) advance.run({ rowId: last.rowId });
    return requests.length;
  });
  return (limit) => {
    const { upToRowId, lastRowId } = progress.get() ?? NO_PROGRESS;
    // Whoever finds nothing to do need not wait for the lock.
    return (lastRowId ?? 0) > upToRowId ? countSome.immediate(limit) : 0;
  };
}

function prepareAdding(database: Database) {
  const times = database.prepare<StoredTimes, [Params]>(TIMES);
  const add = database.prepare(ADD);
  return (place: Place, requests: readonly CountedRequest[]): void => {
    const sums = new RequestSums();
    for (const request of requests) sums.addRequest(request);
    const stored = times.get(place);
    if (stored !== null) {
      sums.firstByteTimes.mergeEncoded(stored.firstByteTimes);
      sums.durationTimes.mergeEncoded(stored.durationTimes);
    }
    add.run({ ...place, ...toParams(sums) });
  };
}

type StoredTimes = Pick<StoredSums, 'firstByteTimes' | 'durationTimes'>;

interface Progress {
  upToRowId: number;
  /** null = there are no requests. */
  lastRowId: number | null;
}

const NO_PROGRESS: Progress = { upToRowId: 0, lastRowId: null };

type Params = Record<string, string | number | null | Uint8Array>;

/** The primary key of a row. */
type Place = RollupKey & { resolution: Resolution; facet: Facet; bucket: number } & Params;

/** The rows that requests are counted in, and which of them in each. */
function placesOf(requests: readonly CountedRequest[]) {
  const places = new Map<string, { place: Place; counted: CountedRequest[] }>();
  for (const request of requests) {
    for (const facet of FACETS) {
      const key = rollupKeyOf(facet, request);
      for (const resolution of RESOLUTIONS) {
        const size = RESOLUTION_MS[resolution];
        const bucket = Math.floor(request.startedAt / size) * size;
        const place = { resolution, facet, bucket, ...key };
        const name = Object.values(place).join('\n');
        const known = places.get(name);
        if (known === undefined) places.set(name, { place, counted: [request] });
        else known.counted.push(request);
      }
    }
  }
  return places.values();
}

function toParams(sums: RequestSums): Params {
  return {
    requests: sums.requests,
    attempts: sums.attempts,
    promptTokens: sums.promptTokens,
    completionTokens: sums.completionTokens,
    reasoningTokens: sums.reasoningTokens,
    cachedTokens: sums.cachedTokens,
    editConflicts: sums.editConflicts,
    firstBytes: sums.firstBytes,
    firstByteMs: sums.firstByteMs,
    durationMs: sums.durationMs,
    firstByteTimes: sums.firstByteTimes.encode(),
    durationTimes: sums.durationTimes.encode(),
  };
}
