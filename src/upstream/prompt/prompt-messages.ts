import { type ChatMessage, textOfPart } from '../../openai/chat-message.ts';
import type { PromptContent, PromptContentPart } from './prompt-content.ts';
import { createToolResults, type ToolResult } from './tool-results.ts';
import { writeFunctionCall, writeToolCall } from './tool-text.ts';

/** A message without fields for calls and results: what it says is text and images. */
export interface PromptMessage {
  role: 'system' | 'user' | 'assistant';
  content: PromptContent;
}

/**
 * OpenAI's messages with calls and results as text, as the web chat takes them: it knows three roles.
 *
 * | OpenAI | sent |
 * | --- | --- |
 * | `developer`, `system` | `system` |
 * | `user` | `user` |
 * | `assistant` | `assistant`: its text, then its tool calls as text; its reasoning is not repeated |
 * | `tool`, `function` | `user`: results that follow one another are one message of text |
 *
 * On the web chat that is so however the tools themselves are sent: the service has no fields for
 * calls and results in its messages (as reported up to 2026-10).
 *
 * Text is taken from content parts, and the images of user messages.
 */
export function toPromptMessages(messages: readonly ChatMessage[]): PromptMessage[] {
  const toolResults = createToolResults();
  const written: PromptMessage[] = [];
  let results: ToolResult[] = [];
  const endResults = () => {
    if (results.length > 0) written.push({ role: 'user', content: toolResults.write(results) });
    results = [];
  };
  for (const message of messages) {
    if (message.role === 'tool' || message.role === 'function') {
      results.push({ message, text: readText(message) });
    } else {
      endResults();
      toolResults.noteCalls(message);
      written.push(toPromptMessage(message, message.role));
    }
  }
  endResults();
  return written;
}

function toPromptMessage(
  message: ChatMessage,
  role: Exclude<ChatMessage['role'], 'tool' | 'function'>,
): PromptMessage {
  switch (role) {
    case 'developer':
    case 'system':
      return { role: 'system', content: readText(message) };
    case 'user':
      return { role: 'user', content: readUserContent(message) };
    case 'assistant':
      return { role: 'assistant', content: writeAssistant(message) };
    default:
      return role satisfies never;
  }
}

/** Parts only where there are images: text alone is sent as text. */
function readUserContent(message: ChatMessage): PromptContent {
  const { content } = message;
  if (!Array.isArray(content)) return readText(message);
  const parts = content.flatMap((part): PromptContentPart[] => {
    const { type, image_url } = part;
    if (type === 'image_url' && typeof image_url === 'object' && image_url !== null) {
      return [{ type, image_url: { url: image_url.url } }];
    }
    const text = textOfPart(part);
    return text === '' ? [] : [{ type: 'text', text }];
  });
  return parts.some(({ type }) => type === 'image_url') ? parts : readText(message);
}

/** Text parts are joined with a space, as the web front end does for the text it signs. */
function readText({ content, refusal }: ChatMessage): string {
  if (typeof content === 'string') return content;
  const texts = (content ?? []).map(textOfPart);
  const text = texts.filter((part) => part !== '').join(' ');
  return text === '' ? (refusal ?? '') : text;
}

function writeAssistant(message: ChatMessage): string {
  const calls = (message.tool_calls ?? []).map(writeToolCall);
  if (message.function_call) calls.push(writeFunctionCall(message.function_call));
  return [readText(message), ...calls].filter((piece) => piece !== '').join('\n');
}
