import type { ReceivedRequest } from '../zai-web/received-request.ts';
import type { HttpAnswer } from '../zai-web/scenario.ts';
import {
  type AcceptedCompletion,
  checkCompletion,
  isCompletionPath,
  type Refusal,
  type ServiceFacts,
} from './check-completion.ts';
import { SERVED_MODELS, type ServedModel } from './models.ts';
import { echoReply } from './scenarios/echo-reply.ts';
import type { Script } from './simulator.ts';

/** What tells one kind of service from another. */
export interface SimulatedService {
  /** What `ZAI_API_BASE_URL` ends with. */
  basePath: string;
  models: readonly ServedModel[];
  isCompletionPath(path: string): boolean;
  check(request: ReceivedRequest, facts: ServiceFacts): AcceptedCompletion | { refusal: Refusal };
  /** The answer to a call that is no completion; null when it is not known. */
  answerSideCall(request: ReceivedRequest, models: readonly ServedModel[]): HttpAnswer | null;
  /** What completions are answered with when there is no script. */
  echo: Script;
}

/** The official API, which has no other call. */
export const OFFICIAL: SimulatedService = {
  basePath: '/api/paas/v4',
  models: SERVED_MODELS,
  isCompletionPath,
  check: checkCompletion,
  answerSideCall: () => null,
  echo: echoReply,
};
