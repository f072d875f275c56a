import type { ChatMessage } from '../../openai/chat-message.ts';
import { parseExactObject } from './exact-json.ts';

type ToolCall = NonNullable<ChatMessage['tool_calls']>[number];
type FunctionCall = NonNullable<ChatMessage['function_call']>;

/**
 * An assistant's tool call as text, in the form in which the models call tools in text themselves
 * (the chat template of GLM-4.5 and 4.6, published with the models):
 *
 *     <tool_call>add
 *     <arg_key>a</arg_key>
 *     <arg_value>1</arg_value>
 *     </tool_call>
 *
 * Calls have no id in this form: results follow in the order of the calls.
 */
export function writeToolCall(call: ToolCall): string {
  // Calls of other types (`custom`) have fields of their own, all of which the model should see.
  if (!call.function) return inTag(JSON.stringify(call));
  return writeFunctionCall(call.function);
}

/**
 * An assistant's `function_call`, the older form of a tool call, likewise. Arguments that are no
 * JSON object (a call that was cut off) have no keys to write: such a call stays JSON as a whole.
 */
export function writeFunctionCall(call: FunctionCall): string {
  const values = parseExactObject(call.arguments?.trim() || '{}');
  if (values === null) return inTag(JSON.stringify(call));
  const lines = Object.entries(values).flatMap(([key, value]) => [
    `<arg_key>${key}</arg_key>`,
    `<arg_value>${typeof value === 'string' ? value : JSON.stringify(value)}</arg_value>`,
  ]);
  return inTag([call.name, ...lines, ''].join('\n'));
}

/**
 * A tool's result as text. The models know the tag without the name; it costs nothing, and tells
 * the results of several calls apart.
 */
export function writeToolResult(text: string, name: string | null): string {
  const attribute = name === null ? '' : ` name=${JSON.stringify(name)}`;
  return `<tool_response${attribute}>\n${text}\n</tool_response>`;
}

function inTag(content: string): string {
  return `<tool_call>${content}</tool_call>`;
}
