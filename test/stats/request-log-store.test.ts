import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { openDatabase } from '../../src/db/open-database.ts';
import {
  createRequestLogStore,
  type RequestCursor,
  type RequestFilter,
  type RequestLogStore,
} from '../../src/stats/request-log-store.ts';
import type { RequestOutcome, RequestRecord } from '../../src/stats/request-record.ts';
import { createRequestStore } from '../../src/stats/request-store.ts';
import { requestRecord } from './request-fixture.ts';

const ALL: RequestFilter = {
  fromMs: 0,
  toMs: Number.MAX_SAFE_INTEGER,
  status: null,
  model: null,
  clientKeyId: null,
  upstream: null,
  outcome: null,
};

function setUp(records: readonly Partial<RequestRecord>[]) {
  const database = openDatabase(':memory:');
  createRequestStore(database).insertMany(records.map(requestRecord));
  return {
    database,
    log: createRequestLogStore(database),
    [Symbol.dispose]: () => database.close(),
  };
}

/** The ids of all pages, page by page. */
function readPages(log: RequestLogStore, filter: RequestFilter, limit: number): string[][] {
  const pages: string[][] = [];
  let before: RequestCursor | null = null;
  do {
    const { requests, next } = log.page(filter, before, limit);
    pages.push(requests.map(({ id }) => id));
    before = next;
  } while (before !== null);
  return pages;
}

describe('the pages of requests', () => {
  test('have the newest first, also of those that began in the same moment', () => {
    using stored = setUp([
      { id: 'a', startedAt: 5 },
      { id: 'b', startedAt: 9 },
      { id: 'c', startedAt: 5 },
      { id: 'd', startedAt: 7 },
    ]);
    expect(readPages(stored.log, ALL, 3)).toEqual([['b', 'd', 'c'], ['a']]);
  });

  test('end without an empty one', () => {
    using stored = setUp([{ id: 'a' }, { id: 'b' }]);
    expect(readPages(stored.log, ALL, 1)).toEqual([['b'], ['a']]);
  });

  test('have nothing twice and miss nothing while new requests come', () => {
    using stored = setUp([1, 2, 3, 4].map((startedAt) => ({ id: `${startedAt}`, startedAt })));
    const first = stored.log.page(ALL, null, 2);
    createRequestStore(stored.database).insertMany([requestRecord({ id: '5', startedAt: 5 })]);
    const second = stored.log.page(ALL, first.next, 2);
    expect([first, second].map(({ requests }) => requests.map(({ id }) => id))).toEqual([
      ['4', '3'],
      ['2', '1'],
    ]);
  });

  test('have a request as it was recorded, but for its story', () => {
    const { story: _, ...record } = requestRecord({
      stream: false,
      modelIsPublic: false,
      failures: ['zai-web:rate-limited', 'zai-api:unavailable'],
      queueMs: 1.5,
      userAgent: null,
    });
    using stored = setUp([record]);
    expect(stored.log.page(ALL, null, 1).requests).toEqual([{ ...record, rowId: 1 }]);
  });

  test('have what fits the filter, whatever it is, however they are cut', () => {
    const choices = {
      startedAt: fc.integer({ min: 1, max: 20 }),
      status: fc.constantFrom(200, 400, 429, 499, 503),
      model: fc.constantFrom('GLM-4.6', 'GLM-5'),
      clientKeyId: fc.constantFrom('key_1', 'key_2', null),
      upstream: fc.constantFrom('zai-web', 'zai-api', null),
      outcome: fc.constantFrom<RequestOutcome[]>('completed', 'failed', 'cancelled'),
    };
    const filters = fc.record({
      fromMs: fc.integer({ min: 0, max: 10 }),
      toMs: fc.integer({ min: 11, max: 25 }),
      status: fc.constantFrom(
        null,
        { min: 200, max: 200 },
        { min: 200, max: 299 },
        { min: 400, max: 499 },
        { min: 503, max: 503 },
      ),
      model: fc.option(choices.model),
      clientKeyId: choices.clientKeyId,
      upstream: choices.upstream,
      outcome: fc.option(choices.outcome),
    });
    const requests = fc.array(fc.record(choices), { maxLength: 60 });
    fc.assert(
      fc.property(requests, filters, fc.integer({ min: 1, max: 9 }), (fields, filter, limit) => {
        const records = fields.map((record, index) => ({ ...record, id: `${index}` }));
        using stored = setUp(records);
        const { status } = filter;
        const expected = records
          .filter(
            (record) =>
              record.startedAt >= filter.fromMs &&
              record.startedAt < filter.toMs &&
              (status === null || (record.status >= status.min && record.status <= status.max)) &&
              (['model', 'clientKeyId', 'upstream', 'outcome'] as const).every(
                (field) => filter[field] === null || record[field] === filter[field],
              ),
          )
          .sort(
            (one, other) => other.startedAt - one.startedAt || Number(other.id) - Number(one.id),
          )
          .map(({ id }) => id);
        expect(readPages(stored.log, filter, limit).flat()).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  test('go on where a page has looked at enough without finding what it was to find', () => {
    using stored = setUp([{ id: 'rare', startedAt: 1, model: 'GLM-5' }]);
    stored.database.run(`
      WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 50005)
      INSERT INTO requests (id, started_at, method, path, model, model_is_public, stream, status,
        outcome, attempts, duration_ms, edit_conflicts)
      SELECT n, n + 1, 'POST', '/', 'GLM-4.6', 1, 1, 200, 'completed', 1, 1, 0 FROM numbers`);
    expect(readPages(stored.log, { ...ALL, model: 'GLM-5' }, 10)).toEqual([[], ['rare']]);
  });
});

describe('finding requests', () => {
  test('has all of an id, the newest first, each with its story', () => {
    const attempts = [
      {
        number: 1,
        upstream: 'zai-web',
        credentialId: 'abc',
        state: 'completed',
        leaseMs: 0,
        startedAtMs: 1,
        preparedAtMs: 2,
        firstByteAtMs: 3,
        endedAtMs: 4,
        failure: null,
      } as const,
    ];
    using stored = setUp([
      { id: 'twice', startedAt: 1 },
      { id: 'other', startedAt: 2 },
      { id: 'twice', startedAt: 3, story: { attempts, omitted: 2 } },
    ]);
    const found = stored.log.find('twice').map(({ startedAt, story }) => [startedAt, story]);
    expect([found, stored.log.find('none')]).toEqual([
      [
        [3, { attempts, omitted: 2 }],
        [1, { attempts: [], omitted: 0 }],
      ],
      [],
    ]);
  });
});
