import { isRecord } from './lib/is-record.ts';
import { readErrorCode, readErrorText, redactErrorText } from './upstream-error-text.ts';
import {
  type UpstreamFailure,
  type UpstreamFailureKind,
  upstreamFailure,
} from './upstream-failure.ts';

/** An error as chat.z.ai words it, in an HTTP error's JSON body or in a frame of a 200 stream. */
export interface WebError {
  /** `400`, `"429"`, `"FRONTEND_CAPTCHA_REQUIRED"`, … */
  code: unknown;
  /** Free text, mostly; a list of field errors when the body was malformed. */
  detail: unknown;
  message?: unknown;
}

/** Reported codes that are names. Wins over the text and over any number. */
const KIND_OF_CODE = new Map<string, UpstreamFailureKind>([
  ['FRONTEND_CAPTCHA_REQUIRED', 'verification-required'], // since mid 2026, on most sessions
  ['INVALID_TOKEN', 'credential-rejected'],
  ['MODEL_NOT_FOUND', 'model-not-found'],
  ['VERIFICATION_REQUIRED', 'account-verification-required'],
]);

/**
 * Reported wordings, first match wins. Wins over a number, since the service puts wordings as
 * telling as these behind a plain 400.
 */
const KIND_OF_TEXT: readonly (readonly [RegExp, UpstreamFailureKind])[] = [
  [/captcha/i, 'verification-required'],
  [/\bverification[_ ]required\b/i, 'account-verification-required'],
  [/client version check/i, 'client-outdated'],
  [/\binvalid[_ ]token\b|\btoken is invalid\b|\btoken (has )?expired\b/i, 'credential-rejected'],
  [/\bmodel[_ ]not[_ ]found\b/i, 'model-not-found'],
  [/\bsensitive\b|\bcontent[_ ]filter|敏感|违规/i, 'content-filtered'],
  [/concurrency|too many requests|rate[_ ]limit|并发/i, 'rate-limited'],
];

const KIND_OF_STATUS = new Map<number, UpstreamFailureKind>([
  [400, 'bad-request'],
  [401, 'credential-rejected'],
  [405, 'address-blocked'], // the WAF's answer
  [413, 'bad-request'],
  [422, 'bad-request'],
  [426, 'client-outdated'],
  [429, 'rate-limited'],
]);

const EXPLANATION: Partial<Record<UpstreamFailureKind, string>> = {
  'bad-request': 'Z.ai rejected the request',
  'model-not-found': 'Z.ai does not serve this model',
  'content-filtered': "Z.ai's content filter stopped the request",
  'credential-rejected': "Z.ai refused the gateway's credential",
  'account-verification-required': "Z.ai wants the gateway's account verified",
  'rate-limited': 'Z.ai is busy or allows no more requests for now',
  'client-outdated': 'Z.ai wants a newer front-end version than the gateway claims',
  'address-blocked': "Z.ai blocks the gateway's address",
  'verification-required':
    'Z.ai wants a human at a browser, which the gateway does not imitate (its operator can set ' +
    'ZAI_API_KEYS: the official API serves the same models and wants no browser)',
};

/** The objects that have been seen around an error, two deep: `data.error`, `data.inner.error`. */
const WRAPPERS = ['data', 'inner'] as const;
const MAX_DEPTH = 2;

/** The error in a frame or an error body, wherever the service put it; null when it holds none. */
export function findWebError(body: unknown, depth = MAX_DEPTH): WebError | null {
  if (!isRecord(body)) return null;
  const { error } = body;
  if (typeof error === 'string' && error !== '') return { code: null, detail: error };
  if (typeof error === 'number') return { code: error, detail: null };
  if (isRecord(error) && Object.keys(error).length > 0) {
    return { code: error.code, detail: error.detail, message: error.message };
  }
  if (depth === 0) return null;
  for (const wrapper of WRAPPERS) {
    const found = findWebError(body[wrapper], depth - 1);
    if (found !== null) return found;
  }
  return null;
}

/**
 * What an error of the chat.z.ai wire speaks of. By its name, else by its wording, else by its
 * numeric code, else by `status`; what is known by none of them is `unavailable`.
 *
 * The service's own text is kept, cut short, with anything that looks like a credential taken out.
 *
 * @param status the HTTP status the error came with (200 inside a stream); null when there was none.
 */
export function classifyWebError(error: WebError, status: number | null): UpstreamFailure {
  const upstreamCode = readErrorCode(error.code);
  const detail = readErrorText(error.detail) || readErrorText(error.message);
  const kind = kindOf(upstreamCode, detail, status);
  const explanation = EXPLANATION[kind] ?? 'Z.ai failed to serve the request';
  const known = redactErrorText(detail || upstreamCode || '');
  const message = known === '' ? `${explanation}.` : `${explanation}: ${known}`;
  return upstreamFailure(kind, message, {
    status,
    upstreamCode: upstreamCode === null ? null : redactErrorText(upstreamCode),
  });
}

function kindOf(code: string | null, detail: string, status: number | null): UpstreamFailureKind {
  const byName = KIND_OF_CODE.get(code?.toUpperCase() ?? '');
  if (byName !== undefined) return byName;
  // These speak of the form of a request, which they may quote.
  if (status === 413 || status === 422) return 'bad-request';
  const text = `${code ?? ''} ${detail}`;
  const byText = KIND_OF_TEXT.find(([pattern]) => pattern.test(text))?.[1];
  if (byText !== undefined) return byText;
  return KIND_OF_STATUS.get(Number(code)) ?? KIND_OF_STATUS.get(status ?? 0) ?? 'unavailable';
}
