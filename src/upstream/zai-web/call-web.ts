import type { UpstreamFailure } from '../../upstream-failure.ts';
import { failedAnswer, type HttpCall, makeCall, readFailedAnswer } from '../http-call.ts';
import type { UpstreamResult } from '../upstream-result.ts';
import { classifyFailure } from './classify-failure.ts';

/**
 * Calls the web chat. Every answer but 2xx is a failure, as is no answer at all. Rejects only when
 * `signal` aborts, with its reason.
 */
export async function callWeb(
  call: HttpCall,
  signal: AbortSignal,
): Promise<UpstreamResult<Response>> {
  const made = await makeCall(call, signal);
  if (!made.ok || made.value.ok) return made;
  const answer = await readFailedAnswer(call, made.value, signal);
  return { ok: false, failure: classifyFailure(answer) };
}

/** Classifies a response whose body has been read. */
export function classifyResponse(
  call: HttpCall,
  response: Response,
  body: string,
): UpstreamFailure {
  return classifyFailure(failedAnswer(call, response, body));
}
