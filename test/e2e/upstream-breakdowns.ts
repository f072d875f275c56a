import type { UpstreamId } from '../../src/upstream-id.ts';
import * as apiFailures from '../support/zai-api/scenarios/failures.ts';
import { firewallAnswer, jsonAnswer } from '../support/zai-web/answers.ts';
import { createGate } from '../support/zai-web/gate.ts';
import type { Scenario } from '../support/zai-web/scenario.ts';
import { captcha, errorInside200, statusErrors } from '../support/zai-web/scenarios/failures.ts';

/** One way in which an upstream as a whole does not serve a chat. */
export interface Breakdown {
  what: string;
  /** The kind of failure, as the record of the request has it. */
  kind: string;
  /** How its completions are answered. */
  script?: Scenario;
  env?: Record<string, string>;
  /** Attempts that are made there. Default 1. */
  attempts?: number;
}

const CAPTCHA_CODE = { code: 'FRONTEND_CAPTCHA_REQUIRED', detail: 'Please verify.' };

/** Long enough for the other upstream on a busy machine. */
const IMPATIENT = { FIRST_BYTE_TIMEOUT: '300ms', IDLE_TIMEOUT: '300ms' };

/** Nobody listens on the discard port of this machine. */
const DEAD_ORIGIN = 'http://127.0.0.1:9';

/** The setting that makes an upstream be looked for elsewhere. */
export function addressOf(upstream: UpstreamId, origin: string): Record<string, string> {
  return upstream === 'zai-web'
    ? { API_ENDPOINT: `${origin}/api/v2/chat/completions` }
    : { ZAI_API_BASE_URL: `${origin}/api/paas/v4` };
}

/** What can happen at either: the moments are before the headers, at them, and behind them. */
function commonBreakdowns(upstream: UpstreamId): Breakdown[] {
  const comment = { raw: ': wait\n\n' };
  return [
    { what: 'nobody listens', kind: 'unreachable', env: addressOf(upstream, DEAD_ORIGIN) },
    {
      what: 'the connection closes before the headers',
      kind: 'unreachable',
      script: { closeBeforeHeaders: true },
    },
    {
      what: 'no headers come',
      kind: 'first-byte-timeout',
      script: { steps: [], hangBeforeHeaders: createGate() },
      env: IMPATIENT,
    },
    {
      what: 'headers come, and nothing behind them',
      kind: 'first-byte-timeout',
      script: { steps: [{ waitFor: createGate() }] },
      env: IMPATIENT,
    },
    {
      what: 'a comment comes, and nothing behind it',
      kind: 'idle-timeout',
      script: { steps: [comment, { waitFor: createGate() }] },
      env: IMPATIENT,
    },
    {
      what: 'the stream breaks before its first part',
      kind: 'broken-stream',
      script: { steps: [comment, { break: true }] },
    },
    { what: 'the stream has nothing in it', kind: 'broken-stream', script: { steps: [] } },
  ];
}

/** By upstream. The settings must allow one attempt only, and no guests. */
export const BREAKDOWNS: Readonly<Record<UpstreamId, readonly Breakdown[]>> = {
  'zai-web': [
    { what: 'a captcha inside a 200', kind: 'verification-required', script: captcha() },
    {
      what: 'a captcha as an HTTP error',
      kind: 'verification-required',
      script: { answer: jsonAnswer(CAPTCHA_CODE, 403) },
    },
    { what: 'a firewall', kind: 'address-blocked', script: statusErrors[405]() },
    { what: 'a server error', kind: 'unavailable', script: statusErrors[500]() },
    {
      what: 'an error inside a 200',
      kind: 'unavailable',
      script: errorInside200('OOPS', 'Try again.'),
    },
    {
      what: 'a model that is gone',
      kind: 'model-not-found',
      script: errorInside200('MODEL_NOT_FOUND', 'gone'),
    },
    { what: 'a busy account', kind: 'rate-limited', script: statusErrors[429](9) },
    { what: 'a dead account', kind: 'credential-rejected', script: statusErrors[401]() },
    { what: 'no account', kind: 'credential-rejected', env: { ZAI_TOKENS: '' }, attempts: 0 },
    { what: 'an old front end', kind: 'client-outdated', script: statusErrors[426]() },
    ...commonBreakdowns('zai-web'),
  ],
  'zai-api': [
    { what: 'an overloaded model', kind: 'model-overloaded', script: apiFailures.apiError(1305) },
    {
      what: 'an overloaded model inside a 200',
      kind: 'model-overloaded',
      script: apiFailures.errorInside200(1312),
    },
    {
      what: 'an overloaded model in the stream',
      kind: 'model-overloaded',
      script: apiFailures.errorInStream(1305),
    },
    { what: 'a server error', kind: 'unavailable', script: apiFailures.apiError(1234) },
    {
      what: 'a network error in the stream',
      kind: 'broken-stream',
      script: apiFailures.networkError(''),
    },
    { what: 'a model that is gone', kind: 'model-not-found', script: apiFailures.apiError(1211) },
    {
      what: 'a firewall',
      kind: 'address-blocked',
      script: { answer: { ...firewallAnswer(), status: 403 } },
    },
    { what: 'a dead key', kind: 'credential-rejected', script: apiFailures.apiError(1000) },
    {
      what: 'a key without balance',
      kind: 'insufficient-balance',
      script: apiFailures.apiError(1113),
    },
    {
      what: 'a key without permission for the model',
      kind: 'permission-denied',
      script: apiFailures.apiError(1220),
    },
    { what: 'a used-up quota', kind: 'quota-exhausted', script: apiFailures.apiError(1308) },
    { what: 'no key', kind: 'credential-rejected', env: { ZAI_API_KEYS: '' }, attempts: 0 },
    ...commonBreakdowns('zai-api'),
  ],
};
