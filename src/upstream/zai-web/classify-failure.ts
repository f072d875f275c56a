import { parseJson } from '../../lib/parse-json.ts';
import { type UpstreamFailure, upstreamFailure } from '../../upstream-failure.ts';
import { classifyWebError } from '../../zai-web-failure.ts';
import type { FailedAnswer } from '../http-call.ts';
import { findBodyError } from './find-body-error.ts';

/** With these, a page instead of JSON is the WAF's, whose usual sign is 405. */
const BLOCKED_STATUSES: ReadonlySet<number> = new Set([403, 405]);

/**
 * What an HTTP response says about the attempt. A page comes first: a WAF in front of the
 * service knows nothing of its error codes. Then the service's own error, wherever its JSON has it,
 * then the bare status.
 */
export function classifyFailure(answer: FailedAnswer): UpstreamFailure {
  const failure = classifyBody(answer);
  return { ...failure, retryAfterMs: failure.retryAfterMs ?? answer.retryAfterMs };
}

function classifyBody({ status, contentType, body }: FailedAnswer): UpstreamFailure {
  const succeeded = status >= 200 && status < 300;
  if (status >= 300 && status < 400) {
    return upstreamFailure(
      'unavailable',
      `Z.ai redirects instead of answering (status ${status}).`,
      { status },
    );
  }
  if (isPage(contentType, body)) {
    if (!succeeded && !BLOCKED_STATUSES.has(status)) {
      return classifyWebError({ code: null, detail: null }, status);
    }
    const message = `Z.ai's firewall refuses the gateway's address (a page, status ${status}).`;
    return upstreamFailure('address-blocked', message, { status });
  }
  const error = findBodyError(parseJson(body));
  if (error !== null) return classifyWebError(error, status);
  if (succeeded) {
    const message = 'Z.ai answered with something other than what was asked for.';
    return upstreamFailure('unavailable', message, { status });
  }
  return classifyWebError({ code: null, detail: body.replace(/\s+/g, ' ') }, status);
}

function isPage(contentType: string | null, body: string): boolean {
  return contentType?.includes('text/html') === true || /^\s*<(!doctype|html)/i.test(body);
}
