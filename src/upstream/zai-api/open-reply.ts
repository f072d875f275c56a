import { type UpstreamFailure, upstreamFailure } from '../../upstream-failure.ts';
import type { ApiExchange } from '../upstream-request.ts';
import { describeNetworkError, type WebCall } from '../zai-web/call-web.ts';
import type { OpenedReply } from '../zai-web/open-reply.ts';
import { readLimitedText } from '../zai-web/read-limited-text.ts';
import { parseRetryAfter } from '../zai-web/retry-after.ts';
import { buildApiRequest } from './build-request.ts';
import { classifyApiResponse } from './classify-response.ts';

/** What a 200 that is not a stream calls itself: an error or a whole completion, or a page. */
const NOT_A_STREAM = /^(application\/json|text\/html)\b/i;

/** How much of a failed answer is read: its error is near the beginning. */
const MAX_ERROR_BYTES = 64 * 1024;

/**
 * Opens one reply on the official API's wire: sends the completion, and hands over the body of a 200
 * as server-sent events, unread. Failures of HTTP are values, classified; those inside the stream are
 * the reader's. Runs on a worker thread.
 *
 * Aborting `signal` closes the connection at any time, also while the body is being read; a call
 * still under way then rejects with the signal's reason, and never for another cause.
 */
export async function openApiReply(
  exchange: ApiExchange,
  signal: AbortSignal,
): Promise<OpenedReply> {
  const { proxyUrl, credential } = exchange;
  const request = buildApiRequest(exchange);
  const call: WebCall = { method: 'POST', ...request, proxyUrl, secret: credential.secret };
  let response: Response;
  try {
    response = await fetch(request.url, {
      method: 'POST',
      headers: request.headers,
      body: request.body,
      // Without `false`, Bun takes a proxy from the environment that the settings may have ruled out.
      proxy: proxyUrl ?? false,
      redirect: 'manual',
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, failure: describeNetworkError(call, error) };
  }
  return takeBody(call, response, signal);
}

async function takeBody(
  call: WebCall,
  response: Response,
  signal: AbortSignal,
): Promise<OpenedReply> {
  const { status, headers, body } = response;
  if (!response.ok || NOT_A_STREAM.test(headers.get('content-type') ?? '')) {
    return { ok: false, failure: await readFailure(call, response, signal) };
  }
  if (body !== null) return { ok: true, body };
  const failure = upstreamFailure('empty-reply', 'The API answered without a body.', { status });
  return { ok: false, failure };
}

async function readFailure(
  { secret }: WebCall,
  response: Response,
  signal: AbortSignal,
): Promise<UpstreamFailure> {
  let body = '';
  try {
    body = await readLimitedText(response, MAX_ERROR_BYTES);
  } catch {
    signal.throwIfAborted(); // else the connection broke: the status still says something
  }
  const { status, headers } = response;
  return classifyApiResponse({
    status,
    contentType: headers.get('content-type'),
    retryAfterMs: parseRetryAfter(headers.get('retry-after'), Date.now()),
    body: secret ? body.replaceAll(secret, '[credential]') : body,
  });
}
