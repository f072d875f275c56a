import { composeMessages } from '../prompt/compose-messages.ts';
import { addOrders, type Orders } from '../prompt/write-orders.ts';
import type { ApiDialect, UpstreamRequest } from '../upstream-request.ts';
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
  return withUser(addOrders(messages, ordersOf(request, dialect), putBehind));
}

/** What no field of the request says. */
function ordersOf(request: UpstreamRequest, dialect: ApiDialect): Orders {
  const { tools, json, reminder } = request;
  return {
    tools: dialect === 'zai' ? tools : null,
    json: needsJsonPrompt(request, dialect) ? json : null,
    mayCall: tools !== null,
    reminder,
  };
}

function withUser(messages: readonly ApiMessage[]): ApiMessage[] {
  if (messages.some(({ role }) => role === 'user')) return [...messages];
  const afterSystem = messages.findLastIndex(({ role }) => role === 'system') + 1;
  return messages.toSpliced(afterSystem, 0, { role: 'user', content: OPENING });
}
