import { upstreamFailure } from '../../upstream-failure.ts';
import type { HttpCall } from '../http-call.ts';
import type { WebExchange } from '../upstream-request.ts';
import type { OpenedReply, UpstreamResult } from '../upstream-result.ts';
import { buildRequest } from './build-request.ts';
import { callWeb, readFailure } from './call-web.ts';
import { composeMessages } from './compose-messages.ts';
import { createChat } from './create-chat.ts';
import { lastUserText, type WebMessage } from './request-messages.ts';

/** What a 200 that is not a stream calls itself: an error, or a firewall's page. */
const NOT_A_STREAM = /^(application\/json|text\/html)\b/i;

/**
 * Opens one reply on the chat.z.ai wire: creates a chat where the model needs one, sends the signed
 * completion, and hands over the body of a 200 as server-sent events, unread. Failures of HTTP are
 * values, classified; those inside the stream are the reader's. Runs on a worker thread.
 *
 * Aborting `signal` closes the connection at any time, also while the body is being read; a call
 * still under way then rejects with the signal's reason, and never for another cause.
 */
export async function openWebReply(
  exchange: WebExchange,
  signal: AbortSignal,
): Promise<OpenedReply> {
  const messages = composeMessages(exchange.request);
  const prompt = lastUserText(messages);
  const userMessageId = crypto.randomUUID();
  const chat = await obtainChatId(exchange, { prompt, userMessageId }, signal);
  if (!chat.ok) return chat;
  const call = describeCall(exchange, { messages, prompt, userMessageId, chatId: chat.value });
  const called = await callWeb(call, signal);
  return called.ok ? takeBody(call, called.value, signal) : called;
}

async function obtainChatId(
  exchange: WebExchange,
  opening: { prompt: string; userMessageId: string },
  signal: AbortSignal,
): Promise<UpstreamResult<string>> {
  if (!exchange.model.needsCreatedChat) return { ok: true, value: crypto.randomUUID() };
  return createChat(exchange, { ...opening, nowMs: Date.now() }, signal);
}

interface Conversation {
  messages: readonly WebMessage[];
  prompt: string;
  userMessageId: string;
  chatId: string;
}

function describeCall(exchange: WebExchange, conversation: Conversation): HttpCall {
  const request = buildRequest(exchange, {
    ...conversation,
    replyId: crypto.randomUUID(),
    sessionId: crypto.randomUUID(),
    requestId: crypto.randomUUID(),
    nowMs: Date.now(),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  });
  const { proxyUrl, credential } = exchange;
  return { method: 'POST', ...request, proxyUrl, secret: credential.secret };
}

async function takeBody(
  call: HttpCall,
  response: Response,
  signal: AbortSignal,
): Promise<OpenedReply> {
  if (NOT_A_STREAM.test(response.headers.get('content-type') ?? '')) {
    return { ok: false, failure: await readFailure(call, response, signal) };
  }
  if (response.body !== null) return { ok: true, value: response.body };
  const message = 'Z.ai answered without a body.';
  const failure = upstreamFailure('empty-reply', message, { status: response.status });
  return { ok: false, failure };
}
