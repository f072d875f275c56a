import { timingSafeEqual } from 'node:crypto';
import type { Account } from './accounts.ts';
import {
  badRequestAnswer,
  errorFrameAnswer,
  firewallAnswer,
  outdatedClientAnswer,
  rateLimitedAnswer,
  unauthorizedAnswer,
} from './answers.ts';
import { contentFaults } from './check-content.ts';
import { headerFaults, queryFaults } from './check-envelope.ts';
import { type CompletionBody, promptOf, readCompletionBody } from './completion-body.ts';
import { isCurrentFeVersion } from './fe-version.ts';
import type { ReceivedRequest } from './received-request.ts';
import type { HttpAnswer } from './scenario.ts';
import type { ServiceState } from './service-state.ts';
import { expectedSignature } from './signature.ts';

/** Why a request is refused, for the test's author, and what its sender is told. */
export interface Refusal {
  reason: string;
  answer: HttpAnswer;
}

/** A completion that nothing is wrong with. */
export interface AcceptedCompletion {
  account: Account;
  body: CompletionBody;
  /** The last user message's text. */
  prompt: string;
}

const REQUEST_IDS_KEPT = 20_000;

/**
 * Checks a completion as strictly as the documented service could: first the firewall, then the
 * token, the client's version, the form, the signature, and last whether the service is willing.
 */
export function checkCompletion(
  request: ReceivedRequest,
  state: ServiceState,
): AcceptedCompletion | { refusal: Refusal } {
  const browserFaults = [...headerFaults(request)];
  if (browserFaults.length > 0) return refuse(browserFaults, firewallAnswer());

  const account = request.bearer === null ? undefined : state.accounts.find(request.bearer);
  if (!account) return refuse(['the bearer is not a known token'], unauthorizedAnswer());

  const claimed = request.headers['x-fe-version'];
  if (!isCurrentFeVersion(claimed, state.feVersion)) {
    const reason = `X-FE-Version is ${claimed ?? 'missing'}, current is ${state.feVersion}`;
    return refuse([reason], outdatedClientAnswer());
  }

  const read = readCompletionBody(request.body);
  if ('faults' in read) return refuseForm(read.faults);
  const { body } = read;
  const prompt = promptOf(body);
  const faults = [
    ...queryFaults(request, account, body, state.now()),
    ...contentFaults(body, account, state),
    ...signatureFaults(request, account, prompt, body, state),
  ];
  if (faults.length > 0) return refuseForm(faults);
  return unwilling(account, body, state) ?? { account, body, prompt };
}

function* signatureFaults(
  request: ReceivedRequest,
  account: Account,
  prompt: string,
  body: CompletionBody,
  state: ServiceState,
): Generator<string> {
  if (body.signature_prompt !== prompt) {
    yield 'body.signature_prompt is not the text of the last user message';
  }
  const { timestamp = '', requestId = '' } = request.query;
  const facts = { timestamp, requestId, userId: account.userId, prompt };
  const wanted = Buffer.from(expectedSignature(state.signingSecret, facts));
  const given = Buffer.from(request.headers['x-signature'] ?? '');
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    yield 'X-Signature does not sign this timestamp, request id, user id and prompt';
  }
  if (state.requestIds.has(requestId)) yield 'query.requestId was used before';
  remember(state.requestIds, requestId);
}

/** Bounded, so that a bench of hours does not grow. */
function remember(requestIds: Set<string>, requestId: string): void {
  requestIds.add(requestId);
  if (requestIds.size <= REQUEST_IDS_KEPT) return;
  for (const oldest of requestIds) {
    requestIds.delete(oldest);
    return;
  }
}

/** Well-formed, and still not answered. */
function unwilling(
  account: Account,
  body: CompletionBody,
  state: ServiceState,
): { refusal: Refusal } | null {
  const model = state.models.find(({ id }) => id === body.model);
  if (!model?.isActive) {
    const reason = `model ${body.model} is ${model ? 'not active' : 'unknown'}`;
    return refuse([reason], errorFrameAnswer('MODEL_NOT_FOUND', 'Model not found'));
  }
  const fault = account.role === 'guest' ? excessOf(account, state) : null;
  if (fault !== null) return refuse([fault], rateLimitedAnswer(null));
  account.chats += 1;
  account.keptChats += 1;
  return null;
}

/** What a guest has too much of for another completion. */
function excessOf({ keptChats, streams }: Account, state: ServiceState): string | null {
  if (keptChats >= state.guestChatLimit) return 'the guest has as many chats as it may';
  for (const stream of streams) if (stream.state !== 'open') streams.delete(stream);
  if (streams.size < state.guestConcurrency) return null;
  return 'the guest has as many completions running as it may';
}

function refuseForm(faults: readonly string[]): { refusal: Refusal } {
  return refuse(faults, badRequestAnswer(faults.join('; ')));
}

function refuse(faults: readonly string[], answer: HttpAnswer): { refusal: Refusal } {
  return { refusal: { reason: faults.join('; '), answer } };
}
