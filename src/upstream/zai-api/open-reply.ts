import { upstreamFailure } from '../../upstream-failure.ts';
import { type HttpCall, makeCall, readFailedAnswer } from '../http-call.ts';
import type { ApiExchange } from '../upstream-request.ts';
import type { OpenedReply } from '../upstream-result.ts';
import { buildApiRequest } from './build-request.ts';
import { classifyApiResponse } from './classify-response.ts';

/** What a 200 that is not a stream calls itself: an error or a whole completion, or a page. */
const NOT_A_STREAM = /^(application\/json|text\/html)\b/i;

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
  const secret = credential.secret === '' ? null : credential.secret;
  const call: HttpCall = { method: 'POST', ...buildApiRequest(exchange), proxyUrl, secret };
  const made = await makeCall(call, signal);
  return made.ok ? takeBody(call, made.value, signal) : made;
}

async function takeBody(
  call: HttpCall,
  response: Response,
  signal: AbortSignal,
): Promise<OpenedReply> {
  const { status, headers, body } = response;
  if (!response.ok || NOT_A_STREAM.test(headers.get('content-type') ?? '')) {
    const answer = await readFailedAnswer(call, response, signal);
    return { ok: false, failure: classifyApiResponse(answer) };
  }
  if (body !== null) return { ok: true, value: body };
  const failure = upstreamFailure('empty-reply', 'The API answered without a body.', { status });
  return { ok: false, failure };
}
