import type { Database } from 'bun:sqlite';
import type { RequestOutcome, RequestRecord } from './request-record.ts';

/** Requests that started at `fromMs` or later and before `toMs`; Unix ms. */
export interface TimeRange {
  fromMs: number;
  toMs: number;
}

/** What requests are told apart by in sums. */
export interface RequestKind {
  model: string;
  upstream: string | null;
  outcome: RequestOutcome;
}

/** Sums over the requests of one kind. Token sums are null when no request knew its tokens. */
export interface RequestSums extends RequestKind {
  requests: number;
  promptTokens: number | null;
  completionTokens: number | null;
  reasoningTokens: number | null;
  cachedTokens: number | null;
  /** Sum over the requests that had a first byte, and their number. */
  firstByteMs: number | null;
  firstBytes: number;
  durationMs: number;
  editConflicts: number;
}

/** The times of one request. */
export interface RequestTimes extends RequestKind {
  firstByteMs: number | null;
  durationMs: number;
}

/** The records of settled requests in SQLite. Every method throws SQLite's errors. */
export interface RequestStore {
  /** All or none. */
  insertMany(records: readonly RequestRecord[]): void;
  /** One entry for each kind that occurs in the range. */
  sums(range: TimeRange): RequestSums[];
  /** Of the latest requests in the range, at most `limit`. */
  latestTimes(range: TimeRange, limit: number): RequestTimes[];
  /** Deletes at most `limit` of the records from before `beforeMs`; returns how many it deleted. */
  deleteBefore(beforeMs: number, limit: number): number;
}

const INSERT = `
  INSERT INTO requests (
    id, started_at, model, upstream, stream, status, outcome, error_code, attempts, failures,
    prompt_tokens, completion_tokens, reasoning_tokens, cached_tokens,
    first_byte_ms, duration_ms, client_address, user_agent, edit_conflicts
  ) VALUES (
    $id, $startedAt, $model, $upstream, $stream, $status, $outcome, $errorCode, $attempts, $failures,
    $promptTokens, $completionTokens, $reasoningTokens, $cachedTokens,
    $firstByteMs, $durationMs, $clientAddress, $userAgent, $editConflicts
  )`;

const SUMS = `
  SELECT model, upstream, outcome,
    count(*) AS requests,
    sum(prompt_tokens) AS promptTokens,
    sum(completion_tokens) AS completionTokens,
    sum(reasoning_tokens) AS reasoningTokens,
    sum(cached_tokens) AS cachedTokens,
    sum(first_byte_ms) AS firstByteMs,
    count(first_byte_ms) AS firstBytes,
    sum(duration_ms) AS durationMs,
    sum(edit_conflicts) AS editConflicts
  FROM requests WHERE started_at >= $fromMs AND started_at < $toMs
  GROUP BY model, upstream, outcome`;

const LATEST_TIMES = `
  SELECT model, upstream, outcome, first_byte_ms AS firstByteMs, duration_ms AS durationMs
  FROM requests WHERE started_at >= $fromMs AND started_at < $toMs
  ORDER BY started_at DESC LIMIT $limit`;

const DELETE_BEFORE = `
  DELETE FROM requests WHERE rowid IN (
    SELECT rowid FROM requests WHERE started_at < $beforeMs ORDER BY started_at LIMIT $limit
  )`;

/** Makes the store of an opened database, which stays the caller's to close. */
export function createRequestStore(database: Database): RequestStore {
  const insert = database.prepare(INSERT);
  const insertAll = database.transaction((records: readonly RequestRecord[]) => {
    for (const record of records) insert.run(toRow(record));
  });
  const sums = database.prepare<RequestSums, [{ fromMs: number; toMs: number }]>(SUMS);
  const latestTimes = database.prepare<
    RequestTimes,
    [{ fromMs: number; toMs: number; limit: number }]
  >(LATEST_TIMES);
  const deleteBefore = database.prepare(DELETE_BEFORE);
  return {
    insertMany: (records) => insertAll.immediate(records),
    sums: ({ fromMs, toMs }) => sums.all({ fromMs, toMs }),
    latestTimes: ({ fromMs, toMs }, limit) => latestTimes.all({ fromMs, toMs, limit }),
    deleteBefore: (beforeMs, limit) => deleteBefore.run({ beforeMs, limit }).changes,
  };
}

function toRow(record: RequestRecord): Record<string, string | number | null> {
  return {
    ...record,
    stream: record.stream ? 1 : 0,
    failures: record.failures.length > 0 ? record.failures.join(' ') : null,
  };
}
