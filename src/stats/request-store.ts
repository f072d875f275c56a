import type { Database } from 'bun:sqlite';
import { COUNTED_COLUMNS, type CountedRow, toCountedRequest } from './counted-row.ts';
import { createKeptSinceStore } from './kept-since-store.ts';
import type { RequestRecord } from './request-record.ts';
import { encodeStory } from './request-story.ts';
import type { CountedRequest } from './request-sums.ts';
import type { TimeRange } from './time-range.ts';

/** The records of settled requests in SQLite. Every method throws SQLite's errors. */
export interface RequestStore {
  /** All or none. */
  insertMany(records: readonly RequestRecord[]): void;
  /** Of the requests that began in the range, what is counted. */
  counted(range: TimeRange): CountedRequest[];
  /**
   * Deletes at most `limit` of the records from before `beforeMs` that the rollups have; returns how
   * many it deleted.
   */
  deleteBefore(beforeMs: number, limit: number): number;
}

const INSERT = `
  INSERT INTO requests (
    id, started_at, method, path, client_key_id, model, model_is_public, upstream, stream, status,
    outcome, error_code, attempts, failures, queue_ms, prompt_tokens, completion_tokens,
    reasoning_tokens, cached_tokens, first_byte_ms, duration_ms, client_address, user_agent,
    edit_conflicts, story
  ) VALUES (
    $id, $startedAt, $method, $path, $clientKeyId, $model, $modelIsPublic, $upstream, $stream, $status,
    $outcome, $errorCode, $attempts, $failures, $queueMs, $promptTokens, $completionTokens,
    $reasoningTokens, $cachedTokens, $firstByteMs, $durationMs, $clientAddress, $userAgent,
    $editConflicts, $story
  )`;

const COUNTED = `
  SELECT ${COUNTED_COLUMNS} FROM requests WHERE started_at >= $fromMs AND started_at < $toMs`;

/** Only what is in the rollups. */
const DELETE_BEFORE = `
  DELETE FROM requests WHERE row_id IN (
    SELECT row_id FROM requests
    WHERE started_at < $beforeMs AND row_id <= (SELECT up_to_row_id FROM counted_requests)
    ORDER BY started_at LIMIT $limit
  )`;

/** SQLite gives the number of a deleted row again when it was the last one. */
const STEP_BACK = `
  UPDATE counted_requests
  SET up_to_row_id = min(up_to_row_id, (SELECT coalesce(max(row_id), 0) FROM requests))`;

/** Makes the store of an opened database, which stays the caller's to close. */
export function createRequestStore(database: Database): RequestStore {
  const keptSince = createKeptSinceStore(database);
  const insert = database.prepare(INSERT);
  const counted = database.prepare<CountedRow, [{ fromMs: number; toMs: number }]>(COUNTED);
  const deleteBefore = database.prepare(DELETE_BEFORE);
  const stepBack = database.prepare(STEP_BACK);
  const insertAll = database.transaction((records: readonly RequestRecord[]) => {
    for (const record of records) insert.run(toRow(record));
  });
  const deleteSome = database.transaction((beforeMs: number, limit: number) => {
    keptSince.raise('request', beforeMs);
    const { changes } = deleteBefore.run({ beforeMs, limit });
    stepBack.run();
    return changes;
  });
  return {
    insertMany: (records) => insertAll.immediate(records),
    counted: ({ fromMs, toMs }) => counted.all({ fromMs, toMs }).map(toCountedRequest),
    deleteBefore: (beforeMs, limit) => deleteSome.immediate(beforeMs, limit),
  };
}

function toRow(record: RequestRecord): Record<string, string | number | null> {
  return {
    ...record,
    modelIsPublic: record.modelIsPublic ? 1 : 0,
    stream: record.stream ? 1 : 0,
    failures: record.failures.length > 0 ? record.failures.join(' ') : null,
    story: encodeStory(record.story),
  };
}
