import type { JsonRules, ToolRules } from '../convert/reply-rules.ts';
import type { ChatMessage } from '../openai/chat-message.ts';
import type { UploadedImage } from './zai-web/upload-image.ts';

/** What the client asked for, as every upstream gets it: validated, defaults settled. null = not set. */
export interface UpstreamRequest {
  messages: ChatMessage[];
  temperature: number | null;
  topP: number | null;
  /** false = always the likeliest token, whatever the temperature. Z.ai's own parameter. */
  doSample: boolean | null;
  seed: number | null;
  frequencyPenalty: number | null;
  presencePenalty: number | null;
  maxTokens: number | null;
  /** The gateway cuts replies itself: an upstream that knows them only saves tokens. */
  stop: readonly string[];
  thinking: boolean;
  /** Whether the reasoning of earlier turns is to be forgotten; null = as the conversation calls for. */
  clearThinking: boolean | null;
  webSearch: boolean;
  /** null = the model has no tools in this chat, whatever it called before. */
  tools: OfferedTools | null;
  json: JsonRules | null;
  /** What the model is told because an earlier attempt ignored its instructions; null = nothing. */
  reminder: string | null;
  /** Whom the client asks for, in its own words. */
  user: string | null;
}

/** The tools of a chat, and how the model is to use them. */
export interface OfferedTools extends Omit<ToolRules, 'scanLimit'> {
  /** How they are made known: in the wire's own fields, or as text in the conversation. */
  delivery: 'native' | 'prompt';
}

/** Everything one attempt on the chat.z.ai wire needs, flat so that it crosses threads. */
export interface WebExchange {
  upstream: 'zai-web';
  /** Setting `API_ENDPOINT`; its origin is the base of the other calls. */
  completionsUrl: string;
  signingSecret: string;
  feVersion: string;
  userAgent: string;
  /** Proxy for this upstream, null = straight. */
  proxyUrl: string | null;
  credential: { secret: string; userId: string };
  model: {
    /** The upstream's own id: `0727-360B-API`. */
    upstreamId: string;
    /** `POST /api/v1/chats/new` must come first (glm-4.7, glm-4.6v). */
    needsCreatedChat: boolean;
    mcpServers: readonly string[];
  };
  request: UpstreamRequest;
  /** Uploaded for the credential; the messages' image parts name their ids. */
  images: readonly UploadedImage[];
}

/**
 * Who is behind a base URL. `zai`: the official API, with its own parameters and refusals.
 * `openai-compatible`: a server that hosts GLM weights and knows OpenAI's parameters (vLLM, SGLang,
 * llama.cpp).
 */
export type ApiDialect = 'zai' | 'openai-compatible';

/** What makes a request part of a trace (https://www.w3.org/TR/trace-context/). */
export interface TraceHeaders {
  readonly traceparent: string;
}

/** Everything one attempt on the official API's wire needs, flat so that it crosses threads. */
export interface ApiExchange {
  upstream: 'zai-api';
  /** Setting `ZAI_API_BASE_URL`: what stands before `/chat/completions`. */
  baseUrl: string;
  /** Proxy for this upstream, null = straight. */
  proxyUrl: string | null;
  credential: { secret: string };
  model: {
    /** The upstream's own id: `glm-4.6`. */
    upstreamId: string;
    /** It streams the arguments of calls in pieces when asked to (glm-4.6 and later). */
    toolStream: boolean;
    dialect: ApiDialect;
  };
  /** Its messages name images by `data:`, `http:` or `https:` URLs. */
  request: UpstreamRequest;
  /** Absent when it is part of no trace. */
  traceHeaders?: TraceHeaders;
}

/** An exchange with any upstream; `upstream` tells them apart. */
export type UpstreamExchange = WebExchange | ApiExchange;
