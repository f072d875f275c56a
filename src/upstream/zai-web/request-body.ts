import type { PromptMessage } from '../prompt/prompt-messages.ts';
import { describeTool } from '../prompt/tool-prompt.ts';
import type { UpstreamRequest, WebExchange } from '../upstream-request.ts';
import { BROWSER_LANGUAGE } from './headers.ts';
import type { LocalTime } from './local-time.ts';
import type { UploadedImage } from './upload-image.ts';

/** What the body of a completion says beside what the client asked for. */
export interface BodySubject {
  messages: readonly PromptMessage[];
  /** The text that is signed. */
  prompt: string;
  chatId: string;
  userMessageId: string;
  replyId: string;
  sessionId: string;
  timeZone: string;
  localTime: LocalTime;
}

/**
 * The body of a completion. What there is none of (`tools`, `files`) stays away. `stream` is always
 * true, since the service streams whatever it is told.
 */
export function buildBody(exchange: WebExchange, subject: BodySubject): Record<string, unknown> {
  const { model, request } = exchange;
  return {
    stream: true,
    model: model.upstreamId,
    messages: subject.messages,
    signature_prompt: subject.prompt,
    params: pickParams(request),
    extra: {},
    features: {
      image_generation: false,
      web_search: request.webSearch,
      auto_web_search: request.webSearch,
      preview_mode: true,
      flags: [],
      enable_thinking: request.thinking,
    },
    variables: describeUser(subject),
    chat_id: subject.chatId,
    id: subject.replyId,
    session_id: subject.sessionId,
    current_user_message_id: subject.userMessageId,
    current_user_message_parent_id: null,
    background_tasks: { title_generation: false, tags_generation: false },
    mcp_servers: model.mcpServers,
    ...describeTools(request),
    ...describeFiles(exchange.images, subject.userMessageId),
  };
}

/** `auto` is the only choice the wire is known to have; a stricter one is told in the messages. */
function describeTools({ tools }: UpstreamRequest): Record<string, unknown> {
  if (tools?.delivery !== 'native') return {};
  return { tools: tools.tools.map(describeTool), tool_choice: 'auto' };
}

/**
 * The images, as what is attached to the last user message: the wire has one message that is not yet
 * in the chat, also when earlier messages refer to images too.
 */
function describeFiles(
  images: readonly UploadedImage[],
  userMessageId: string,
): Record<string, unknown> {
  if (images.length === 0) return {};
  const files = images.map(({ id, name, size, itemId, file }) => ({
    type: 'image',
    id,
    url: `/api/v1/files/${id}`,
    name,
    status: 'uploaded',
    size,
    media: 'image',
    itemId,
    file,
    ref_user_msg_id: userMessageId,
  }));
  return { files };
}

/** Only what the client set: the service has defaults of its own for each model. */
function pickParams({ temperature, topP, maxTokens }: UpstreamRequest): Record<string, number> {
  return {
    ...(temperature !== null && { temperature }),
    ...(topP !== null && { top_p: topP }),
    ...(maxTokens !== null && { max_tokens: maxTokens }),
  };
}

/** The values for the placeholders in the service's own system prompts. */
function describeUser({ localTime, timeZone }: BodySubject): Record<string, string> {
  return {
    '{{USER_NAME}}': 'Guest',
    '{{CURRENT_DATETIME}}': `${localTime.date} ${localTime.time}`,
    '{{CURRENT_DATE}}': localTime.date,
    '{{CURRENT_TIME}}': localTime.time,
    '{{CURRENT_WEEKDAY}}': localTime.weekday,
    '{{CURRENT_TIMEZONE}}': timeZone,
    '{{USER_LANGUAGE}}': BROWSER_LANGUAGE,
  };
}
