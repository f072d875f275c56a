import type { RequestStory } from './request-story.ts';

/** How a request was settled. */
export type RequestOutcome = 'completed' | 'cancelled' | 'failed';

/** One settled request, without its prompt, its reply, or any secret. null = unknown. */
export interface RequestRecord {
  /** The request id; a client may choose it, so it need not be unique. */
  id: string;
  /** Unix ms. */
  startedAt: number;
  method: string;
  path: string;
  /** Whose request it was: the id of the client key; null when none is asked for. */
  clientKeyId: string | null;
  /** The public model name, or what the client asked for when no model has that name. */
  model: string;
  /** Whether `model` is a public name, of which there are only so many. */
  modelIsPublic: boolean;
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
  /** How long it waited for a permit; null when it never had one. */
  queueMs: number | null;
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
  story: RequestStory;
}

/** What stands for all names that are no model's: a client can make up any number of them. */
const UNKNOWN_MODEL = 'unknown';

/** The model's name as statistics and metrics tell models apart: one of a bounded number. */
export function modelLabel({
  model,
  modelIsPublic,
  errorCode,
}: Pick<RequestRecord, 'model' | 'modelIsPublic' | 'errorCode'>): string {
  // An upstream that takes any name says itself which of them are none.
  return modelIsPublic && errorCode !== 'model_not_found' ? model : UNKNOWN_MODEL;
}
