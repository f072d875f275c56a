import { Elysia } from 'elysia';
import { InvalidRequestError } from '../errors.ts';
import { adminAuth } from '../http/client-auth.ts';
import { CSV_TYPE } from '../stats/csv.ts';
import type { RequestCursor, RequestFilter, RequestLogStore } from '../stats/request-log-store.ts';
import type { RequestRecorder } from '../stats/request-recorder.ts';
import { UnknownRequestError } from '../stats/unknown-request-error.ts';
import { optionalTexts, readCount, readRange, readWord } from './query-values.ts';
import { EXPORT_REQUESTS, FIND_REQUEST, LIST_REQUESTS } from './requests-docs.ts';
import {
  REQUEST_HEADER,
  readCursorText,
  toCursorText,
  toRequestLine,
  toRequestObject,
  toToldRequestObject,
} from './requests-view.ts';

export interface RequestRouteOptions {
  adminKey: string;
  recorder: Pick<RequestRecorder, 'flush'>;
  requestLog: RequestLogStore;
}

const FILTERS = ['from', 'to', 'status', 'model', 'key', 'upstream', 'outcome'] as const;
const FILTER = optionalTexts(...FILTERS);
const PAGE = optionalTexts(...FILTERS, 'before', 'limit');

const OUTCOMES = ['completed', 'failed', 'cancelled'] as const;

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/**
 * `GET /v1/requests`, `GET /v1/requests/:id` and `GET /v1/requests.csv` (admin key): the settled
 * requests, the newest first, those settled a moment ago included.
 */
export const requestRoutes = ({ adminKey, recorder, requestLog }: RequestRouteOptions) =>
  new Elysia({ name: 'request-routes' })
    .use(adminAuth({ key: adminKey }))
    .get(
      '/v1/requests',
      ({ query }) => {
        const filter = readFilter(query);
        const limit = readCount('limit', query.limit, MAX_LIMIT) ?? DEFAULT_LIMIT;
        const before = readCursor(query.before);
        recorder.flush();
        const { requests, next } = requestLog.page(filter, before, limit);
        return {
          object: 'list' as const,
          data: requests.map(toRequestObject),
          has_more: next !== null,
          next_before: next && toCursorText(next),
        };
      },
      { query: PAGE, detail: LIST_REQUESTS },
    )
    .get(
      '/v1/requests.csv',
      ({ query }) => {
        const filter = readFilter(query);
        recorder.flush();
        return new Response(exportAll(requestLog, filter), {
          headers: {
            'content-type': CSV_TYPE,
            'content-disposition': 'attachment; filename="requests.csv"',
          },
        });
      },
      { query: FILTER, detail: EXPORT_REQUESTS },
    )
    .get(
      '/v1/requests/:id',
      ({ params: { id } }) => {
        recorder.flush();
        const found = requestLog.find(id);
        if (found.length === 0) throw new UnknownRequestError(id);
        return { object: 'list' as const, data: found.map(toToldRequestObject) };
      },
      { detail: FIND_REQUEST },
    );

/** Page by page, as fast as the client reads; the thread is free in between. */
function exportAll(requestLog: RequestLogStore, filter: RequestFilter): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let before: RequestCursor | null = null;
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(REQUEST_HEADER)),
    async pull(controller) {
      await Bun.sleep(0);
      const { requests, next } = requestLog.page(filter, before, MAX_LIMIT);
      controller.enqueue(encoder.encode(requests.map(toRequestLine).join('')));
      if (next === null) controller.close();
      before = next;
    },
  });
}

function readFilter(query: typeof FILTER.static): RequestFilter {
  const { fromMs, toMs } = readRange(query);
  return {
    fromMs: fromMs ?? 0,
    toMs: toMs ?? Number.MAX_SAFE_INTEGER,
    status: readStatus(query.status),
    model: query.model || null,
    clientKeyId: query.key || null,
    upstream: query.upstream || null,
    outcome: readWord('outcome', query.outcome, OUTCOMES) ?? null,
  };
}

/** `502`, or a class: `5xx`. */
function readStatus(text: string | undefined): RequestFilter['status'] {
  if (!text) return null;
  const [, first, rest] = /^([1-5])(\d\d|xx)$/i.exec(text) ?? [];
  if (first === undefined || rest === undefined) {
    const message = "'status' must be an HTTP status like 502, or a class of them like 5xx.";
    throw new InvalidRequestError(message, 'status', 'invalid_value');
  }
  const isClass = rest.toLowerCase() === 'xx';
  const min = Number(first) * 100 + (isClass ? 0 : Number(rest));
  return { min, max: isClass ? min + 99 : min };
}

function readCursor(text: string | undefined): RequestCursor | null {
  if (!text) return null;
  const cursor = readCursorText(text);
  if (cursor !== null) return cursor;
  const message = "'before' must be the 'next_before' of an earlier page.";
  throw new InvalidRequestError(message, 'before', 'invalid_value');
}
