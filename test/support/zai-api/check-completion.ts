import type { ReceivedRequest } from '../zai-web/received-request.ts';
import type { HttpAnswer } from '../zai-web/scenario.ts';
import { type ApiErrorCode, type ErrorDetails, errorAnswer } from './answers.ts';
import { messageFaults } from './check-messages.ts';
import { paramFaults } from './check-params.ts';
import type { KeyAccount, Keys } from './keys.ts';
import type { ServedModel } from './models.ts';
import { type Fault, isObject } from './request-fault.ts';

/** Why a request is refused, for the test's author, and what its sender is told. */
export interface Refusal {
  reason: string;
  answer: HttpAnswer;
}

/** A completion that nothing is wrong with. */
export interface AcceptedCompletion {
  key: KeyAccount;
  body: CompletionBody;
}

/** The body of an accepted completion, as far as it is certain. */
export interface CompletionBody extends Record<string, unknown> {
  model: string;
  messages: readonly (Record<string, unknown> & { role: string })[];
}

/** What a check needs of the service. */
export interface ServiceFacts {
  keys: Keys;
  models: readonly ServedModel[];
  /** Replies under way for a key. */
  countOpen(key: KeyAccount): number;
}

/** The base URLs, by the plan whose keys they are for. */
const PLAN_OF_PATH: Readonly<Record<string, KeyAccount['plan']>> = {
  '/api/paas/v4/chat/completions': 'general',
  '/api/coding/paas/v4/chat/completions': 'coding',
};

/** Whether a path is one of the two for completions. */
export function isCompletionPath(path: string): boolean {
  return path in PLAN_OF_PATH;
}

/**
 * Checks a completion as strictly as the vendor's reference reads: first the key, then the form, then
 * whether the account behind the key is served.
 */
export function checkCompletion(
  request: ReceivedRequest,
  service: ServiceFacts,
): AcceptedCompletion | { refusal: Refusal } {
  const { bearer, headers, body } = request;
  if (bearer === null) return refuse(1001, 'Authorization is not Bearer and a key');
  const key = service.keys.find(bearer);
  if (key === undefined) return refuse(1000, 'the key is not known');
  if (key.expired) return refuse(1003, 'the key has expired');
  if (headers['content-type'] !== 'application/json' || !isObject(body)) {
    return refuse(1210, 'the body is not a JSON object');
  }
  const model = service.models.find(({ id }) => id === body.model);
  const messages = Array.isArray(body.messages) ? body.messages : [];
  const faults = [...paramFaults(body, model), ...messageFaults(messages, model)];
  const [first] = faults;
  if (first !== undefined) return refuseForm(first, faults);
  if (model === undefined) return refuse(1211, `model ${body.model} is not known`);
  const unserved = accountRefusal(key, model, request.path, service);
  return unserved ?? { key, body: body as CompletionBody };
}

/** Well-formed, and still not answered. */
function accountRefusal(
  key: KeyAccount,
  model: ServedModel,
  path: string,
  { countOpen }: ServiceFacts,
): { refusal: Refusal } | null {
  if (key.locked) return refuse(1112, 'the account is locked');
  if (PLAN_OF_PATH[path] !== key.plan) return refuse(1113, `the key is for ${key.plan} use`);
  if (key.balance <= 0) return refuse(1113, 'the balance is used up');
  if (key.forbiddenModels.includes(model.id)) return refuse(1220, `${model.id} is forbidden`);
  if (key.quotaResetsAt !== null) {
    const message = `Usage limit reached for 5 hour. Your limit will reset at ${key.quotaResetsAt}`;
    return refuse(1308, 'the quota is used up', { message });
  }
  if (key.rateLimitedSeconds !== null) {
    return refuse(1302, 'the key asks too often', { retryAfterSeconds: key.rateLimitedSeconds });
  }
  return countOpen(key) < key.concurrency
    ? null
    : refuse(1302, `${key.concurrency} replies are under way`);
}

function refuseForm({ code, reason }: Fault, faults: readonly Fault[]): { refusal: Refusal } {
  const reasons = faults.map((fault) => `${fault.code} ${fault.reason}`).join('; ');
  return { refusal: { reason: reasons, answer: errorAnswer(code, { message: reason }) } };
}

function refuse(
  code: ApiErrorCode,
  reason: string,
  details: ErrorDetails = {},
): { refusal: Refusal } {
  return { refusal: { reason: `${code} ${reason}`, answer: errorAnswer(code, details) } };
}
