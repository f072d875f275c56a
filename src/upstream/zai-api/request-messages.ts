import type { ChatMessage } from '../../openai/chat-message.ts';
import type { PromptContent } from '../prompt/prompt-content.ts';
import type { ApiDialect } from '../upstream-request.ts';
import { type CallIds, createCallIds } from './call-ids.ts';
import { readContent, readText, toContent } from './message-content.ts';

/** A message as the API takes it. */
export interface ApiMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  /** Only a message with calls may have none. */
  content?: PromptContent;
  name?: string;
  reasoning_content?: string;
  tool_calls?: ApiCall[];
  tool_call_id?: string;
}

interface ApiCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}

/**
 * OpenAI's messages in the API's words.
 *
 * | OpenAI | the API |
 * | --- | --- |
 * | `developer`, `system` | `system` |
 * | `user` | `user`, images by URL |
 * | `assistant` | `assistant`; its `reasoning` is `reasoning_content`, its `function_call` a tool call |
 * | `tool`, `function` | `tool`, as text |
 *
 * Beside calls, content that says nothing stays away: some of Z.ai's models refuse it. None of them
 * takes the `name` of a speaker.
 */
export function toApiMessages(messages: readonly ChatMessage[], dialect: ApiDialect): ApiMessage[] {
  const ids = createCallIds();
  return messages.map((message) => {
    const written = toApiMessage(message, message.role, ids);
    const name = dialect === 'openai-compatible' && written.role !== 'tool' ? message.name : null;
    return name ? { ...written, name } : written;
  });
}

function toApiMessage(message: ChatMessage, role: ChatMessage['role'], ids: CallIds): ApiMessage {
  switch (role) {
    case 'developer':
    case 'system':
      return { role: 'system', content: toContent(readText(message)) };
    case 'user':
      return { role, content: readContent(message) };
    case 'assistant':
      return toAssistant(message, ids);
    case 'tool':
    case 'function': {
      const tool_call_id = ids.ofResult(message);
      return { role: 'tool', content: toContent(readText(message)), tool_call_id };
    }
    default:
      return role satisfies never;
  }
}

function toAssistant(message: ChatMessage, ids: CallIds): ApiMessage {
  const calls = readCalls(message, ids);
  const text = readText(message);
  const reasoning = message.reasoning_content || message.reasoning;
  return {
    role: 'assistant',
    ...((text !== '' || calls.length === 0) && { content: toContent(text) }),
    ...(reasoning && { reasoning_content: reasoning }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

function readCalls({ tool_calls, function_call }: ChatMessage, ids: CallIds): ApiCall[] {
  const older = function_call ? [{ id: null, function: function_call }] : [];
  return [...(tool_calls ?? []), ...older].map((call): ApiCall => {
    const id = ids.ofCall(call.id);
    // Calls of other types (`custom`) have fields of their own, all of which the model should see.
    const called = call.function ?? { name: 'custom', arguments: JSON.stringify(call) };
    const { name } = called;
    return { id, type: 'function', function: { name, arguments: called.arguments || '{}' } };
  });
}
