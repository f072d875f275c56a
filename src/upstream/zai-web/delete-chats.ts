import { parseJson } from '../../lib/parse-json.ts';
import type { UpstreamFailure } from '../../upstream-failure.ts';
import { type HttpCall, readAnswerText } from '../http-call.ts';
import { callWeb, classifyResponse } from './call-web.ts';
import { findBodyError } from './find-body-error.ts';
import { browserHeaders } from './headers.ts';
import type { WebSite } from './web-site.ts';

/** The answer is `true`, in the Open WebUI that the service grew from; an error is longer. */
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Deletes all chats of a credential on the server, which frees what a guest may have at once
 * (reported 2025-11). null when that is done, else why not. Rejects only when `signal` aborts.
 */
export async function deleteChats(
  site: WebSite,
  secret: string,
  signal: AbortSignal,
): Promise<UpstreamFailure | null> {
  const call: HttpCall = {
    method: 'DELETE',
    url: `${site.baseUrl}/api/v1/chats/`,
    headers: { ...browserHeaders(site, '/'), Authorization: `Bearer ${secret}` },
    proxyUrl: site.proxyUrl,
    secret,
  };
  const called = await callWeb(call, signal);
  if (!called.ok) return called.failure;
  const read = await readAnswerText(call, called.value, MAX_ANSWER_BYTES, signal);
  if (!read.ok) return read.failure;
  const text = read.value;
  const answer = parseJson(text);
  const isDone = text === '' || (answer !== undefined && findBodyError(answer) === null);
  return isDone ? null : classifyResponse(call, called.value, text);
}
