import type { Database } from 'bun:sqlite';
import type { RequestOutcome, RequestRecord } from './request-record.ts';
import { decodeStory, type RequestStory } from './request-story.ts';

/** A record as it is stored. */
export interface RequestEntry extends Omit<RequestRecord, 'story'> {
  /** Tells requests with the same id apart. */
  rowId: number;
}

/** A record with how it came about; null for one of a release that did not keep that. */
export interface ToldRequest extends RequestEntry {
  story: RequestStory | null;
}

/** Where a page begins: after this request, which is not part of it. */
export interface RequestCursor {
  startedAt: number;
  rowId: number;
}

/** Which requests are wanted; null = all. */
export interface RequestFilter {
  /** Unix ms; `toMs` is not part of it. */
  fromMs: number;
  toMs: number;
  /** The lowest and the highest HTTP status. */
  status: { min: number; max: number } | null;
  model: string | null;
  clientKeyId: string | null;
  upstream: string | null;
  outcome: RequestOutcome | null;
}

/** Requests, the newest first. */
interface RequestPage {
  requests: RequestEntry[];
  /** Where the next page begins; null at the end. */
  next: RequestCursor | null;
}

/** Reads the records of settled requests. Every method throws SQLite's errors. */
export interface RequestLogStore {
  /**
   * At most `limit` requests before the cursor, the newest first. One page looks at no more than some
   * thousand requests, so a page of rare ones may be short, or empty, and still have a next one.
   */
  page(filter: RequestFilter, before: RequestCursor | null, limit: number): RequestPage;
  /** All with this id, the newest first, at most a hundred: a client may choose the id. */
  find(id: string): ToldRequest[];
}

/** Requests that one page looks at: some 20 ms. */
const MAX_LOOKED_AT = 50_000;
const MAX_SAME_ID = 100;

const COLUMNS = `
  row_id AS rowId, id, started_at AS startedAt, method, path, client_key_id AS clientKeyId, model,
  model_is_public AS modelIsPublic, upstream, stream, status, outcome, error_code AS errorCode,
  attempts, failures, queue_ms AS queueMs, prompt_tokens AS promptTokens,
  completion_tokens AS completionTokens, reasoning_tokens AS reasoningTokens,
  cached_tokens AS cachedTokens, first_byte_ms AS firstByteMs, duration_ms AS durationMs,
  client_address AS clientAddress, user_agent AS userAgent, edit_conflicts AS editConflicts`;

/** Which requests a page looks at, and the index that has them in order. */
const WALKS = {
  all: { index: 'requests_by_start', condition: 'TRUE' },
  imperfect: {
    index: 'requests_imperfect',
    condition: "(status <> 200 OR outcome <> 'completed')",
  },
} as const;

type Walk = keyof typeof WALKS;

const lookedAt = (walk: Walk) => `
  SELECT started_at, row_id, status, outcome, model, upstream, client_key_id
  FROM requests INDEXED BY ${WALKS[walk].index}
  WHERE ${WALKS[walk].condition} AND started_at >= $fromMs
    AND (started_at, row_id) < ($startedAt, $rowId)
  ORDER BY started_at DESC, row_id DESC LIMIT ${MAX_LOOKED_AT}`;

/** Filters on what the index has; the rest of a row is read only when the row is on the page. */
const pageOf = (walk: Walk) => `
  SELECT ${COLUMNS} FROM requests WHERE row_id IN (
    SELECT row_id FROM (${lookedAt(walk)})
    WHERE ($minStatus IS NULL OR status BETWEEN $minStatus AND $maxStatus)
      AND ($outcome IS NULL OR outcome = $outcome)
      AND ($model IS NULL OR model = $model)
      AND ($upstream IS NULL OR upstream = $upstream)
      AND ($clientKeyId IS NULL OR client_key_id = $clientKeyId)
    LIMIT $limit
  ) ORDER BY started_at DESC, row_id DESC`;

const lastLookedAt = (walk: Walk) => `
  SELECT started_at AS startedAt, row_id AS rowId FROM (${lookedAt(walk)})
  LIMIT 1 OFFSET ${MAX_LOOKED_AT - 1}`;

const FIND = `
  SELECT ${COLUMNS}, story FROM requests WHERE id = $id
  ORDER BY started_at DESC, row_id DESC LIMIT ${MAX_SAME_ID}`;

/** Makes the store of an opened database, which stays the caller's to close. */
export function createRequestLogStore(database: Database): RequestLogStore {
  const find = database.prepare<Row & { story: string | null }, [Params]>(FIND);
  return {
    page(filter, before, limit) {
      const walk = walkFor(filter);
      const params = toParams(filter, before);
      const page = database.query<Row, [Params]>(pageOf(walk));
      const found = page.all({ ...params, limit: limit + 1 }).map(toEntry);
      const requests = found.slice(0, limit);
      const last = found.length > limit ? requests.at(-1) : undefined;
      if (last !== undefined) {
        return { requests, next: { startedAt: last.startedAt, rowId: last.rowId } };
      }
      const end = database.query<RequestCursor, [Params]>(lastLookedAt(walk));
      return { requests, next: end.get(params) };
    },
    find: (id) =>
      find.all({ id }).map(({ story, ...row }) => ({ ...toEntry(row), story: decodeStory(story) })),
  };
}

type Params = Record<string, string | number | null>;

type Row = Omit<RequestEntry, 'stream' | 'modelIsPublic' | 'failures'> & {
  stream: number;
  modelIsPublic: number;
  failures: string | null;
};

function walkFor({ status, outcome }: RequestFilter): Walk {
  const mayBe200 = status === null || (status.min <= 200 && status.max >= 200);
  return mayBe200 && (outcome ?? 'completed') === 'completed' ? 'all' : 'imperfect';
}

function toParams(filter: RequestFilter, before: RequestCursor | null): Params {
  const { fromMs, toMs, status, model, clientKeyId, upstream, outcome } = filter;
  const begin = before !== null && before.startedAt < toMs ? before : { startedAt: toMs, rowId: 0 };
  return {
    fromMs,
    ...begin,
    minStatus: status?.min ?? null,
    maxStatus: status?.max ?? null,
    model,
    clientKeyId,
    upstream,
    outcome,
  };
}

function toEntry(row: Row): RequestEntry {
  return {
    ...row,
    modelIsPublic: row.modelIsPublic === 1,
    stream: row.stream === 1,
    failures: row.failures?.split(' ') ?? [],
  };
}
