import type { UpstreamRequest } from '../upstream-request.ts';
import { putBefore } from './prompt-content.ts';
import { type PromptMessage, toPromptMessages } from './prompt-messages.ts';
import { writeToolPrompt } from './tool-prompt.ts';
import { addOrders, asInstructions } from './write-orders.ts';

/**
 * The conversation as it is sent where the wire has no fields for tools and orders: the client's
 * messages, and what the gateway has to tell the model.
 *
 * - What tools there are stands before the first user message.
 * - What the next reply must be (a call, JSON), and a reminder of it, stands behind the last message.
 *
 * Both stand in user messages. The web chat signs a text made of the result: the last user
 * message's as sent.
 */
export function composeMessages(request: UpstreamRequest): PromptMessage[] {
  const { tools, json, reminder } = request;
  const messages = addTools(toPromptMessages(request.messages), request);
  return addOrders(messages, { tools, json, mayCall: tools !== null, reminder });
}

function addTools(messages: readonly PromptMessage[], { tools }: UpstreamRequest): PromptMessage[] {
  if (tools?.delivery !== 'prompt') return [...messages];
  const instructions = asInstructions(writeToolPrompt(tools.tools));
  const first = messages.findIndex(({ role }) => role === 'user');
  const opening = messages[first];
  if (opening !== undefined) {
    return messages.with(first, { ...opening, content: putBefore(opening.content, instructions) });
  }
  const afterSystem = messages.findLastIndex(({ role }) => role === 'system') + 1;
  return messages.toSpliced(afterSystem, 0, { role: 'user', content: instructions });
}
