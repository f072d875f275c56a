import { Elysia } from 'elysia';
import type { ChatCall } from '../chat/chat-call.ts';
import { replyShape } from '../chat/plan-chat.ts';
import { type ChatServices, type StartedChat, startChat } from '../chat/start-chat.ts';
import { WholeReply } from '../chat/whole-reply.ts';
import { type ClientAuthOptions, clientAuth } from '../http/client-auth.ts';
import { type ClientConnection, longRunning } from '../http/client-connection.ts';
import { createEventStream } from '../http/event-stream.ts';
import { jsonBody } from '../http/json-body.ts';
import type { KeepAlive } from '../http/keep-alive.ts';
import { type RequestContext, requestContext } from '../http/request-context.ts';
import { ChatCompletionRequest } from '../openai/chat-request.ts';
import { CREATE_CHAT_COMPLETION } from './chat-docs.ts';

export interface ChatRouteOptions {
  auth: ClientAuthOptions;
  maxBodyBytes: number;
  idleTimeoutSeconds: number;
  keepAlive: KeepAlive;
  chat: ChatServices;
}

/** `POST /v1/chat/completions` (https://platform.openai.com/docs/api-reference/chat/create). */
export const chatRoutes = (options: ChatRouteOptions) =>
  new Elysia({ name: 'chat-routes' })
    .use(requestContext)
    .use(clientAuth(options.auth))
    .use(jsonBody({ maxBytes: options.maxBodyBytes }))
    .use(longRunning({ idleTimeoutSeconds: options.idleTimeoutSeconds }))
    .post(
      '/v1/chat/completions',
      ({ body, clientKeyId, connection, path, request, requestContext, set }) => {
        const call = toCall({ body, clientKeyId, path, request, requestContext });
        const isStream = replyShape(body, options.chat.planning.settings) === 'stream';
        return isStream
          ? respondStreaming(options, call, connection, set.headers)
          : respondWhole(options.chat, call, connection, set.headers);
      },
      { body: ChatCompletionRequest, detail: CREATE_CHAT_COMPLETION },
    );

type Call = Omit<ChatCall, 'signal'>;

interface Asked {
  body: ChatCompletionRequest;
  clientKeyId: string | null;
  path: string;
  request: Request;
  requestContext: RequestContext;
}

function toCall({ body, clientKeyId, path, request, requestContext }: Asked): Call {
  const { id: requestId, receivedAt, clientAddress, userAgent } = requestContext;
  const thinkingMode = request.headers.get('x-thinking-mode');
  return {
    request: body,
    thinkingMode,
    requestId,
    method: request.method,
    path,
    clientKeyId,
    receivedAt,
    clientAddress,
    userAgent,
    traceContext: {
      traceparent: request.headers.get('traceparent'),
      tracestate: request.headers.get('tracestate'),
    },
  };
}

async function respondStreaming(
  { chat, keepAlive }: ChatRouteOptions,
  call: Call,
  connection: ClientConnection,
  headers: ResponseHeaders,
): Promise<Response> {
  const left = new AbortController();
  const stream = createEventStream({ connection, keepAlive, onCancel: () => left.abort() });
  await begin(startChat(chat, { ...call, signal: left.signal }, stream), headers);
  return stream.response();
}

async function respondWhole(
  chat: ChatServices,
  call: Call,
  { signal }: ClientConnection,
  headers: ResponseHeaders,
): Promise<Response> {
  const reply = new WholeReply();
  await begin(startChat(chat, { ...call, signal }, reply), headers);
  return reply.response();
}

/** Elysia puts `set.headers` on whatever the response becomes, an error's too. */
type ResponseHeaders = Record<string, string | number>;

async function begin(chat: StartedChat, headers: ResponseHeaders): Promise<void> {
  try {
    await chat.begun;
  } finally {
    Object.assign(headers, chat.headers());
  }
}
