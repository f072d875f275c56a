import { jsonAnswer } from '../zai-web/answers.ts';
import type { HttpAnswer } from '../zai-web/scenario.ts';

/** The vendor's words for its codes, and the HTTP status that each comes with. */
const ERRORS = {
  1000: [401, 'Authentication Failed'],
  1001: [401, 'Authentication parameter not received in Header, unable to authenticate'],
  1003: [401, 'Authentication Token expired, please regenerate/obtain'],
  1112: [429, 'Your account has been locked, please contact customer service to unlock'],
  1113: [429, 'Your account is in arrears, please recharge and try again'],
  1210: [400, 'Incorrect API call parameters, please check the documentation'],
  1211: [400, 'Model does not exist, please check the model code'],
  1213: [400, 'A parameter was not received properly'],
  1214: [400, 'Invalid parameter. Please check the documentation'],
  1220: [403, 'You do not have permission to access this API'],
  1231: [400, 'You already have a request'],
  1234: [500, 'Network error, please contact customer service'],
  1301: [400, 'System detected potentially unsafe or sensitive content in input or generation'],
  1302: [429, 'High concurrency usage of this API, please reduce concurrency'],
  1304: [429, 'Daily call limit for this API reached'],
  1305: [429, 'The service may be temporarily overloaded, please try again later'],
  1308: [429, 'Usage limit reached for 5 hour'],
  1310: [429, 'Weekly/Monthly Limit Exhausted'],
  1312: [429, 'The model is currently experiencing high traffic, please try again later'],
  1313: [429, 'Your account has been blocked under the fair use policy'],
} as const satisfies Record<number, readonly [status: number, message: string]>;

/** A code that the simulated service may answer with. */
export type ApiErrorCode = keyof typeof ERRORS;

/** What an error may say beside its code. */
export interface ErrorDetails {
  /** Default: the vendor's words. */
  message?: string;
  /** The header `retry-after`. */
  retryAfterSeconds?: number;
}

/** The body of an error, wherever it comes. */
export function errorBody(code: ApiErrorCode, message: string = ERRORS[code][1]): object {
  return { error: { code: String(code), message } };
}

/** An error as an HTTP answer, with the status that its code comes with. */
export function errorAnswer(
  code: ApiErrorCode,
  { message, retryAfterSeconds }: ErrorDetails = {},
): HttpAnswer {
  const headers: Record<string, string> = {};
  if (retryAfterSeconds !== undefined) headers['retry-after'] = String(retryAfterSeconds);
  return jsonAnswer(errorBody(code, message), ERRORS[code][0], headers);
}

/** What the vendor's outer gateway says of a path that it does not know. */
export function unknownPathAnswer(path: string): HttpAnswer {
  return jsonAnswer({ status: 404, error: 'Not Found', path }, 404);
}
