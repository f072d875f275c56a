import { isRecord } from '../../lib/is-record.ts';
import { parseJson } from '../../lib/parse-json.ts';
import { type HttpCall, readAnswerText } from '../http-call.ts';
import type { UpstreamResult } from '../upstream-result.ts';
import { callWeb, classifyResponse } from './call-web.ts';
import { findBodyError } from './find-body-error.ts';

/** How much of an answer is read. The longest, the model list, is some 50 kB. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * `callWeb` for the calls that answer with a JSON object. A page, an error inside a 200, or anything
 * else that is not such an object, is a failure.
 */
export async function callWebJson(
  call: HttpCall,
  signal: AbortSignal,
): Promise<UpstreamResult<Record<string, unknown>>> {
  const called = await callWeb(call, signal);
  if (!called.ok) return called;
  const read = await readAnswerText(call, called.value, MAX_ANSWER_BYTES, signal);
  if (!read.ok) return read;
  const answer = parseJson(read.value);
  if (isRecord(answer) && findBodyError(answer) === null) return { ok: true, value: answer };
  return { ok: false, failure: classifyResponse(call, called.value, read.value) };
}
