import { type UpstreamFailure, upstreamFailure } from '../upstream-failure.ts';
import { type FailedAnswer, type HttpCall, makeCall, readFailedAnswer } from './http-call.ts';
import type { OpenedReply } from './upstream-result.ts';

/** Who answers. */
export interface Answerer {
  /** As it is called at the beginning of a sentence. */
  name: string;
  /** What an answer that brings no stream comes to. */
  classify: (answer: FailedAnswer) => UpstreamFailure;
}

/** What a 200 that is not a stream calls itself: an error or a whole completion, or a page. */
const NOT_A_STREAM = /^(application\/json|text\/html)\b/i;

/**
 * Makes the call of a completion, and hands over the body of a 200 as server-sent events, unread.
 * Every other answer, and none, is a failure. Rejects only when `signal` aborts, with its reason.
 */
export async function openBody(
  call: HttpCall,
  { name, classify }: Answerer,
  signal: AbortSignal,
): Promise<OpenedReply> {
  const made = await makeCall(call, signal);
  if (!made.ok) return made;
  const response = made.value;
  const { status, headers, body } = response;
  if (!response.ok || NOT_A_STREAM.test(headers.get('content-type') ?? '')) {
    return { ok: false, failure: classify(await readFailedAnswer(call, response, signal)) };
  }
  if (body !== null) return { ok: true, value: body };
  const failure = upstreamFailure('empty-reply', `${name} answered without a body.`, { status });
  return { ok: false, failure };
}
