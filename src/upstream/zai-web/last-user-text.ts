import { textOf } from '../prompt/prompt-content.ts';
import type { PromptMessage } from '../prompt/prompt-messages.ts';

/** The text that is signed: the last user message's, as it is sent; empty when there is none. */
export function lastUserText(messages: readonly PromptMessage[]): string {
  return textOf(messages.findLast((message) => message.role === 'user')?.content ?? '');
}
