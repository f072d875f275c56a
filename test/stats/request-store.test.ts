import type { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { openDatabase } from '../../src/db/open-database.ts';
import type { RequestRecord } from '../../src/stats/request-record.ts';
import { createRequestStore } from '../../src/stats/request-store.ts';
import { requestRecord } from './request-fixture.ts';

const ALL = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };

function startedAt(database: Database): unknown[] {
  return database.query('SELECT started_at FROM requests ORDER BY 1').values().flat();
}

describe('the request store', () => {
  test('writes every field of a record', () => {
    using database = openDatabase(':memory:');
    const record: RequestRecord = {
      id: 'req-9',
      startedAt: 1_764_000_000_123,
      model: 'GLM-4.7-Thinking',
      upstream: 'zai-web',
      stream: true,
      status: 502,
      outcome: 'failed',
      errorCode: 'upstream_broken_stream',
      attempts: 3,
      failures: ['zai-api:rate-limited', 'zai-web:broken-stream'],
      promptTokens: 11,
      completionTokens: 12,
      reasoningTokens: 13,
      cachedTokens: 14,
      firstByteMs: 15.5,
      durationMs: 16.25,
      clientAddress: '2001:db8::1',
      userAgent: 'curl/8',
      editConflicts: 2,
    };
    createRequestStore(database).insertMany([record]);
    expect(database.query('SELECT * FROM requests').all()).toEqual([
      {
        id: 'req-9',
        started_at: 1_764_000_000_123,
        model: 'GLM-4.7-Thinking',
        upstream: 'zai-web',
        stream: 1,
        status: 502,
        outcome: 'failed',
        error_code: 'upstream_broken_stream',
        attempts: 3,
        failures: 'zai-api:rate-limited zai-web:broken-stream',
        prompt_tokens: 11,
        completion_tokens: 12,
        reasoning_tokens: 13,
        cached_tokens: 14,
        first_byte_ms: 15.5,
        duration_ms: 16.25,
        client_address: '2001:db8::1',
        user_agent: 'curl/8',
        edit_conflicts: 2,
      },
    ]);
  });

  test('keeps what is unknown null', () => {
    using database = openDatabase(':memory:');
    createRequestStore(database).insertMany([
      requestRecord({ upstream: null, promptTokens: null }),
      requestRecord({ userAgent: null, stream: false }),
    ]);
    const columns = 'upstream, prompt_tokens, user_agent IS NULL, stream';
    expect(database.query(`SELECT ${columns} FROM requests`).values()).toEqual([
      [null, null, 0, 1],
      ['zai-web', 10, 1, 0],
    ]);
  });

  test('has no failures for a request that was served at once', () => {
    using database = openDatabase(':memory:');
    createRequestStore(database).insertMany([requestRecord({ failures: [] })]);
    expect(database.query('SELECT failures FROM requests').values()).toEqual([[null]]);
  });

  test('writes all records or none', () => {
    using database = openDatabase(':memory:');
    database.run(`CREATE TRIGGER refuse BEFORE INSERT ON requests WHEN NEW.id = 'bad'
      BEGIN SELECT RAISE(FAIL, 'refused'); END`);
    const store = createRequestStore(database);
    expect(() => store.insertMany([requestRecord(), requestRecord({ id: 'bad' })])).toThrow();
    expect(startedAt(database)).toEqual([]);
  });

  test('takes the same id twice, since clients choose it', () => {
    using database = openDatabase(':memory:');
    const store = createRequestStore(database);
    store.insertMany([requestRecord(), requestRecord()]);
    expect(startedAt(database)).toHaveLength(2);
  });

  test('sums by model, upstream and outcome, from the start of a range to before its end', () => {
    using database = openDatabase(':memory:');
    const store = createRequestStore(database);
    store.insertMany([
      requestRecord({ startedAt: 99 }),
      requestRecord({ startedAt: 100, editConflicts: 3 }),
      requestRecord({ startedAt: 199, firstByteMs: null, cachedTokens: null, editConflicts: 1 }),
      requestRecord({ startedAt: 200 }),
      requestRecord({
        startedAt: 150,
        upstream: null,
        outcome: 'failed',
        promptTokens: null,
        completionTokens: null,
        reasoningTokens: null,
        cachedTokens: null,
        firstByteMs: null,
      }),
    ]);
    const sums = store.sums({ fromMs: 100, toMs: 200 });
    expect(sums.toSorted((one, other) => other.requests - one.requests)).toEqual([
      {
        model: 'GLM-4.6',
        upstream: 'zai-web',
        outcome: 'completed',
        requests: 2,
        promptTokens: 20,
        completionTokens: 40,
        reasoningTokens: 10,
        cachedTokens: 0,
        firstByteMs: 100,
        firstBytes: 1,
        durationMs: 2_000,
        editConflicts: 4,
      },
      {
        model: 'GLM-4.6',
        upstream: null,
        outcome: 'failed',
        requests: 1,
        promptTokens: null,
        completionTokens: null,
        reasoningTokens: null,
        cachedTokens: null,
        firstByteMs: null,
        firstBytes: 0,
        durationMs: 1_000,
        editConflicts: 0,
      },
    ]);
  });

  test('gives the times of the latest requests of a range', () => {
    using database = openDatabase(':memory:');
    const store = createRequestStore(database);
    store.insertMany(
      [1, 2, 3, 4].map((time) => requestRecord({ startedAt: time, durationMs: time })),
    );
    const times = store.latestTimes({ fromMs: 0, toMs: 4 }, 2);
    expect(times).toEqual(
      [3, 2].map((durationMs) => ({
        model: 'GLM-4.6',
        upstream: 'zai-web',
        outcome: 'completed',
        firstByteMs: 100,
        durationMs,
      })),
    );
  });

  test('deletes the oldest first, never more than asked, never what is young enough', () => {
    using database = openDatabase(':memory:');
    const store = createRequestStore(database);
    store.insertMany([5, 1, 4, 2, 3].map((time) => requestRecord({ startedAt: time })));
    const steps = [1, 2, 3].map(() => [store.deleteBefore(4, 2), startedAt(database)]);
    expect(steps).toEqual([
      [2, [3, 4, 5]],
      [1, [4, 5]],
      [0, [4, 5]],
    ]);
  });

  test('has nothing to tell of an empty database', () => {
    using database = openDatabase(':memory:');
    const store = createRequestStore(database);
    expect([store.sums(ALL), store.latestTimes(ALL, 5)]).toEqual([[], []]);
  });
});
