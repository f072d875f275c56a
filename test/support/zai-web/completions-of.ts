import type { CompletionBody } from './completion-body.ts';
import type { RecordedRequest } from './recorder.ts';
import type { ZaiWebSimulator } from './simulator.ts';

/** A call for a completion, refused or accepted. */
type RecordedCompletion = RecordedRequest & { body: CompletionBody };

/** The calls for completions so far, oldest first. */
export function completionsOf({ requests }: ZaiWebSimulator): RecordedCompletion[] {
  return requests.filter(isCompletion);
}

/** The calls that chats cause, oldest first: all but those that ask whose a token is, or mint a guest. */
export function chatCallsOf({ requests }: ZaiWebSimulator): RecordedRequest[] {
  return requests.filter(({ path }) => path !== '/api/v1/auths/');
}

/** The tokens they were asked for with. */
export function tokensUsed(simulator: ZaiWebSimulator): string[] {
  return completionsOf(simulator).map(({ query }) => query.token ?? '');
}

function isCompletion(request: RecordedRequest): request is RecordedCompletion {
  return request.path.endsWith('/chat/completions');
}
