import type { RequestRecord } from '../stats/request-record.ts';
import type { TraceHeaders } from '../upstream/upstream-request.ts';
import type { ChatCall } from './chat-call.ts';

/** One chat, as it is traced. */
export interface ChatTrace {
  /** An attempt begins, in the order in which they do: what its request is to carry. */
  attempted(): TraceHeaders;
  /** Called once, last. */
  settled(record: RequestRecord): void;
}

/** Begins the trace of a chat; null = none is wanted. Neither it nor the trace may throw. */
export type TraceChat = (call: ChatCall) => ChatTrace | null;
