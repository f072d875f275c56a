import type { ApiDialect, UpstreamRequest } from '../upstream-request.ts';
import { composeMessages } from '../zai-web/compose-messages.ts';
import { writeJsonPrompt } from '../zai-web/json-prompt.ts';
import { writeToolOrder } from '../zai-web/tool-prompt.ts';
import { putBehind, toContent } from './message-content.ts';
import { needsJsonPrompt } from './request-format.ts';
import { type ApiMessage, toApiMessages } from './request-messages.ts';

/** Z.ai wants one message of the user; a prompt in a system message alone is still to be followed. */
const OPENING = 'Go on.';

/**
 * The conversation as it is sent: the client's messages, and behind them what the wire has no field
 * for. Functions that are taught as text make all of it text, calls and results included.
 */
export function buildMessages(request: UpstreamRequest, dialect: ApiDialect): ApiMessage[] {
  if (request.tools?.delivery === 'prompt') {
    return composeMessages(request).map(({ role, content }) => ({
      role,
      content: typeof content === 'string' ? toContent(content) : content,
    }));
  }
  const messages = toApiMessages(request.messages, dialect);
  return withUser(withOrders(messages, writeOrders(request, dialect)));
}

function writeOrders(request: UpstreamRequest, dialect: ApiDialect): string {
  const { tools, json, reminder } = request;
  return [
    tools !== null && dialect === 'zai' ? writeToolOrder(tools) : '',
    json !== null && needsJsonPrompt(request, dialect) ? writeJsonPrompt(json, tools !== null) : '',
    reminder ?? '',
  ]
    .filter((order) => order !== '')
    .join('\n');
}

/** In a message of the user, which the models heed most at the end of the conversation. */
function withOrders(messages: readonly ApiMessage[], orders: string): ApiMessage[] {
  if (orders === '') return [...messages];
  const content = `<instructions>\n${orders}\n</instructions>`;
  const last = messages.at(-1);
  if (last?.role !== 'user') return [...messages, { role: 'user', content }];
  return messages.with(-1, { ...last, content: putBehind(last.content ?? '', content) });
}

function withUser(messages: readonly ApiMessage[]): ApiMessage[] {
  if (messages.some(({ role }) => role === 'user')) return [...messages];
  const afterSystem = messages.findLastIndex(({ role }) => role === 'system') + 1;
  return messages.toSpliced(afterSystem, 0, { role: 'user', content: OPENING });
}
