import { type GatewayError, InternalError } from '../errors.ts';
import type { Logger } from '../lib/log.ts';
import type { RequestRecord } from '../stats/request-record.ts';

/** Counts a settled chat and writes its one line. `error` is null when it completed. */
export type SettleChat = (record: RequestRecord, error: GatewayError | null) => void;

interface SettleChatOptions {
  /** Each is told of every settled chat, once. None may throw. */
  onSettled: readonly ((record: RequestRecord) => void)[];
  log: Logger;
}

/** Neither the line nor the record holds a prompt, a reply, a key or a credential. */
export function createSettleChat({ onSettled, log }: SettleChatOptions): SettleChat {
  return (record, error) => {
    for (const tell of onSettled) tell(record);
    log.info(
      { ...lineOf(record), ...(error !== null && { error: error.message }) },
      'chat settled',
    );
    if (error instanceof InternalError) {
      log.error({ requestId: record.id, err: error.cause }, 'defect');
    }
  };
}

/** What is read in a log; the whole story is in the database. */
function lineOf(record: RequestRecord): object {
  const {
    id: requestId,
    startedAt: _startedAt,
    method: _method,
    path: _path,
    clientKeyId: _clientKeyId,
    modelIsPublic: _modelIsPublic,
    queueMs: _queueMs,
    story: _story,
    firstByteMs,
    durationMs,
    ...fields
  } = record;
  return {
    requestId,
    ...fields,
    firstByteMs: firstByteMs === null ? null : Math.round(firstByteMs),
    durationMs: Math.round(durationMs),
  };
}
