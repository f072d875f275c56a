/** How a request was settled. */
export type RequestOutcome = 'completed' | 'cancelled' | 'failed';

/** One settled request, without its prompt, its reply, or any secret. null = unknown. */
export interface RequestRecord {
  /** The request id; a client may choose it, so it need not be unique. */
  id: string;
  /** Unix ms. */
  startedAt: number;
  /** The public model name, or what the client asked for when no model has that name. */
  model: string;
  /** The upstream that served, or was the last to be tried; null when none was. */
  upstream: string | null;
  stream: boolean;
  /** HTTP status sent, or that would have been sent to a client that left. */
  status: number;
  outcome: RequestOutcome;
  /** `code` of the error the client got. */
  errorCode: string | null;
  /** Attempts made, the first included. */
  attempts: number;
  /** Which upstream failed how before it was served or given up: `zai-web:rate-limited`, in order. */
  failures: readonly string[];
  promptTokens: number | null;
  completionTokens: number | null;
  reasoningTokens: number | null;
  cachedTokens: number | null;
  /** From the request's arrival to the first byte of the reply. */
  firstByteMs: number | null;
  /** From the request's arrival to its settlement. */
  durationMs: number;
  clientAddress: string | null;
  userAgent: string | null;
  /** Upstream edits of text that had already been sent. */
  editConflicts: number;
}
