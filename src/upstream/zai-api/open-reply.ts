import type { HttpCall } from '../http-call.ts';
import { openBody } from '../open-body.ts';
import type { ApiExchange } from '../upstream-request.ts';
import type { OpenedReply } from '../upstream-result.ts';
import { buildApiRequest } from './build-request.ts';
import { classifyApiResponse } from './classify-response.ts';

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
  return openBody(call, { name: 'The API', classify: classifyApiResponse }, signal);
}
