/** The gateway said no, or nothing. */
export class AskError extends Error {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly retryAfterSeconds: number;

  constructor(status: number, message: string, retryAfterSeconds = 0) {
    super(message);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

interface Question {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT';
  body?: unknown;
  signal?: AbortSignal;
}

/** Of the window, when an answer says that there is no session any more. */
export const SESSION_OVER = 'session-over';

/**
 * Asks the gateway in the session of this browser; the caller knows the answer's type.
 *
 * @throws AskError, and what aborts the signal
 */
export async function ask<Answer>(path: string, question: Question = {}): Promise<Answer> {
  const { method = 'GET', body, signal } = question;
  const response = await fetch(path, {
    method,
    headers: {
      'x-dashboard': '1',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
    signal: signal ?? null,
  }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new AskError(0, String(error));
  });
  if (response.ok) return (response.status === 204 ? null : await response.json()) as Answer;
  throw await toError(response, path);
}

async function toError(response: Response, path: string): Promise<AskError> {
  const answer = await response.json().catch(() => null);
  const message = answer?.error?.message ?? response.statusText;
  const isLogin = path === '/dashboard/session';
  if (response.status === 401 && !isLogin) window.dispatchEvent(new Event(SESSION_OVER));
  return new AskError(response.status, message, Number(response.headers.get('retry-after') ?? 0));
}
