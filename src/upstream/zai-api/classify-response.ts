import { isRecord } from '../../lib/is-record.ts';
import { parseJson } from '../../lib/parse-json.ts';
import { type UpstreamFailure, upstreamFailure } from '../../upstream-failure.ts';
import { classifyApiError, findApiError } from '../../zai-api-failure.ts';
import type { FailedAnswer } from '../http-call.ts';

/** What an HTTP response that brings no stream says about the attempt. */
export function classifyApiResponse(answer: FailedAnswer): UpstreamFailure {
  const failure = classifyBody(answer);
  return { ...failure, retryAfterMs: failure.retryAfterMs ?? answer.retryAfterMs };
}

/** A page comes first: whoever wrote it (a firewall, a website) knows nothing of the API's codes. */
function classifyBody({ status, contentType, body }: FailedAnswer): UpstreamFailure {
  const fail = (kind: 'address-blocked' | 'broken-stream' | 'unavailable', message: string) =>
    upstreamFailure(kind, message, { status });
  if (status >= 300 && status < 400) {
    return fail('unavailable', `The API redirects instead of answering (status ${status}).`);
  }
  const succeeded = status >= 200 && status < 300;
  if (contentType?.includes('text/html')) {
    if (succeeded) return fail('unavailable', 'At the base URL is a website, not an API.');
    if (status !== 403) return classifyApiError({ code: null, message: null }, status);
    return fail('address-blocked', "A firewall before the API refuses the gateway's address.");
  }
  const answered = parseJson(body);
  const error = findApiError(answered);
  if (error !== null) return classifyApiError(error, status);
  if (!succeeded) {
    return classifyApiError({ code: null, message: body.replace(/\s+/g, ' ') }, status);
  }
  return isRecord(answered) && Array.isArray(answered.choices)
    ? fail('broken-stream', 'The API answered in one piece, although a stream was asked for.')
    : fail('unavailable', 'The API answered with something other than a stream.');
}
