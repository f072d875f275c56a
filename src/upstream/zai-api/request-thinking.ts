import type { ApiDialect, UpstreamRequest } from '../upstream-request.ts';
import type { ApiMessage } from './request-messages.ts';

/**
 * Whether to think, and whether the reasoning of earlier turns counts: where the client returns it,
 * it does, unless the client says otherwise. On other servers both are variables of the chat template
 * published with the models.
 */
export function buildThinking(
  { thinking, clearThinking }: Pick<UpstreamRequest, 'thinking' | 'clearThinking'>,
  messages: readonly ApiMessage[],
  dialect: ApiDialect,
): Record<string, unknown> {
  const returned = messages.some(({ reasoning_content }) => reasoning_content !== undefined);
  const clear = clearThinking ?? (returned ? false : null);
  const clearing = clear === null ? {} : { clear_thinking: clear };
  if (dialect === 'openai-compatible') {
    return { chat_template_kwargs: { enable_thinking: thinking, ...clearing } };
  }
  return { thinking: { type: thinking ? 'enabled' : 'disabled', ...clearing } };
}
