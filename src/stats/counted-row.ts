import type { CountedRequest } from './request-sums.ts';

/** What is counted of a request, as a list for SELECT. */
export const COUNTED_COLUMNS = `
  started_at AS startedAt, client_key_id AS clientKeyId, model, model_is_public AS modelIsPublic,
  upstream, outcome, error_code AS errorCode, attempts, prompt_tokens AS promptTokens,
  completion_tokens AS completionTokens, reasoning_tokens AS reasoningTokens,
  cached_tokens AS cachedTokens, first_byte_ms AS firstByteMs, duration_ms AS durationMs,
  edit_conflicts AS editConflicts`;

/** A row of `COUNTED_COLUMNS`: SQLite has no booleans. */
export type CountedRow = Omit<CountedRequest, 'modelIsPublic'> & { modelIsPublic: number };

/** The request that a row is of. */
export function toCountedRequest<Row extends CountedRow>(
  row: Row,
): Omit<Row, 'modelIsPublic'> & Pick<CountedRequest, 'modelIsPublic'> {
  return { ...row, modelIsPublic: row.modelIsPublic === 1 };
}
