import { toCsvLine } from '../stats/csv.ts';
import type { RequestCursor, RequestEntry, ToldRequest } from '../stats/request-log-store.ts';
import type { AttemptStory } from '../stats/request-story.ts';

/** A request as the API shows it. Times are whole ms; null = unknown. */
export function toRequestObject(entry: RequestEntry) {
  return {
    object: 'request' as const,
    id: entry.id,
    row_id: entry.rowId,
    started_at: new Date(entry.startedAt).toISOString(),
    method: entry.method,
    path: entry.path,
    client_key_id: entry.clientKeyId,
    model: entry.model,
    upstream: entry.upstream,
    stream: entry.stream,
    status: entry.status,
    outcome: entry.outcome,
    error_code: entry.errorCode,
    attempts: entry.attempts,
    failures: entry.failures,
    queue_ms: rounded(entry.queueMs),
    prompt_tokens: entry.promptTokens,
    completion_tokens: entry.completionTokens,
    reasoning_tokens: entry.reasoningTokens,
    cached_tokens: entry.cachedTokens,
    first_byte_ms: rounded(entry.firstByteMs),
    duration_ms: Math.round(entry.durationMs),
    client_address: entry.clientAddress,
    user_agent: entry.userAgent,
    edit_conflicts: entry.editConflicts,
  };
}

/** A request with its whole story. */
export function toToldRequestObject({ story, ...entry }: ToldRequest) {
  return {
    ...toRequestObject(entry),
    story: story && { attempts: story.attempts.map(toAttemptObject), omitted: story.omitted },
  };
}

/** The line of names above `toRequestLine`. */
export const REQUEST_HEADER = toCsvLine([
  'id',
  'row_id',
  'started_at',
  'method',
  'path',
  'client_key_id',
  'model',
  'upstream',
  'stream',
  'status',
  'outcome',
  'error_code',
  'attempts',
  'failures',
  'queue_ms',
  'prompt_tokens',
  'completion_tokens',
  'reasoning_tokens',
  'cached_tokens',
  'first_byte_ms',
  'duration_ms',
  'client_address',
  'user_agent',
  'edit_conflicts',
]);

/** A request as a line of a table, with the columns of `toRequestObject`. */
export function toRequestLine(entry: RequestEntry): string {
  const { object: _, ...columns } = toRequestObject(entry);
  return toCsvLine(
    Object.values(columns).map((value) =>
      typeof value === 'object' ? (value?.join(' ') ?? null) : value,
    ),
  );
}

/** A cursor as text: opaque to clients. */
export function toCursorText({ startedAt, rowId }: RequestCursor): string {
  return `${startedAt}-${rowId}`;
}

/** What `toCursorText` was made of; null for any other text. */
export function readCursorText(text: string): RequestCursor | null {
  const [, startedAt, rowId] = /^(\d{1,15})-(\d{1,15})$/.exec(text) ?? [];
  if (startedAt === undefined) return null;
  return { startedAt: Number(startedAt), rowId: Number(rowId) };
}

function toAttemptObject(attempt: AttemptStory) {
  const { failure } = attempt;
  return {
    number: attempt.number,
    upstream: attempt.upstream,
    credential_id: attempt.credentialId,
    state: attempt.state,
    lease_ms: attempt.leaseMs,
    started_at_ms: attempt.startedAtMs,
    prepared_at_ms: attempt.preparedAtMs,
    first_byte_at_ms: attempt.firstByteAtMs,
    ended_at_ms: attempt.endedAtMs,
    failure: failure && {
      kind: failure.kind,
      message: failure.message,
      status: failure.status,
      upstream_code: failure.upstreamCode,
    },
  };
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}
