import type { HttpCall } from '../http-call.ts';
import { openBody } from '../open-body.ts';
import { composeMessages } from '../prompt/compose-messages.ts';
import type { PromptMessage } from '../prompt/prompt-messages.ts';
import type { WebExchange } from '../upstream-request.ts';
import type { OpenedReply, UpstreamResult } from '../upstream-result.ts';
import { buildRequest } from './build-request.ts';
import { classifyFailure } from './classify-failure.ts';
import { createChat } from './create-chat.ts';
import { lastUserText } from './last-user-text.ts';

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
  return openBody(call, { name: 'Z.ai', classify: classifyFailure }, signal);
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
  messages: readonly PromptMessage[];
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
