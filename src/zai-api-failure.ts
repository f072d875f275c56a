import { isRecord } from './lib/is-record.ts';
import { readErrorCode, readErrorText, redactErrorText } from './upstream-error-text.ts';
import {
  type UpstreamFailure,
  type UpstreamFailureKind,
  upstreamFailure,
} from './upstream-failure.ts';

/** An error as the API words it, in an HTTP error's JSON body or in a frame of a 200 stream. */
export interface ApiError {
  /** A business code of Z.ai (`"1302"`); a name or an HTTP status on other servers. */
  code: unknown;
  message: unknown;
}

/** Z.ai's own codes (https://docs.z.ai/api-reference/api-code). Win over the HTTP status. */
const BUSINESS_CODES: readonly (readonly [UpstreamFailureKind, readonly number[]])[] = [
  ['credential-rejected', [1000, 1001, 1002, 1003, 1004]],
  ['account-blocked', [1110, 1111, 1112, 1120, 1121, 1313]],
  ['insufficient-balance', [1113]],
  ['bad-request', [1210, 1212, 1213, 1214, 1215, 1261]],
  ['model-not-found', [1211]],
  ['permission-denied', [1220, 1221, 1222, 1311]],
  ['duplicate-request', [1231]],
  ['unavailable', [500, 1230, 1234]],
  ['content-filtered', [1301]],
  ['rate-limited', [1302, 1303]],
  ['quota-exhausted', [1304, 1308, 1309, 1310]],
  ['model-overloaded', [1305, 1312]],
];

/** Codes that OpenAI and servers like it give as names. */
const NAMED_CODES: readonly (readonly [string, UpstreamFailureKind])[] = [
  ['invalid_api_key', 'credential-rejected'],
  ['insufficient_quota', 'insufficient-balance'],
  ['rate_limit_exceeded', 'rate-limited'],
  ['model_not_found', 'model-not-found'],
  ['content_filter', 'content-filtered'],
];

const KIND_OF_CODE = new Map<string, UpstreamFailureKind>([
  ...BUSINESS_CODES.flatMap(([kind, codes]) => codes.map((code) => [String(code), kind] as const)),
  ...NAMED_CODES,
]);

const KIND_OF_STATUS = new Map<number, UpstreamFailureKind>([
  [400, 'bad-request'],
  [401, 'credential-rejected'],
  [402, 'insufficient-balance'],
  [403, 'permission-denied'],
  [413, 'bad-request'],
  [422, 'bad-request'],
  [429, 'rate-limited'],
  [434, 'permission-denied'], // Z.ai's own: the key has no permission for this API
]);

const EXPLANATION: Partial<Record<UpstreamFailureKind, string>> = {
  'bad-request': 'The API rejected the request',
  'model-not-found': 'The API does not serve this model',
  'content-filtered': "The API's content filter stopped the request",
  'credential-rejected': "The API refused the gateway's key",
  'account-blocked': "The API has blocked the account of the gateway's key",
  'insufficient-balance':
    "The account of the gateway's key has no balance, or the key belongs to another base URL " +
    '(a Coding Plan key works on the coding one only, any other key on the general one only)',
  'permission-denied': "The gateway's key may not use this model",
  'rate-limited': 'The API allows no more requests for now',
  'quota-exhausted': "The quota of the gateway's key is used up",
  'model-overloaded': 'The model is overloaded',
  'duplicate-request': 'The API takes the request for one it already has',
};

const FAILED = 'The API failed to serve the request';
const NOT_THERE = 'There is no such API at the base URL';

/** The error in a frame or an error body, in any spelling that is known; null when it holds none. */
export function findApiError(body: unknown): ApiError | null {
  if (!isRecord(body)) return null;
  const { error, code, message, msg, detail } = body;
  if (typeof error === 'string' && error !== '') return { code, message: error };
  if (isRecord(error) && Object.keys(error).length > 0) {
    return { code: error.code, message: error.message };
  }
  // Z.ai's outer gateway, before a request reaches the API: {"code":1001,"msg":"…","success":false}.
  if (body.success === false) return { code, message: msg ?? message };
  // Servers on FastAPI, older vLLM and SGLang among them.
  if (body.object === 'error') return { code, message };
  return detail === undefined ? null : { code, message: detail };
}

/**
 * What an error of the API speaks of: by its code, else by the HTTP status; what is known by neither
 * is `unavailable`. A used-up quota that names the time of its reset says how long to wait.
 *
 * The API's own text is kept, cut short, with anything that looks like a credential taken out.
 *
 * @param status the HTTP status the error came with (200 inside a stream); null when there was none.
 * @param nowMs epoch ms.
 */
export function classifyApiError(
  error: ApiError,
  status: number | null,
  nowMs = Date.now(),
): UpstreamFailure {
  const code = readErrorCode(error.code);
  const text = readErrorText(error.message);
  const kind = kindOf(code, text, status);
  const known = redactErrorText(text || code || '');
  const explanation = EXPLANATION[kind] ?? (status === 404 ? NOT_THERE : FAILED);
  return upstreamFailure(kind, known === '' ? `${explanation}.` : `${explanation}: ${known}`, {
    status,
    upstreamCode: code === null ? null : redactErrorText(code),
    retryAfterMs: kind === 'quota-exhausted' ? readResetMs(text, nowMs) : null,
  });
}

function kindOf(code: string | null, text: string, status: number | null): UpstreamFailureKind {
  const byCode = KIND_OF_CODE.get(code ?? '');
  if (byCode !== undefined) return byCode;
  // A 404 that does not speak of a model is a base URL without this API.
  if (status === 404 || code === '404') {
    return /\bmodel\b/i.test(text) ? 'model-not-found' : 'unavailable';
  }
  return KIND_OF_STATUS.get(Number(code)) ?? KIND_OF_STATUS.get(status ?? 0) ?? 'unavailable';
}

/** "Your limit will reset at 2026-09-12 00:35:41", in whichever language. */
const RESET_TIME = /\b(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\b/;

/**
 * How long until the reset that a message names, in ms; null when it names none to come. The clock is
 * China's, on the international API too (seen up to 2026-09).
 */
function readResetMs(text: string, nowMs: number): number | null {
  const [, date, time] = RESET_TIME.exec(text) ?? [];
  const resetMs = Date.parse(`${date}T${time}+08:00`);
  return resetMs > nowMs ? resetMs - nowMs : null;
}
