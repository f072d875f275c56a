import { isRecord } from '../../lib/is-record.ts';
import { parseJson } from '../../lib/parse-json.ts';
import { findApiError } from '../../zai-api-failure.ts';
import { failedAnswer, type HttpCall, makeCall, readAnswerText } from '../http-call.ts';
import type { UpstreamResult } from '../upstream-result.ts';
import { apiHeaders } from './api-headers.ts';
import type { ApiSite } from './api-site.ts';
import { classifyApiResponse } from './classify-response.ts';

/** How much of an answer is read. The longest are lists of models, of a few kB. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * Calls the API for a JSON object, at a path below its base URL. A page, an error, or anything else
 * that is not such an object, is a failure. Rejects only when `signal` aborts, with its reason.
 *
 * @param secret the key; '' = without one.
 */
export async function callApi(
  { baseUrl, proxyUrl }: ApiSite,
  { path, secret, body }: { path: string; secret: string; body?: object },
  signal: AbortSignal,
): Promise<UpstreamResult<Record<string, unknown>>> {
  const call: HttpCall = {
    method: body === undefined ? 'GET' : 'POST',
    url: apiUrl(baseUrl, path),
    headers: {
      ...apiHeaders(secret),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    proxyUrl,
    secret: secret === '' ? null : secret,
  };
  const made = await makeCall(call, signal);
  return made.ok ? readAnswer(call, made.value, signal) : made;
}

async function readAnswer(
  call: HttpCall,
  response: Response,
  signal: AbortSignal,
): Promise<UpstreamResult<Record<string, unknown>>> {
  const read = await readAnswerText(call, response, MAX_ANSWER_BYTES, signal);
  if (!read.ok) return read;
  const answer = parseJson(read.value);
  if (response.ok && isRecord(answer) && findApiError(answer) === null) {
    return { ok: true, value: answer };
  }
  return { ok: false, failure: classifyApiResponse(failedAnswer(call, response, read.value)) };
}

/** A query of the base URL stays: some gateways in front of a server want a version there. */
export function apiUrl(baseUrl: string, path: string): string {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  return url.href;
}
