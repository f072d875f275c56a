import type { JsonRules, ToolRules } from '../../convert/reply-rules.ts';
import { writeJsonPrompt } from './json-prompt.ts';
import { type PromptContent, putBehind } from './prompt-content.ts';
import { writeToolOrder } from './tool-prompt.ts';

/** What the next reply must be, as far as the model is to be told so in words. */
export interface Orders {
  /** Whether it has to call a function; null = nothing is said of calls. */
  tools: Pick<ToolRules, 'choice' | 'parallel'> | null;
  json: JsonRules | null;
  /** Whether a call may take the place of the JSON. */
  mayCall: boolean;
  /** null = nothing has to be said again. */
  reminder: string | null;
}

/** A message that orders can follow. */
interface Message {
  role: string;
  content?: PromptContent;
}

/** The message that orders are where no user speaks last. */
interface OrderMessage {
  role: 'user';
  content: PromptContent;
}

/**
 * The conversation with the orders behind its last message, where models heed them most. They stand
 * in a user message, since some models ignore the system role (reported up to 2026-10). Without
 * orders it is the same.
 *
 * @param put writes the orders behind what the user says last.
 */
export function addOrders<Sent extends Message>(
  messages: readonly Sent[],
  orders: Orders,
  put: (content: PromptContent, text: string) => PromptContent = putBehind,
): (Sent | OrderMessage)[] {
  const text = writeOrders(orders);
  if (text === '') return [...messages];
  const instructions = asInstructions(text);
  const last = messages.at(-1);
  if (last?.role !== 'user') return [...messages, { role: 'user', content: instructions }];
  return messages.with(-1, { ...last, content: put(last.content ?? '', instructions) });
}

/** Between tags that set it off from what the user says. */
export function asInstructions(text: string): string {
  return `<instructions>\n${text}\n</instructions>`;
}

function writeOrders({ tools, json, mayCall, reminder }: Orders): string {
  return [
    tools === null ? '' : writeToolOrder(tools),
    json === null ? '' : writeJsonPrompt(json, mayCall),
    reminder ?? '',
  ]
    .filter((order) => order !== '')
    .join('\n');
}
