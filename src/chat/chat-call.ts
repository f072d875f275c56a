import type { ChatCompletionRequest } from '../openai/chat-request.ts';

/** One request for a chat completion, as the edge hands it in: authenticated and validated. */
export interface ChatCall {
  request: ChatCompletionRequest;
  /** The header `x-thinking-mode`, as it came. */
  thinkingMode: string | null;
  requestId: string;
  /** Of the HTTP request. */
  method: string;
  path: string;
  /** Whose request it is: the id of the client key it showed; null when none is asked for. */
  clientKeyId: string | null;
  /** When the request came: `performance.now()`, for durations. */
  receivedAt: number;
  clientAddress: string | null;
  userAgent: string | null;
  /** The headers `traceparent` and `tracestate`, as they came. */
  traceContext: { traceparent: string | null; tracestate: string | null };
  /** Aborts when the client closes its connection. */
  signal: AbortSignal;
}
