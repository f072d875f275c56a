import { type UpstreamFailure, upstreamFailure } from '../upstream-failure.ts';
import { readLimitedText } from './read-limited-text.ts';
import { parseRetryAfter } from './retry-after.ts';
import type { UpstreamResult } from './upstream-result.ts';

/** One HTTP call to an upstream. */
export interface HttpCall {
  method: 'GET' | 'POST' | 'DELETE';
  url: string;
  headers: Record<string, string>;
  body?: string | FormData;
  /** null = straight. */
  proxyUrl: string | null;
  /** The credential the call carries; null when none. Kept out of every message. */
  secret: string | null;
}

/** What is known of an HTTP response that does not bring what was asked for. */
export interface FailedAnswer {
  status: number;
  contentType: string | null;
  retryAfterMs: number | null;
  /** The beginning of the body, without secrets. */
  body: string;
}

/** How much of a failed answer is read: its error is near the beginning. */
const MAX_ERROR_BYTES = 64 * 1024;

/**
 * Makes a call: no cookies (they stick a caller to one guest), no redirects (an API that redirects is
 * not the API). Any answer is a value; none is the failure `unreachable`. Rejects only when `signal`
 * aborts, with its reason.
 *
 * A URL may carry the credential, and errors of `fetch` carry the URL: neither gets out of here.
 */
export async function makeCall(
  call: HttpCall,
  signal: AbortSignal,
): Promise<UpstreamResult<Response>> {
  try {
    const response = await fetch(call.url, {
      method: call.method,
      headers: call.headers,
      body: call.body ?? null,
      // Without `false`, Bun takes a proxy from the environment that the settings may have ruled out.
      proxy: call.proxyUrl ?? false,
      redirect: 'manual',
      signal,
    });
    return { ok: true, value: response };
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, failure: describeNetworkError(call, error) };
  }
}

/** Reads an answer as text, up to `maxBytes`. Rejects only when `signal` aborts, with its reason. */
export async function readAnswerText(
  call: HttpCall,
  response: Response,
  maxBytes: number,
  signal: AbortSignal,
): Promise<UpstreamResult<string>> {
  try {
    return { ok: true, value: await readLimitedText(response, maxBytes) };
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, failure: describeNetworkError(call, error) };
  }
}

/** Reads what a failed response has to say, up to 64 kB. Rejects only when `signal` aborts. */
export async function readFailedAnswer(
  call: HttpCall,
  response: Response,
  signal: AbortSignal,
): Promise<FailedAnswer> {
  let body = '';
  try {
    body = await readLimitedText(response, MAX_ERROR_BYTES);
  } catch {
    signal.throwIfAborted(); // else the connection broke: the status still says something
  }
  return failedAnswer(call, response, body);
}

/** A response whose body has been read, without the call's secret. */
export function failedAnswer(
  { secret }: HttpCall,
  { status, headers }: Response,
  body: string,
): FailedAnswer {
  return {
    status,
    contentType: headers.get('content-type'),
    retryAfterMs: parseRetryAfter(headers.get('retry-after'), Date.now()),
    body: secret === null ? body : body.replaceAll(secret, '[credential]'),
  };
}

/** The failure of a call whose connection did not come about, or broke. */
function describeNetworkError(call: HttpCall, error: unknown): UpstreamFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  const way = call.proxyUrl === null ? '' : ' through the proxy';
  const message = `${new URL(call.url).host} could not be reached${way} (${code}).`;
  return upstreamFailure('unreachable', message);
}
