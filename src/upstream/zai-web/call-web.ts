import { type UpstreamFailure, upstreamFailure } from '../../upstream-failure.ts';
import type { UpstreamResult } from '../upstream-result.ts';
import { classifyFailure } from './classify-failure.ts';
import { readLimitedText } from './read-limited-text.ts';
import { parseRetryAfter } from './retry-after.ts';

/** One HTTP call to the web chat. */
export interface WebCall {
  method: 'GET' | 'POST' | 'DELETE';
  url: string;
  headers: Record<string, string>;
  body?: string | FormData;
  /** null = straight. */
  proxyUrl: string | null;
  /** The credential the call carries; null when none. Kept out of every message. */
  secret: string | null;
}

/** How much of a failed answer is read: its error is near the beginning. */
const MAX_ERROR_BYTES = 64 * 1024;

/**
 * Calls the web chat: no cookies (they stick a caller to one guest), no redirects (an API that
 * redirects is not the API). Every answer but 2xx is a failure, as is no answer at all. Rejects only
 * when `signal` aborts, with its reason.
 *
 * A URL may carry the credential, and errors of `fetch` carry the URL: neither gets out of here.
 */
export async function callWeb(
  call: WebCall,
  signal: AbortSignal,
): Promise<UpstreamResult<Response>> {
  let response: Response;
  try {
    response = await fetch(call.url, {
      method: call.method,
      headers: call.headers,
      body: call.body ?? null,
      // Without `false`, Bun takes a proxy from the environment that the settings may have ruled out.
      proxy: call.proxyUrl ?? false,
      redirect: 'manual',
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, failure: describeNetworkError(call, error) };
  }
  if (response.ok) return { ok: true, value: response };
  return { ok: false, failure: await readFailure(call, response, signal) };
}

/** Reads what a response has to say, up to 64 kB, and classifies it: its status may be 200. */
export async function readFailure(
  call: WebCall,
  response: Response,
  signal: AbortSignal,
): Promise<UpstreamFailure> {
  let body = '';
  try {
    body = await readLimitedText(response, MAX_ERROR_BYTES);
  } catch {
    signal.throwIfAborted(); // else the connection broke: the status still says something
  }
  return classifyResponse(call, response, body);
}

/** Classifies a response whose body has been read, without repeating the call's secret. */
export function classifyResponse(call: WebCall, response: Response, body: string): UpstreamFailure {
  return classifyFailure({
    status: response.status,
    contentType: response.headers.get('content-type'),
    retryAfterMs: parseRetryAfter(response.headers.get('retry-after'), Date.now()),
    body: call.secret === null ? body : body.replaceAll(call.secret, '[credential]'),
  });
}

/** The failure of a call whose connection did not come about, or broke. */
export function describeNetworkError(call: WebCall, error: unknown): UpstreamFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  const way = call.proxyUrl === null ? '' : ' through the proxy';
  const message = `${new URL(call.url).host} could not be reached${way} (${code}).`;
  return upstreamFailure('unreachable', message);
}
