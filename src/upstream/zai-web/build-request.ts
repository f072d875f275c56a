import type { PromptMessage } from '../prompt/prompt-messages.ts';
import type { WebExchange } from '../upstream-request.ts';
import { browserHeaders, postHeaders } from './headers.ts';
import { readLocalTime } from './local-time.ts';
import { buildBody } from './request-body.ts';
import { buildQuery } from './request-query.ts';
import { signRequest } from './sign-request.ts';
import { webSiteOf } from './web-site.ts';

/** What a completion needs beside the exchange, given so that building it stays pure. */
export interface CompletionSubject {
  messages: readonly PromptMessage[];
  /** The text of the last user message, to be signed. */
  prompt: string;
  /** Of a created chat, or any UUID for the models that need none. */
  chatId: string;
  /** The last user message's; the same as in the created chat. */
  userMessageId: string;
  /** A fresh UUID each. */
  replyId: string;
  sessionId: string;
  requestId: string;
  nowMs: number;
  /** IANA name of the zone the user is taken to be in. */
  timeZone: string;
}

/** A completion ready to be sent. Its URL carries the credential: never log it. */
export interface CompletionRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** Builds and signs a completion on the chat.z.ai wire. Pure. */
export function buildRequest(exchange: WebExchange, subject: CompletionSubject): CompletionRequest {
  const { nowMs, timeZone, requestId, chatId, prompt } = subject;
  const { secret, userId } = exchange.credential;
  const site = webSiteOf(exchange);
  const localTime = readLocalTime(nowMs, timeZone);
  const signature = signRequest({
    secret: exchange.signingSecret,
    timestampMs: nowMs,
    requestId,
    userId,
    prompt,
  });
  const url = new URL(exchange.completionsUrl);
  url.search = buildQuery({
    site,
    credential: exchange.credential,
    chatId,
    requestId,
    nowMs,
    timeZone,
    localTime,
  }).toString();
  return {
    url: url.href,
    headers: {
      ...browserHeaders(site, `/c/${chatId}`),
      ...postHeaders(secret, exchange.feVersion),
      'X-Signature': signature,
    },
    body: JSON.stringify(buildBody(exchange, { ...subject, localTime })),
  };
}
