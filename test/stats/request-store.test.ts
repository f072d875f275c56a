import type { Database } from 'bun:sqlite';
import { describe, expect, test } from 'bun:test';
import { openDatabase } from '../../src/db/open-database.ts';
import type { RequestRecord } from '../../src/stats/request-record.ts';
import { createRequestStore } from '../../src/stats/request-store.ts';
import { createRollupStore } from '../../src/stats/rollup-store.ts';
import { requestRecord } from './request-fixture.ts';

function startedAt(database: Database): unknown[] {
  return database.query('SELECT started_at FROM requests ORDER BY 1').values().flat();
}

describe('the request store', () => {
  test('writes every field of a record', () => {
    using database = openDatabase(':memory:');
    const record: RequestRecord = {
      id: 'req-9',
      startedAt: 1_764_000_000_123,
      method: 'POST',
      path: '/v1/chat/completions',
      clientKeyId: 'key_12345678',
      model: 'GLM-4.7-Thinking',
      modelIsPublic: true,
      upstream: 'zai-web',
      stream: true,
      status: 502,
      outcome: 'failed',
      errorCode: 'upstream_broken_stream',
      attempts: 3,
      failures: ['zai-api:rate-limited', 'zai-web:broken-stream'],
      queueMs: 4.5,
      promptTokens: 11,
      completionTokens: 12,
      reasoningTokens: 13,
      cachedTokens: 14,
      firstByteMs: 15.5,
      durationMs: 16.25,
      clientAddress: '2001:db8::1',
      userAgent: 'curl/8',
      editConflicts: 2,
      story: { attempts: [], omitted: 0 },
    };
    createRequestStore(database).insertMany([record]);
    expect(database.query('SELECT * FROM requests').all()).toEqual([
      {
        row_id: 1,
        id: 'req-9',
        started_at: 1_764_000_000_123,
        method: 'POST',
        path: '/v1/chat/completions',
        client_key_id: 'key_12345678',
        model: 'GLM-4.7-Thinking',
        model_is_public: 1,
        upstream: 'zai-web',
        stream: 1,
        status: 502,
        outcome: 'failed',
        error_code: 'upstream_broken_stream',
        attempts: 3,
        failures: 'zai-api:rate-limited zai-web:broken-stream',
        queue_ms: 4.5,
        prompt_tokens: 11,
        completion_tokens: 12,
        reasoning_tokens: 13,
        cached_tokens: 14,
        first_byte_ms: 15.5,
        duration_ms: 16.25,
        client_address: '2001:db8::1',
        user_agent: 'curl/8',
        edit_conflicts: 2,
        story: '{"attempts":[],"omitted":0}',
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

  test('says what is counted of the requests of a range, from its start to before its end', () => {
    using database = openDatabase(':memory:');
    const store = createRequestStore(database);
    const fields = { attempts: 3, editConflicts: 1, modelIsPublic: false, firstByteMs: null };
    store.insertMany([
      requestRecord({ startedAt: 99 }),
      requestRecord({ startedAt: 100, ...fields }),
      requestRecord({ startedAt: 199 }),
      requestRecord({ startedAt: 200 }),
    ]);
    const counted = store.counted({ fromMs: 100, toMs: 200 });
    expect([counted[0], counted.map(({ startedAt: at }) => at)]).toEqual([
      {
        startedAt: 100,
        clientKeyId: 'key_1',
        model: 'GLM-4.6',
        modelIsPublic: false,
        upstream: 'zai-web',
        outcome: 'completed',
        errorCode: null,
        attempts: 3,
        promptTokens: 10,
        completionTokens: 20,
        reasoningTokens: 5,
        cachedTokens: 0,
        firstByteMs: null,
        durationMs: 1_000,
        editConflicts: 1,
      },
      [100, 199],
    ]);
  });

  test('deletes the oldest first, never more than asked, never what is young enough', () => {
    using database = openDatabase(':memory:');
    const store = createRequestStore(database);
    store.insertMany([5, 1, 4, 2, 3].map((time) => requestRecord({ startedAt: time })));
    createRollupStore(database).countMore(5);
    const steps = [1, 2, 3].map(() => [store.deleteBefore(4, 2), startedAt(database)]);
    expect(steps).toEqual([
      [2, [3, 4, 5]],
      [1, [4, 5]],
      [0, [4, 5]],
    ]);
  });
});
