import type { Database } from 'bun:sqlite';
import { readStats, type StatsQuestion } from '../../src/stats/read-stats.ts';
import {
  createRequestLogStore,
  type RequestCursor,
  type RequestFilter,
} from '../../src/stats/request-log-store.ts';
import type { RequestStore } from '../../src/stats/request-store.ts';
import type { RollupStore } from '../../src/stats/rollup-store.ts';

interface QuestionSources {
  database: Database;
  requests: RequestStore;
  rollups: RollupStore;
}

interface Question {
  name: string;
  ask(): void;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const ALL: RequestFilter = {
  fromMs: 0,
  toMs: Number.MAX_SAFE_INTEGER,
  status: null,
  model: null,
  clientKeyId: null,
  upstream: null,
  outcome: null,
};

/** What the routes ask of the database, by what a client asks of them. */
export function createQuestions(sources: QuestionSources): Question[] {
  const { requests, rollups } = sources;
  const now = Date.now();
  const upToDate = { recorder: { flush() {} }, counter: { catchUp() {} } };
  const stats = (name: string, question: StatsQuestion): Question => ({
    name: `GET /v1/stats${name}`,
    ask: () => void readStats({ ...upToDate, requests, rollups }, question),
  });
  return [
    stats('', {}),
    stats('?from= an odd moment 3 days ago', { fromMs: now - 3 * DAY_MS - 12_345 }),
    stats('?from= to= odd moments of one day', {
      fromMs: now - 30 * HOUR_MS - 12_345,
      toMs: now - 7 * HOUR_MS - 54_321,
    }),
    stats('?from=0', { fromMs: 0 }),
    stats('?group_by=key', { groupBy: 'key' }),
    ...(['5min', 'hour', 'auto'] as const).map((interval) =>
      stats(`?interval=${interval} of a day`, { interval }),
    ),
    stats('?interval=minute of 6 hours', { fromMs: now - 6 * HOUR_MS, interval: 'minute' }),
    stats('?interval=minute&group_by=error of 6 hours', {
      fromMs: now - 6 * HOUR_MS,
      interval: 'minute',
      groupBy: 'error',
    }),
    stats('?interval=hour&group_by=error of 14 days', {
      fromMs: now - 14 * DAY_MS,
      interval: 'hour',
      groupBy: 'error',
    }),
    stats('?interval=minute&group_by=model of an hour', {
      fromMs: now - HOUR_MS,
      interval: 'minute',
      groupBy: 'model',
    }),
    ...(['model', 'upstream', 'outcome', 'error', 'key'] as const).map((groupBy) =>
      stats(`?interval=auto&group_by=${groupBy} of a day`, { interval: 'auto', groupBy }),
    ),
    stats('?interval=auto&group_by=model of a week', {
      fromMs: now - 7 * DAY_MS,
      interval: 'auto',
      groupBy: 'model',
    }),
    stats('?interval=auto&group_by=model of 14 days', {
      fromMs: now - 14 * DAY_MS,
      interval: 'auto',
      groupBy: 'model',
    }),
    stats('?interval=auto&group_by=key of a year', {
      fromMs: now - 365 * DAY_MS,
      interval: 'auto',
      groupBy: 'key',
    }),
    stats('?interval=auto&group_by=model of a year', {
      fromMs: now - 365 * DAY_MS,
      interval: 'auto',
      groupBy: 'model',
    }),
    ...pageQuestions(sources.database, now),
  ];
}

function pageQuestions(database: Database, now: number): Question[] {
  const log = createRequestLogStore(database);
  const page = (
    name: string,
    filter: Partial<RequestFilter>,
    before: RequestCursor | null = null,
    limit = 100,
  ): Question => ({
    name: `GET /v1/requests${name}`,
    ask: () => void log.page({ ...ALL, ...filter }, before, limit),
  });
  const [latest] = log.page(ALL, null, 1).requests;
  const deep = { startedAt: now - 3 * DAY_MS, rowId: 1 };
  return [
    page('', {}),
    page('?limit=1000', {}, null, 1_000),
    page('?before= the middle', {}, deep),
    page('?status=503', { status: { min: 503, max: 503 } }),
    page('?status=4xx', { status: { min: 400, max: 499 } }),
    page('?status=418, which none has', { status: { min: 418, max: 418 } }),
    page('?outcome=cancelled', { outcome: 'cancelled' }),
    page('?model=GLM-5', { model: 'GLM-5' }),
    page('?model= one that none has', { model: 'GLM-0' }),
    page('?key=key_3&upstream=zai-api', { clientKeyId: 'key_3', upstream: 'zai-api' }),
    page('?key= one that none has', { clientKeyId: 'key_x' }),
    page('?from= the last hour', { fromMs: now - HOUR_MS }),
    { name: 'GET /v1/requests/:id', ask: () => void log.find(latest?.id ?? '') },
    { name: 'GET /v1/requests/:id, which none has', ask: () => void log.find('req_none') },
  ];
}
